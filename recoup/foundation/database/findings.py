"""What ``recoup verify`` says when a promise is broken."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken promise: which one, of which row or file, and what a person should read."""

    invariant: str
    subject: str
    sentence: str
