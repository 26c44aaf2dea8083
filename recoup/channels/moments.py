"""Times as sources write them, into UTC. A time without a zone is in the source's own zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_DATE = re.compile(r"\d{4}-?\d{2}-?\d{2}|\d{4}-?W\d{2}-?\d")
_DOTTED = re.compile(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ T](.+))?$")
_SLASHED = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T](.+))?$")


def moment(text: str, zone: ZoneInfo) -> datetime:
    """ISO 8601, '31.12.2025 14:00', or '31/12/2025' where day and month cannot be mixed up. Raises ValueError.

    A date without a time of day is its noon: midnight would be the day before in many places.
    """
    written = _iso(text.strip())
    read = datetime.fromisoformat(written)
    if _DATE.fullmatch(written):
        read = read.replace(hour=12)
    try:
        return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        raise ValueError("not a time on the calendar") from None


def day(text: str) -> date:
    """A date alone; a time of day, if there is one, is dropped. Raises ValueError."""
    return datetime.fromisoformat(_iso(text.strip())).date()


def _iso(text: str) -> str:
    if match := _DOTTED.match(text):
        return _joined(match[3], match[2], match[1], match[4])
    if match := _SLASHED.match(text):
        return _joined(match[3], *_month_and_day(int(match[1]), int(match[2])), match[4])
    return re.sub(r" (UTC|GMT|Z)$", "+00:00", text)


def _month_and_day(first: int, second: int) -> tuple[str, str]:
    if first <= 12 and second <= 12 and first != second:
        raise ValueError("day and month could be mixed up")
    month, of_month = (second, first) if first > 12 else (first, second)
    return str(month), str(of_month)


def _joined(year: str, month: str, of_month: str, rest: str | None) -> str:
    return f"{year}-{month:0>2}-{of_month:0>2}" + (f"T{rest}" if rest else "")
