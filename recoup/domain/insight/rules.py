"""Periods, shares and spreads: how a figure is computed and compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import ceil


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, both ends included, in UTC."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("A period ends after it begins.")

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time(0), tzinfo=UTC)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(0), tzinfo=UTC)

    def before(self) -> Period:
        """As many days, ending the day before this begins."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    def words(self) -> str:
        return f"{self.first.isoformat()} to {self.last.isoformat()}"


def last_days(days: int, *, today: date) -> Period:
    """The period of so many days that ends today."""
    return Period(today - timedelta(days=days - 1), today)


def quantile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least ``share`` of all values do not exceed (nearest rank); None without values."""
    if not values:
        return None
    return sorted(values)[max(ceil(share * len(values)) - 1, 0)]


def share(part: int, whole: int) -> float | None:
    """part/whole, 0 … 1; None when there is no whole."""
    return part / whole if whole else None


def percent(value: float | None) -> str:
    return "no cases" if value is None else f"{100 * value:.0f} %"


def duration(seconds: float | None) -> str:
    """In one unit: '1.4 s', '12 min', '3.5 h', '2.1 days'."""
    if seconds is None:
        return "no cases"
    for limit, unit, divisor in ((60, "s", 1), (3600, "min", 60), (86400, "h", 3600)):
        if seconds < limit:
            return f"{_short(seconds / divisor)} {unit}"
    return f"{_short(seconds / 86400)} days"


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}".removesuffix(".0")


def change(now: float | None, before: float | None) -> str:
    """How a figure moved against the period before, in words."""
    if now is None or before is None:
        return "nothing to compare with"
    if before == 0:
        return "as before" if now == 0 else "new: there was nothing before"
    moved = (now - before) / before
    if abs(moved) < 0.005:
        return "as before"
    return f"{abs(moved) * 100:.0f} % {'more' if moved > 0 else 'less'} than before"
