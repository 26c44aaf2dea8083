"""What a return is worth: never a cent lost, never a cent more than was paid."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from recoup.domain.returns.rules.amounts import Paid, share
from recoup.kit.money import Money


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def paid(
    total: int, units: int, *, tax: int = 0, refunded: tuple[int, int] = (0, 0), credited: tuple[int, int] = (0, 0)
) -> Paid:
    return Paid(units, eur(total), eur(tax), refunded[0], eur(refunded[1]), credited[0], eur(credited[1]))


def test_one_of_three() -> None:
    worth = share(paid=paid(10000, 3, tax=1597), quantity=1)
    assert worth.total == eur(3333) and worth.tax == eur(532) and worth.net == eur(2801)


def test_a_channels_earlier_refund_is_not_paid_twice() -> None:
    assert share(paid=paid(10000, 2, refunded=(1, 5000)), quantity=1).total == eur(5000)
    assert share(paid=paid(10000, 2, refunded=(0, 1000)), quantity=1).total == eur(4500)
    assert share(paid=paid(10000, 2, refunded=(2, 10000)), quantity=1).total == eur(0)
    assert share(paid=paid(10000, 2, refunded=(0, 15000)), quantity=1).total == eur(0)


def test_our_own_refund_told_back_by_the_channel_counts_once() -> None:
    assert share(paid=paid(10000, 2, credited=(1, 5000)), quantity=1).total == eur(5000)
    assert share(paid=paid(10000, 2, credited=(1, 5000), refunded=(1, 5000)), quantity=1).total == eur(5000)


def test_free_items_are_worth_nothing() -> None:
    assert share(paid=paid(0, 2), quantity=1).total == eur(0)


@given(
    total=st.integers(0, 10**9), tax=st.integers(0, 10**9), pieces=st.lists(st.integers(1, 5), min_size=1, max_size=12)
)
def test_coming_back_in_pieces_gives_back_exactly_what_was_paid(total: int, tax: int, pieces: list[int]) -> None:
    tax, units, done, money, taxes = min(tax, total), sum(pieces), 0, eur(0), eur(0)
    for piece in pieces:
        worth = share(paid=paid(total, units, tax=tax, credited=(done, money.minor)), quantity=piece)
        assert 0 <= worth.tax.minor <= worth.total.minor
        done, money, taxes = done + piece, money + worth.total, taxes + worth.tax
    assert (money, taxes) == (eur(total), eur(tax))


@given(
    total=st.integers(0, 10**6), tax=st.integers(0, 10**6), units=st.integers(1, 9), quantity=st.integers(1, 12),
    refunded=st.tuples(st.integers(0, 9), st.integers(0, 10**6)), credited=st.tuples(st.integers(0, 9), st.integers(0, 10**6)),
)  # fmt: skip
def test_never_more_than_is_left(
    total: int, tax: int, units: int, quantity: int, refunded: tuple[int, int], credited: tuple[int, int]
) -> None:
    line = paid(total, units, tax=min(tax, total), refunded=refunded, credited=credited)
    worth = share(paid=line, quantity=quantity)
    assert 0 <= worth.tax.minor <= worth.total.minor
    assert worth.total.minor <= max(total - max(refunded[1], credited[1]), 0)
