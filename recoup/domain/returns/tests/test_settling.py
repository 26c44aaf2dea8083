"""A refund is paid when a person of finance says so: with its reference, once, and never by itself."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from recoup.domain.ledger import accounts, queries
from recoup.domain.ledger.models import Entry
from recoup.domain.orders.models import OrderLine
from recoup.domain.returns import actions, invariants
from recoup.domain.returns.models import Remedy
from recoup.domain.returns.queries import case_page, on_the_way, payouts, status_page, to_pay
from recoup.domain.returns.rules.payment import days_to_choose, tidy
from recoup.domain.returns.tests import factories as make
from recoup.domain.returns.tests.test_paying import approved, post, promises_hold
from recoup.foundation.audit.models import Record
from recoup.foundation.audit.queries import trail
from recoup.foundation.facts.models import Fact
from recoup.kit.actor import SYSTEM, Actor
from recoup.kit.money import Money
from recoup.kit.moves import IllegalMove
from recoup.kit.refusal import NotAllowed, Refusal

TODAY = make.NOW.date()


def paid(remedy: Remedy, *, by: Actor | None = None, **about: Any) -> Remedy:
    how: dict[str, Any] = {"reference": "BANK-7", "paid_on": TODAY, "at": make.NOW} | about
    return actions.mark_paid(remedy=remedy, actor=by or make.agent("finance", name="Sofia"), **how)


def standing(remedy: Remedy) -> tuple[Any, ...]:
    """All that a payment changes."""
    kept = Remedy.objects.filter(pk=remedy.pk).values_list("state", "reference", "paid_on").get()
    return *kept, Entry.objects.count(), Record.objects.count(), Fact.objects.count()


@pytest.fixture
def owed(db: None) -> Iterator[Remedy]:
    """A posted refund over 49.90 EUR; after the test, every promise holds."""
    yield post(approved())
    assert promises_hold()


def test_what_was_owed_is_paid_with_reference_day_and_name(owed: Remedy) -> None:
    assert queries.balance(account=accounts.CUSTOMER_CREDIT, currency="EUR") == Money(-4990, "EUR")
    paid(owed, reference="  BANK   7 ")
    assert (owed.state, owed.reference, owed.paid_on) == ("settled", "BANK 7", TODAY)
    assert queries.balance(account=accounts.CUSTOMER_CREDIT, currency="EUR") == Money(0, "EUR")
    assert queries.balance(account=accounts.REFUNDS_PAID, currency="EUR") == Money(-4990, "EUR")
    assert Fact.objects.get(name="RemedySettled").body == {"remedy_id": str(owed.pk)}
    said = trail(owed.line.return_case)[-1].sentence
    assert said == "Sofia confirmed that 49.90 EUR was paid back on 2025-06-01, reference BANK 7."


def test_an_admin_may_confirm_it_too(owed: Remedy) -> None:
    assert paid(owed, by=make.agent("admin")).state == "settled"


def test_nobody_else_may_and_nothing_changes(owed: Remedy) -> None:
    others = [make.agent("agent", "warehouse", "quality", "buyer"), make.CUSTOMER, SYSTEM]
    before = standing(owed)
    for other in others:
        with pytest.raises(NotAllowed):
            paid(owed, by=other)
    assert standing(owed) == before


@pytest.mark.parametrize(
    ("about", "refusal"),
    [
        ({"reference": ""}, actions.ReferenceMissing),
        ({"reference": " \t\n "}, actions.ReferenceMissing),
        ({"reference": "x" * 81}, actions.ReferenceTooLong),
        ({"paid_on": TODAY + datetime.timedelta(days=2)}, actions.NotThatDay),
        ({"paid_on": datetime.date(1999, 1, 1)}, actions.NotThatDay),
    ],
)
def test_what_says_too_little_is_refused_and_nothing_changes(
    owed: Remedy, about: dict[str, Any], refusal: type[Refusal]
) -> None:
    finance, before = make.agent("finance"), standing(owed)
    with pytest.raises(refusal):
        paid(owed, by=finance, **about)
    assert standing(owed) == before
    assert paid(owed, by=finance).state == "settled"


def test_a_second_payment_is_told_what_the_first_was_and_changes_nothing(owed: Remedy) -> None:
    finance, seen_before = make.agent("finance"), Remedy.objects.get(pk=owed.pk)
    paid(owed, by=finance)
    after = standing(owed)
    for copy in (owed, seen_before):
        with pytest.raises(actions.PaidAlready) as no:
            paid(copy, by=finance, reference="BANK-8")
        assert "on 2025-06-01 with the reference BANK-7" in no.value.say()
    assert standing(owed) == after


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["store_credit", "replacement"])
def test_only_refunds_are_paid(kind: str) -> None:
    remedy, finance = post(approved(kind)), make.agent("finance")
    before = standing(remedy)
    with pytest.raises(actions.NotARefund):
        paid(remedy, by=finance)
    assert standing(remedy) == before


@pytest.mark.django_db
def test_what_is_not_posted_cannot_have_been_paid() -> None:
    remedy, finance = approved(), make.agent("finance")
    before = standing(remedy)
    with pytest.raises(IllegalMove):
        paid(remedy, by=finance)
    assert standing(remedy) == before


def test_a_posted_refund_cannot_fail_and_be_posted_a_second_time(owed: Remedy) -> None:
    with pytest.raises(IllegalMove):
        actions.fail_remedy(remedy=owed, why="no", at=make.NOW, actor=SYSTEM)
    assert Remedy.objects.get(pk=owed.pk).state == "posted"


def test_the_database_settles_no_refund_without_its_payment(owed: Remedy) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Remedy.objects.filter(pk=owed.pk).update(state="settled")


@pytest.mark.django_db
def test_what_the_shop_says_afterwards_is_shown_beside_what_was_given() -> None:
    finance = make.agent("finance", name="Sofia")
    remedy = post(approved())
    line = remedy.line
    assert line.order_line
    OrderLine.objects.filter(pk=line.order_line.pk).update(refunded_minor=9980, refunded_quantity=2)
    (row,) = to_pay(actor=finance).rows
    assert str(row.shop_gave_back) == "99.80 EUR"
    box = case_page(finance, line.return_case.number, now=make.NOW).lines[0].money
    assert box and [str(each) for each in (box.worth, box.credited_by_us, box.left_after)] == [
        "49.90 EUR", "0.00 EUR", "0.00 EUR",
    ]  # fmt: skip
    OrderLine.objects.filter(pk=line.order_line.pk).update(paid_minor=1000, tax_minor=0, refunded_minor=0)
    assert [each.sentence for each in invariants.credits_fit_their_orders()] == [
        "49.90 EUR was credited, and the shop now says that 10.00 EUR was paid."
    ]


@pytest.mark.django_db
def test_a_payment_that_nobody_confirmed_is_named() -> None:
    remedy = post(approved())
    Remedy.objects.filter(pk=remedy.pk).update(state="settled", reference="X", paid_on=TODAY)
    found = [finding.sentence for _, check in invariants.PROMISES for finding in check()]
    assert found == [
        "A refund is settled with the reference “X”, and nobody confirmed that payment.",
        "A refund over 49.90 EUR is settled, and 49.90 EUR is booked as owed.",
    ]


def test_the_list_to_pay_empties_into_what_was_paid(owed: Remedy) -> None:
    finance = make.agent("finance")
    waiting = to_pay(actor=finance)
    assert (waiting.count, waiting.totals, payouts(actor=finance)) == (1, [Money(4990, "EUR")], [])
    assert on_the_way(actor=finance) == []
    row = waiting.rows[0]
    assert (row.word, row.channel, row.memo) == ("to be paid", "The shop", owed.memo and owed.memo.full_number)
    paid(owed, by=finance)
    assert (to_pay(actor=finance).count, to_pay(actor=finance).rows) == (0, [])
    row = payouts(actor=finance)[0]
    assert (row.word, row.reference, row.paid_on) == ("paid", "BANK-7", TODAY)
    for reading in (to_pay, payouts, on_the_way):
        with pytest.raises(NotAllowed):
            reading(actor=make.CUSTOMER)


def test_the_customer_reads_that_money_was_sent_only_when_it_was(owed: Remedy) -> None:
    link = owed.line.return_case.links.select_related("session").get()
    page = status_page(link)
    assert page.word == "send_back" and page.lines[0].paid_on is None
    assert [(step.words, step.done) for step in page.steps if step.code == "money"] == [("Money sent", False)]
    paid(owed)
    page = status_page(link)
    assert (page.lines[0].paid_on, page.lines[0].reference) == (TODAY, "BANK-7")
    assert [(step.words, step.done) for step in page.steps if step.code == "money"] == [
        ("Money sent, reference BANK-7", True)
    ]


@pytest.mark.parametrize(("typed", "kept"), [("", ""), (" a \n b ", "a b"), ("x" * 200, "x" * 200)])
def test_a_reference_is_one_line(typed: str, kept: str) -> None:
    assert tidy(typed) == kept


def test_a_payment_lies_between_order_and_today_in_every_zone() -> None:
    noon = datetime.datetime(2025, 6, 1, 12, tzinfo=datetime.UTC)
    assert days_to_choose(ordered=noon, now=noon) == (datetime.date(2025, 6, 1), datetime.date(2025, 6, 2))
