"""Without a mail server, letters are shown where the logs are: standard output is for what a command answers."""

from __future__ import annotations

import sys
from typing import Any

from django.core.mail.backends import console


class EmailBackend(console.EmailBackend):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, stream=options.pop("stream", None) or sys.stderr, **options)
