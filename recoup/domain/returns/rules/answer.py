"""What every check gives: a result, the facts it used, and one sentence a person can act on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Result = Literal["pass", "fail", "unsure", "not_applicable"]
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Answer:
    """One check's answer. ``facts`` hold JSON values only, with their sources and ISO dates."""

    code: str
    result: Result
    sentence: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.sentence) > LONGEST:
            raise ValueError(f"A check's sentence has at most {LONGEST} characters; this one has {len(self.sentence)}.")


def day(when: date) -> str:
    """A date for a sentence: '12 Mar 2024'."""
    return f"{when.day} {when:%b %Y}"


def iso(when: date | None) -> str | None:
    return when.isoformat() if when else None


def units(count: int) -> str:
    return "1 unit" if count == 1 else f"{count} units"


def are(count: int) -> str:
    return "is" if count == 1 else "are"


def listed(words: list[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def cut(text: str, at: int) -> str:
    return text if len(text) <= at else text[: at - 1].rstrip() + "…"
