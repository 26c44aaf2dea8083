"""When a customer who left something unfinished is reminded, and when they are left in peace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from recoup.domain.returns import deadlines

MOST = 2
#: The hours of the shop's day in which a letter that nobody waits for may leave: from, until.
AWAKE = (9, 20)


def reminder_due(*, since: datetime, until: datetime, reminded: Sequence[datetime], now: datetime) -> int:
    """Which reminder is due now: 1 or 2; 0 for none.

    ``since``: the customer's last sign of life, or our question; ``until``: when it cannot be done any more;
    ``reminded``: when they were reminded before.
    """
    left = until - now
    if len(reminded) >= MOST or now - since < deadlines.REMIND_AFTER or left < deadlines.REMIND_WITH_LEFT:
        return 0
    if not reminded:
        return 1
    near = left <= deadlines.REMIND_BEFORE_END
    return 2 if near and now - max(reminded) >= deadlines.REMIND_APART else 0


def awake(zone: str, *, now: datetime) -> bool:
    """Whether it is day where the shop is."""
    return AWAKE[0] <= now.astimezone(ZoneInfo(zone)).hour < AWAKE[1]
