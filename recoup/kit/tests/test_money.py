from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.kit.money import Money

amounts = st.integers(-(10**12), 10**12)


@given(minor=amounts, weights=st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any))
def test_a_split_loses_no_cent_and_is_fair_to_one(minor: int, weights: list[int]) -> None:
    parts = Money(minor, "EUR").split(weights)
    assert sum(part.minor for part in parts) == minor
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.minor * sum(weights) - minor * weight) < sum(weights)


@given(minor=amounts, currency=st.sampled_from(["EUR", "JPY", "KWD"]))
def test_a_decimal_reads_back_as_the_same_amount(minor: int, currency: str) -> None:
    assert Money.parse(Money(minor, currency).decimal(), currency) == Money(minor, currency)


@pytest.mark.parametrize("text", ["", "1,50", "1e3", "NaN", "1.999", "0x1", "١", "--1", "1 000"])
def test_what_is_not_exact_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Money.parse(text, "EUR")


def test_how_it_reads_on_a_screen() -> None:
    assert str(Money(124990, "EUR")) == "1,249.90 EUR"
    assert str(Money(-5, "EUR")) == "-0.05 EUR"
    assert str(Money(1500, "JPY")) == "1,500 JPY"
    assert str(Money(-123456, "KWD")) == "-123.456 KWD"


def test_how_it_reads_in_another_language() -> None:
    assert Money(124990, "EUR").written("de") == "1.249,90\N{NO-BREAK SPACE}€"
    assert Money(-123456, "USD").written("de-at") == "-1.234,56\N{NO-BREAK SPACE}USD"
    assert Money(1500, "JPY").written("de") == "1.500\N{NO-BREAK SPACE}JPY"
    assert Money(124990, "EUR").written("en") == Money(124990, "EUR").written("ar") == "1,249.90 EUR"


def test_two_currencies_are_never_added() -> None:
    with pytest.raises(ValueError, match="two currencies"):
        Money(1, "EUR") + Money(1, "USD")
    with pytest.raises(TypeError):
        Money(1.5, "EUR")  # type: ignore[arg-type]
