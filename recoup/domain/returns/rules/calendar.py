"""Counting months as the law does: to the same day of a later month, or to its last day."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def after_months(start: date, months: int) -> date:
    """The last day of a period of ``months`` that began with the event on ``start``.

    31 January and one month is 28 (or 29) February: Regulation (EEC, Euratom) 1182/71, article 3.
    """
    count = start.year * 12 + start.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def whole_months(start: date, end: date) -> int:
    """How many whole months lie between; 0 when ``end`` is before ``start``."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and after_months(start, months) > end:
        months -= 1
    return max(months, 0)
