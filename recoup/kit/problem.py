"""A problem: what is wrong with something that came in, exactly where, how bad, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Literal

#: block: it cannot become what it should be; hold: taken in, and a person should look; warn: taken in, said once.
Severity = Literal["block", "hold", "warn"]


@dataclass(frozen=True, slots=True)
class Problem:
    """``code`` is dotted, its first word the gate that found it; ``pointer`` is a JSON pointer (RFC 6901)."""

    code: str
    pointer: str
    severity: Severity
    sentence: str
    remedy: str

    @property
    def gate(self) -> str:
        return self.code.partition(".")[0]

    def under(self, prefix: str) -> Problem:
        """The same problem, seen from the document that holds this one at ``prefix``."""
        return replace(self, pointer=prefix + self.pointer) if prefix else self

    def place(self) -> str:
        """The pointer with every index as '*', so that the same fault in another row is the same place."""
        return re.sub(r"/\d+(?=/|$)", "/*", self.pointer)

    def as_json(self) -> dict[str, str]:
        return asdict(self)


class Blocked(Exception):
    """Reading cannot go on; carries the one problem that says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.sentence)


def blocking(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.severity == "block"]


def step(name: object) -> str:
    """One step of a JSON pointer, escaped."""
    return "/" + str(name).replace("~", "~0").replace("/", "~1")
