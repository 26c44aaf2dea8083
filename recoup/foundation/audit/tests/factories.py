"""Subjects, actors and verbs for the audit's own tests."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from recoup.foundation.accounts.models import Staff
from recoup.foundation.audit import sentences
from recoup.kit.actor import Actor

ADA = Actor(kind="staff", id="ada", name="Ada", roles=frozenset({"agent"}))
_number = itertools.count(1)


def somebody() -> Staff:
    """A row with a uuid, to have something to record about."""
    number = next(_number)
    return Staff.objects.create(email=f"person{number}@example.com", name=f"Person {number}")


@contextmanager
def known_verbs() -> Iterator[None]:
    with patch.dict(sentences.SENTENCES):
        sentences.register(
            {"test.opened": "{actor} opened it.", "test.paid": "{actor} paid {amount} while it was {was}."}
        )
        yield
