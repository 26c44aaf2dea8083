"""Periods, spreads and comparisons."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from recoup.domain.insight.rules import Period, change, duration, last_days, percent, quantile, share


def test_a_period_has_whole_days_and_one_before_it_of_the_same_length() -> None:
    period = last_days(30, today=date(2025, 6, 30))
    assert (period.first, period.days) == (date(2025, 6, 1), 30)
    assert (period.start, period.end) == (datetime(2025, 6, 1, tzinfo=UTC), datetime(2025, 7, 1, tzinfo=UTC))
    assert period.before() == Period(date(2025, 5, 2), date(2025, 5, 31)) and period.before().days == 30
    assert period.words() == "2025-06-01 to 2025-06-30"
    with pytest.raises(ValueError):
        Period(date(2025, 6, 2), date(2025, 6, 1))


@pytest.mark.parametrize(
    ("values", "part", "found"),
    [([], 0.5, None), ([4.0], 0.95, 4.0), ([3, 1, 2], 0.5, 2), ([1, 2, 3, 4], 0.5, 2), (list(range(1, 101)), 0.95, 95)],
)
def test_quantiles_are_values_that_occurred(values: list[float], part: float, found: float | None) -> None:
    assert quantile(values, part) == found


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (10, 8, "25 % more than before"),
        (6, 8, "25 % less than before"),
        (8, 8, "as before"),
        (0, 0, "as before"),
        (3, 0, "new: there was nothing before"),
        (None, 3, "nothing to compare with"),
        (3, None, "nothing to compare with"),
    ],
)
def test_changes_are_said_in_words(now: float | None, before: float | None, said: str) -> None:
    assert change(now, before) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "no cases"),
        (1.42, "1.4 s"),
        (59, "59 s"),
        (90, "1.5 min"),
        (720, "12 min"),
        (3 * 3600, "3 h"),
        (36 * 3600, "1.5 days"),
    ],
)
def test_durations_have_one_unit(seconds: float | None, said: str) -> None:
    assert duration(seconds) == said


def test_shares_of_nothing_are_no_number() -> None:
    assert share(1, 0) is None and percent(share(1, 0)) == "no cases"
    assert percent(share(1, 3)) == "33 %"
