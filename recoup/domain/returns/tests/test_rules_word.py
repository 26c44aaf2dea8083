"""The customer's one word, from every combination of axes."""

from __future__ import annotations

from itertools import product

import pytest

from recoup.domain.returns.rules.word import WORDS, Standing, proposed, remedy_word, word
from recoup.domain.returns.states import DECISION, GOODS, REMEDIES, REMEDY, WAITING_FOR

PAID = [("refund", "settled")]


@pytest.mark.parametrize(
    ("line", "waiting_for", "expected"),
    [
        (Standing("open", "not_expected", []), "nobody", "looking"),
        (Standing("open", "not_expected", []), "agent", "looking"),
        (Standing("open", "not_expected", []), "customer", "need_more"),
        (Standing("open", "not_expected", []), "order", "order_wanted"),
        (Standing("approved", "awaiting", []), "goods", "send_back"),
        (Standing("approved", "awaiting", PAID), "goods", "send_back"),
        (Standing("approved", "quarantined", []), "nobody", "received"),
        (Standing("approved", "quarantined", PAID), "nobody", "money_sent"),
        (Standing("approved", "not_expected", [("refund", "posted")]), "nobody", "approved"),
        (Standing("approved", "quarantined", [("refund", "posted")]), "nobody", "received"),
        (Standing("approved", "not_expected", [("refund", "errored")]), "agent", "approved"),
        (Standing("approved", "not_expected", [("store_credit", "settled")]), "nobody", "credit_given"),
        (Standing("approved", "not_expected", [("replacement", "settled")]), "nobody", "replaced"),
        (Standing("refused", "not_expected", []), "nobody", "refused"),
        (Standing("cancelled", "not_expected", []), "nobody", "cancelled"),
    ],
)
def test_the_word(line: Standing, waiting_for: str, expected: str) -> None:
    assert word(lines=[line], waiting_for=waiting_for) == expected


def test_every_combination_has_a_word_and_promises_no_money_that_was_not_sent() -> None:
    kinds = product(REMEDIES, REMEDY.states)
    for remedy, axes in product(kinds, product(DECISION.states, GOODS.states, WAITING_FOR)):
        decision, goods, waiting_for = axes
        said = word(lines=[Standing(decision, goods, [remedy])], waiting_for=waiting_for)
        assert said in WORDS
        if said in ("money_sent", "credit_given", "replaced"):
            assert decision == "approved" and remedy[1] == "settled"
        if said in ("refused", "cancelled"):
            assert decision == said


def test_of_two_lines_the_one_that_needs_the_customer_speaks() -> None:
    wanting, paid = (
        Standing("open", "not_expected", []),
        Standing("approved", "quarantined", PAID),
    )
    assert word(lines=[paid, wanting], waiting_for="customer") == "need_more"
    assert word(lines=[], waiting_for="nobody") == "looking"


def test_a_proposal_in_words() -> None:
    assert (
        proposed(proposal="approve", remedy="store_credit", amount="49.90 EUR") == "Approve store credit of 49.90 EUR"
    )
    assert proposed(proposal="approve", remedy="replacement", amount="") == "Approve replacement"
    assert proposed(proposal="ask", remedy="refund", amount="1") == "Ask for photos"
    assert proposed(proposal="agent", remedy="refund", amount="1") == "Needs a person"


def test_staff_read_where_a_remedy_stands() -> None:
    said = {(kind, state): remedy_word(kind=kind, state=state) for kind, state in product(REMEDIES, REMEDY.states)}
    assert [said["refund", state] for state in ("approved", "posted", "settled")] == ["approved", "to be paid", "paid"]
    assert (said["store_credit", "settled"], said["replacement", "settled"]) == ("given", "sent")
    assert [pair for pair, words in said.items() if words == "paid"] == [("refund", "settled")]
