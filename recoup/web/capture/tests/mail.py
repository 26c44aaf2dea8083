"""What a customer reads in their mail."""

from __future__ import annotations

import re
from typing import Any

from recoup.foundation.jobs.worker import drain


def mailed(mailoutbox: list[Any]) -> str:
    """The one-time code in the letter that was sent last."""
    drain()
    found = re.search(r"^\d{6}$", mailoutbox[-1].body, re.MULTILINE)
    assert found
    return found[0]
