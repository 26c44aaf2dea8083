"""Reading one object (a JSON object, a row) with forgiveness: what is odd becomes a problem with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from recoup.channels import amounts, moments
from recoup.domain.orders.canonical import LARGEST_QUANTITY
from recoup.kit.problem import Problem, Severity, step

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """What a translator may know of its channel: the zone for times without one, and nothing of the database."""

    code: str = ""
    time_zone: str = "UTC"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True)
class Part:
    """One order's bytes within a file, and the JSON pointer it has there ('' for the file itself)."""

    prefix: str
    body: bytes


@dataclass
class Source:
    """``at`` is this object's own pointer. Problems of all parts gather in one list."""

    data: Mapping[str, Any]
    at: str
    zone: ZoneInfo
    problems: list[Problem] = field(default_factory=list)
    written_by_people: bool = False

    def place(self, name: str) -> str:
        return self.at + step(name)

    def has(self, name: str) -> bool:
        return self.data.get(name) not in (None, "", [], {})

    def say(self, name: str, code: str, severity: Severity, sentence: str, remedy: str) -> None:
        self.problems.append(Problem(code, self.place(name) if name else self.at, severity, sentence, remedy))

    def text(self, name: str, *, limit: int = 200) -> str:
        """The text without what no database stores; cut at ``limit`` characters, with a warning."""
        value = self.data.get(name)
        if value is None:
            return ""
        if isinstance(value, (Mapping, list)):
            self._odd(name, "a text")
            return ""
        text = _UNSTORABLE.sub("", str(value)).strip()
        if len(text) > limit:
            said = f"Only the first {limit} characters were kept."
            self.say(name, "structure.too_long", "warn", said, "Nothing to do.")
        return text[:limit].strip()

    def key(self, name: str, *, limit: int) -> str:
        """A text that identifies something: never cut, because two cut ones could be the same. '' when absent."""
        text = self.text(name, limit=10_000)
        if len(text) <= limit:
            return text
        self.say(
            name, "structure.too_long", "block", f"“{name}” has {len(text)} characters; at most {limit} are possible.",
            "Shorten it in the source.",
        )  # fmt: skip
        return ""

    def needed(self, name: str, *, limit: int, what: str) -> str:
        """A key that must be there; a blocking problem when it is not."""
        before = len(self.problems)
        text = self.key(name, limit=limit)
        if not text and len(self.problems) == before:
            self.lacks(name, what)
        return text

    def lacks(self, name: str, what: str) -> None:
        remedy = f"Deliver it again with “{name}” filled in."
        self.say(name, f"completeness.{name}", "block", f"There is no {what}.", remedy)

    def whole(self, name: str) -> int | None:
        """A whole number that is not negative; None when absent or odd (then a blocking problem says so)."""
        text = self.text(name)
        if not text:
            return None
        match = re.fullmatch(r"\+?(\d{1,10})(?:[.,]0*)?", text)
        if match and int(match[1]) <= LARGEST_QUANTITY:
            return int(match[1])
        self.say(
            name, "structure.not_a_number", "block", f"“{text[:40]}” is not a whole number.",
            "Write it with digits only, such as 2.",
        )  # fmt: skip
        return None

    def amount(self, name: str, currency: str) -> int | None:
        """Minor units; None when absent or odd (then a blocking problem says so)."""
        text = self.text(name)
        if not text:
            return None
        try:
            read = (amounts.person if self.written_by_people else amounts.machine)(text, currency)
        except ValueError as error:
            self.say(
                name, "structure.not_an_amount", "block", f"“{text[:40]}” is not read as an amount: {error}.",
                "Write it with a point and without thousands marks, such as 1249.90.",
            )  # fmt: skip
            return None
        if read.rounded:
            self.say(
                name, "arithmetic.rounded", "warn", f"{text[:40]} has more decimals than {currency} knows.",
                "It was rounded to the nearest; compare the sums.",
            )  # fmt: skip
        return read.minor

    def moment(self, name: str) -> datetime | None:
        """The time in UTC; None when absent or odd (then a held problem says so)."""
        text = self.text(name)
        try:
            return moments.moment(text, self.zone) if text else None
        except ValueError as error:
            self._undated(name, text, str(error))
            return None

    def day(self, name: str) -> date | None:
        text = self.text(name)
        try:
            return moments.day(text) if text else None
        except ValueError as error:
            self._undated(name, text, str(error))
            return None

    def _undated(self, name: str, text: str, why: str) -> None:
        said = f": {why}" if "mixed up" in why else ""
        severity: Severity = "block" if self.written_by_people else "hold"
        self.say(
            name, "structure.not_a_date", severity, f"“{text[:40]}” is not read as a date{said}.",
            "Write it as 2025-12-31, or with a time and zone as 2025-12-31T14:00:00+01:00.",
        )  # fmt: skip

    def flag(self, name: str) -> bool:
        return str(self.data.get(name)).strip().lower() in ("true", "1", "yes", "y")

    def part(self, name: str) -> Source:
        """The object of that name; an empty one when it is absent or odd."""
        value = self.data.get(name)
        if value is not None and not isinstance(value, Mapping):
            self._odd(name, "an object")
        data = value if isinstance(value, Mapping) else {}
        return Source(data, self.place(name), self.zone, self.problems, self.written_by_people)

    def parts(self, name: str) -> list[Source]:
        """The objects in the list of that name; what is odd among them is skipped with a problem."""
        value = self.data.get(name)
        if value is not None and not isinstance(value, list):
            self._odd(name, "a list")
        found = []
        for number, item in enumerate(value if isinstance(value, list) else []):
            if isinstance(item, Mapping):
                at = f"{self.place(name)}/{number}"
                found.append(Source(item, at, self.zone, self.problems, self.written_by_people))
            else:
                self._odd(f"{name}/{number}", "an object")
        return found

    def _odd(self, name: str, wanted: str) -> None:
        self.problems.append(
            Problem(
                "structure.odd_value", self.at + "/" + name, "hold", f"“{name}” is not {wanted}, so it was left out.",
                "Look at it in the source; deliver it again when it is right.",
            )
        )  # fmt: skip
