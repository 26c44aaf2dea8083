"""Identity and quantity: who it belongs to, and how many can come back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.domain.returns.rules.identity import check_identity
from recoup.domain.returns.rules.quantity import Purchase, check_quantity
from recoup.kit.money import Money

TWO = Purchase(bought=2, paid=Money(9980, "EUR"))
counts = st.integers(0, 12)


@pytest.mark.parametrize(("how", "result"), [("link", "pass"), ("agent", "pass"), ("number", "unsure"), ("", "unsure")])
def test_identity(how: str, result: str) -> None:
    assert check_identity(how=how).result == result


@pytest.mark.parametrize(
    ("claimed", "purchase", "result", "said"),
    [
        (1, TWO, "pass", "1 unit is claimed; 2 units of 2 can come back."),
        (2, TWO, "pass", "2 units are claimed; 2 units of 2 can come back."),
        (3, TWO, "fail", "3 units are claimed, but only 2 can be left (2 bought)."),
        (2, replace(TWO, in_returns=1), "fail", "only 1 can be left (2 bought, 1 in other returns)"),
        (2, replace(TWO, refunded=1), "fail", "only 1 can be left (2 bought, 1 refunded by the shop)"),
        (1, replace(TWO, refunded=1), "pass", "1 unit of 2 can come back"),
        # The channel's refund may be the very one we made: not a no, but a person looks.
        (1, replace(TWO, refunded=1, in_returns=1, credited=1), "unsure", "may be the same, or not"),
        (2, replace(TWO, refunded=1, in_returns=1, credited=1), "fail", "only 1 can be left"),
        (1, replace(TWO, cancelled_on=date(2024, 5, 3)), "fail", "cancelled on 3 May 2024"),
        (1, replace(TWO, payment="voided"), "fail", "voided"),
        (1, replace(TWO, payment="refunded"), "fail", "already refunded"),
        (1, replace(TWO, payment="unpaid"), "unsure", "not paid yet"),
        (1, replace(TWO, payment="partly_refunded"), "pass", "can come back"),
        (1, replace(TWO, paid=Money(0, "EUR")), "unsure", "Nothing was paid"),
        (1, replace(TWO, holds=("The order says 10.00 EUR.",)), "unsure", "is open: The order says 10.00 EUR."),
        (1, None, "unsure", "once the order is known"),
    ],
)
def test_quantity(claimed: int, purchase: Purchase | None, result: str, said: str) -> None:
    answer = check_quantity(claimed=claimed, purchase=purchase)
    assert (answer.result, said in answer.sentence) == (result, True), answer.sentence


def test_what_it_used_is_kept() -> None:
    facts = check_quantity(claimed=1, purchase=replace(TWO, refunded=1, cancelled_on=date(2024, 5, 3))).facts
    assert facts["left_surely"] == 1 and facts["cancelled_on"] == "2024-05-03" and facts["currency"] == "EUR"


@given(bought=st.integers(1, 9), refunded=counts, others=counts, credited=counts, claimed=st.integers(1, 12))
def test_never_passes_more_than_was_bought(
    bought: int, refunded: int, others: int, credited: int, claimed: int
) -> None:
    purchase = Purchase(bought, Money(100, "EUR"), refunded=refunded, in_returns=others, credited=min(credited, others))
    answer = check_quantity(claimed=claimed, purchase=purchase)
    if answer.result == "pass":
        assert claimed + refunded + others <= bought
    if answer.result == "fail":
        assert claimed > bought - refunded - others
    assert purchase.surely_left <= purchase.most_left <= bought


def test_every_way_of_paying_has_an_answer() -> None:
    payments = ["paid", "partly_paid", "unpaid", "refunded", "partly_refunded", "voided"]
    for payment, claimed, credited in product(payments, (1, 2, 3), (0, 1)):
        answer = check_quantity(
            claimed=claimed, purchase=replace(TWO, payment=payment, in_returns=credited, credited=credited)
        )
        assert answer.result in ("pass", "fail", "unsure") and answer.sentence.endswith((".", ")."))
