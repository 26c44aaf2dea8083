"""When a customer is reminded: after a day of silence, once more before the end, by day, and never a third time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.domain.returns.rules.reminding import awake, reminder_due

BEGAN = datetime(2025, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "ends", "reminded", "due"),
    [
        (0.9, 14, [], 0),
        (1, 14, [], 1),
        (5, 14, [], 1),
        (5, 14, [1], 0),
        (10.9, 14, [1], 0),
        (11, 14, [1], 2),
        (11, 14, [9.5], 0),
        (11.5, 14, [9.5], 2),
        (12, 14, [1, 11], 0),
        (13, 14, [1], 2),
        (13.1, 14, [1], 0),
        (13.1, 14, [], 0),
        (1, 2, [], 1),
        (1, 1.9, [], 0),
    ],
)
def test_after_a_day_of_silence_and_again_when_the_end_is_near(
    day: float, ends: float, reminded: list[float], due: int
) -> None:
    times = [BEGAN + each * DAY for each in reminded]
    assert reminder_due(since=BEGAN, until=BEGAN + ends * DAY, reminded=times, now=BEGAN + day * DAY) == due


@given(
    life=st.integers(0, 40 * 24),
    looks=st.lists(st.integers(0, 60 * 24), max_size=80).map(sorted),
    signs=st.lists(st.integers(0, 60 * 24), max_size=5),
)
def test_however_often_somebody_looks_nobody_is_pestered(life: int, looks: list[int], signs: list[int]) -> None:
    """Whenever the job runs and whatever the customer does between: two at most, two days apart, each in time."""
    until = BEGAN + timedelta(hours=life)
    told: list[datetime] = []
    for hour in looks:
        now = BEGAN + timedelta(hours=hour)
        since = max([BEGAN, *(BEGAN + timedelta(hours=sign) for sign in signs if sign <= hour)])
        if number := reminder_due(since=since, until=until, reminded=told, now=now):
            told.append(now)
            assert number == len(told)
            assert now - since >= DAY
            assert until - now >= DAY
    assert len(told) <= 2
    assert len(told) < 2 or told[1] - told[0] >= 2 * DAY


@pytest.mark.parametrize(
    ("zone", "hour", "day"),
    [
        ("UTC", 8, False),
        ("UTC", 9, True),
        ("UTC", 19, True),
        ("UTC", 20, False),
        ("Europe/Berlin", 7, True),
        ("Europe/Berlin", 18, False),
        ("America/New_York", 12, False),
    ],
)
def test_the_night_is_the_shops_own(zone: str, hour: int, day: bool) -> None:
    assert awake(zone, now=BEGAN.replace(hour=hour)) is day
