"""What may be said of a payment: its reference, and the days on which it can have been made."""

from __future__ import annotations

from datetime import date, datetime, timedelta

LONGEST = 80  # letters of a payment's reference
_EAST, _WEST = timedelta(hours=14), timedelta(hours=-12)  # the earliest and the latest zone, as seen from UTC


def tidy(reference: str) -> str:
    """As one line without blanks around it."""
    return " ".join(reference.split())


def days_to_choose(*, ordered: datetime, now: datetime) -> tuple[date, date]:
    """The first and the last day on which a refund can have been paid, in whatever zone it was paid: from order to now."""
    return (ordered + _WEST).date(), (now + _EAST).date()
