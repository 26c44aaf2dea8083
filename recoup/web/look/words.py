"""Money, times and states as a person reads them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_UNITS = [(timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute")]
YOUNG = timedelta(days=7)


def ago(at: datetime, *, now: datetime) -> str:
    """'12 minutes ago' while young (a week), then the day with its zone: '3 Mar 2026, 14:05 UTC'."""
    age = now - at
    if abs(age) >= YOUNG:
        return exact(at)
    size = abs(age)
    for unit, name in _UNITS:
        if size >= unit:
            count = size // unit
            text = f"{count} {name}{'' if count == 1 else 's'}"
            return f"{text} ago" if age > timedelta() else f"in {text}"
    return "just now" if age >= timedelta() else "in a moment"


def exact(at: datetime, zone: ZoneInfo | None = None) -> str:
    """'3 Mar 2026, 14:05 UTC'."""
    local = at.astimezone(zone or ZoneInfo("UTC"))
    return f"{local.day} {local:%b %Y, %H:%M %Z}"


def lasting(span: timedelta) -> str:
    """One unit: '850 ms', '4.2 s', '12 min', '3.5 h', '6 days'."""
    seconds = span.total_seconds()
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    if seconds < 3600:
        return f"{seconds / 60:.0f} min"
    if seconds < 48 * 3600:
        return f"{seconds / 3600:.1f} h"
    return f"{seconds / 86400:.0f} days"


def plain(word: str) -> str:
    """A state's word for a screen: 'needs_more' → 'needs more'."""
    return word.replace("_", " ")
