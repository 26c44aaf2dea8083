from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.foundation.accounts.rules import (
    CODE_TRIES,
    Limit,
    adds_roles,
    code_stands,
    in_words,
    place_of,
    raises_limit,
    six_digits,
    wait_for_code,
)
from recoup.kit.money import Money

NOW = datetime.datetime(2025, 6, 1, 12, tzinfo=datetime.UTC)
SECOND = datetime.timedelta(seconds=1)

FIFTY = Money(5000, "EUR")


@pytest.mark.parametrize(
    ("before", "after", "more"),
    [([], [], False), (["agent"], [], False), (["agent"], ["agent"], False), (["agent"], ["buyer"], True)],
)
def test_adds_roles(before: list[str], after: list[str], more: bool) -> None:
    assert adds_roles(before, after) is more


@pytest.mark.parametrize(
    ("before", "after", "more"),
    [
        (None, FIFTY, False),
        (None, None, False),
        (FIFTY, FIFTY, False),
        (FIFTY, Money(4999, "EUR"), False),
        (FIFTY, Money(5001, "EUR"), True),
        (FIFTY, Money(1, "JPY"), True),
        (FIFTY, None, True),
    ],
)
def test_raises_limit(before: Money | None, after: Money | None, more: bool) -> None:
    assert raises_limit(before, after) is more


@pytest.mark.parametrize(
    ("about", "stands"),
    [
        ({}, "live"),
        ({"tries": CODE_TRIES - 1}, "live"),
        ({"tries": CODE_TRIES}, "spent"),
        ({"expires_at": NOW + SECOND}, "live"),
        ({"expires_at": NOW}, "expired"),
        ({"expires_at": NOW, "tries": CODE_TRIES}, "spent"),
        ({"replaced_at": NOW, "tries": CODE_TRIES}, "replaced"),
        ({"used_at": NOW, "expires_at": NOW}, "used"),
    ],
)
def test_where_a_code_stands(about: dict[str, object], stands: str) -> None:
    fresh = {"used_at": None, "replaced_at": None, "tries": 0, "expires_at": NOW + 600 * SECOND, "now": NOW}
    assert code_stands(**(fresh | about)) == stands  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("123456", "123456"), (" 123 456 ", "123456"), ("123-456\n", "123456"), ("000000", "000000"),
        ("١٢٣٤٥٦", "123456"), ("１２３４５６", "123456"),
        ("", ""), ("12345", ""), ("1234567", ""), ("12345a", ""), ("²²²²²²", ""), ("#123456", ""),
    ],
)  # fmt: skip
def test_six_digits_however_they_are_typed(typed: str, digits: str) -> None:
    assert six_digits(typed) == digits


@given(st.text(max_size=12))
def test_what_is_no_code_is_nothing(typed: str) -> None:
    digits = six_digits(typed)
    assert digits == "" or (len(digits) == 6 and digits.isascii() and digits.isdigit())


@pytest.mark.parametrize(
    ("client", "place"),
    [
        ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("", ""), ("a socket", "a socket"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
    ],
)  # fmt: skip
def test_one_line_on_the_net_is_one_place(client: str, place: str) -> None:
    assert place_of(client) == place


LIMIT = Limit(3, 60 * SECOND)
AGES = st.lists(st.integers(0, 200), max_size=12)


@given(AGES)
def test_after_the_wait_and_not_a_moment_before_one_more_is_within_the_limit(ages: list[int]) -> None:
    times = [NOW - age * SECOND for age in ages]
    wait = wait_for_code(times, limit=LIMIT, now=NOW)
    assert datetime.timedelta(0) <= wait <= LIMIT.within
    assert not wait_for_code(times, limit=LIMIT, now=NOW + wait)
    assert not wait or wait_for_code(times, limit=LIMIT, now=NOW + wait - SECOND / 2)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 minute"),
        (60, "1 minute"),
        (61, "2 minutes"),
        (5400, "90 minutes"),
        (5401, "2 hours"),
        (86400, "24 hours"),
    ],
)
def test_a_wait_is_said_in_one_unit_and_never_too_short(seconds: int, words: str) -> None:
    assert in_words(seconds * SECOND) == words


@given(AGES)
def test_whoever_keeps_to_it_never_asks_too_often(ages: list[int]) -> None:
    asked: list[datetime.datetime] = []
    for age in sorted(ages, reverse=True):
        at = NOW - age * SECOND
        if not wait_for_code(asked, limit=LIMIT, now=at):
            asked.append(at)
    for at in asked:
        assert len([other for other in asked if at - LIMIT.within < other <= at]) <= LIMIT.most
