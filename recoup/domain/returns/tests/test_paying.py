"""Money follows the decision, once and to the cent."""

from __future__ import annotations

import pytest

from recoup.domain.ledger import accounts
from recoup.domain.ledger import invariants as ledger
from recoup.domain.ledger.actions import OverCredit
from recoup.domain.ledger.models import CreditLimit, CreditMemo, Posting
from recoup.domain.orders.models import OrderLine
from recoup.domain.returns import actions, invariants
from recoup.domain.returns.models import Remedy, Return, ReturnLine
from recoup.domain.returns.tests import factories as make
from recoup.foundation.audit import actions as audit
from recoup.foundation.audit.queries import trail
from recoup.foundation.facts.models import Fact
from recoup.kit import ids
from recoup.kit.actor import SYSTEM
from recoup.kit.moves import IllegalMove, MovedMeanwhile
from recoup.kit.refusal import NotAllowed

pytestmark = pytest.mark.django_db


def approved(kind: str = "refund", order_line: OrderLine | None = None, quantity: int = 1) -> Remedy:
    line = make.submitted(order_line, quantity=quantity)
    actions.approve(line=line, remedy=kind, reason="r", at=make.NOW, actor=make.agent())
    return line.remedies.get()


def approved_again(line: ReturnLine) -> Remedy:
    actions.approve(line=line, remedy="refund", reason="r", at=make.NOW, actor=make.agent())
    return line.remedies.get()


def post(remedy: Remedy) -> Remedy:
    return actions.post_remedy(remedy=remedy, at=make.NOW, actor=SYSTEM)


def booked() -> dict[str, int]:
    sums: dict[str, int] = {}
    for posting in Posting.objects.all():
        sums[posting.account] = sums.get(posting.account, 0) + posting.amount_minor
    return {account: minor for account, minor in sums.items() if minor}


def promises_hold() -> bool:
    checks = [check for _, check in invariants.PROMISES]
    checks += [
        ledger.entries_balance,
        ledger.memos_add_up,
        ledger.numbers_are_gapless,
        ledger.credits_stay_within_limits,
    ]
    return not [finding for check in checks for finding in check()]


def test_a_refund_is_a_memo_an_instruction_and_a_booking() -> None:
    remedy = post(approved())
    order, memo = remedy.line.return_case.order, remedy.memo
    assert remedy.state == "posted" and memo is not None and order is not None
    assert (memo.total_minor, memo.tax_minor, memo.net_minor, memo.order_number) == (4990, 797, 4193, order.number)
    assert memo.party == {"name": "Cora Customer", "lines": ["Long Road 1", "10115 Berlin"]}
    assert memo.rma_number == remedy.line.return_case.rma_number and memo.lines.get().tax_rate_bp == 1901
    assert remedy.instruction["channel"] == "shop" and remedy.instruction["order"] == order.external_id
    assert remedy.instruction["amount_minor"] == 4990 and remedy.instruction["idempotency_key"] == str(remedy.pk)
    assert booked() == {accounts.RETURNS_EXPENSE: 4193, accounts.OUTPUT_TAX: 797, accounts.CUSTOMER_CREDIT: -4990}
    assert not Fact.objects.filter(name="RemedySettled").exists() and promises_hold()


def test_store_credit_has_a_code_and_stands_as_a_liability() -> None:
    remedy = post(approved("store_credit"))
    assert remedy.instruction["code"].startswith("SC-") and booked()[accounts.STORE_CREDIT] == -4990
    assert (remedy.state, remedy.reference, remedy.paid_on) == ("settled", "", None)
    assert Fact.objects.filter(name="RemedySettled").count() == 1 and promises_hold()
    said = [line.sentence for line in trail(remedy.line.return_case) if line.verb == "remedy.posted"]
    assert said == [f"Recoup gave 49.90 EUR as store credit, credit memo {remedy.memo}."]


def test_a_replacement_moves_no_money_and_settles_when_it_was_sent() -> None:
    remedy = post(approved("replacement"))
    assert (remedy.state, remedy.memo, booked()) == ("posted", None, {})
    with pytest.raises(NotAllowed):
        actions.fulfil(remedy=remedy, note="n", actor=make.agent("finance"))
    actions.fulfil(remedy=remedy, note="Tracking 1Z9", actor=make.agent())
    assert remedy.state == "settled" and remedy.instruction["note"] == "Tracking 1Z9" and promises_hold()
    assert Fact.objects.filter(name="RemedySettled").count() == 1


def test_a_second_posting_is_told_and_changes_nothing() -> None:
    remedy = approved()
    as_seen_before = Remedy.objects.get(pk=remedy.pk)
    post(remedy)
    with pytest.raises(MovedMeanwhile):
        post(as_seen_before)
    with pytest.raises(IllegalMove):
        post(remedy)
    assert CreditMemo.objects.count() == 1


def test_three_units_come_back_one_by_one_to_the_cent() -> None:
    order_line = make.order_line(quantity=3, paid_minor=10000, tax_minor=1597)
    memos = [post(approved(order_line=order_line)).memo for _ in range(3)]
    totals = [memo.total_minor for memo in memos if memo]
    assert sum(totals) == 10000 and max(totals) - min(totals) == 1
    assert sum(memo.tax_minor for memo in memos if memo) == 1597
    assert CreditLimit.objects.get().credited_minor == 10000 and promises_hold()


def test_what_the_shop_gave_back_before_is_not_given_again() -> None:
    order_line = make.order_line(refunded_minor=4990, refunded_quantity=1)
    remedy = post(approved(order_line=order_line))
    assert remedy.amount_minor == 4990 and CreditLimit.objects.get().paid_minor == 4990
    # Whether the shop's unit is ours told back cannot be known: a person looks, and the ledger has the last word.
    line = make.submitted(order_line)
    actions.verify(return_case=line.return_case, at=make.NOW, actor=SYSTEM)
    assert line.checks.get(code="quantity").result == "unsure"
    with pytest.raises(OverCredit):
        post(approved_again(line))
    assert CreditMemo.objects.count() == 1


def test_the_shops_report_of_our_own_refund_changes_no_amount() -> None:
    order_line = make.order_line()
    post(approved(order_line=order_line))
    OrderLine.objects.filter(pk=order_line.pk).update(refunded_minor=4990, refunded_quantity=1)
    order_line.refresh_from_db()
    assert post(approved(order_line=order_line)).amount_minor == 4990
    assert CreditLimit.objects.get().credited_minor == 9980 and promises_hold()


def test_an_over_credit_is_kept_for_a_person_and_can_be_tried_again() -> None:
    order_line = make.order_line()
    remedy = approved(order_line=order_line)
    CreditLimit.objects.create(line_id=order_line.pk, currency="EUR", paid_minor=9980, credited_minor=9980)
    with pytest.raises(OverCredit) as no:
        post(remedy)
    remedy.refresh_from_db()
    assert (remedy.state, remedy.memo, CreditMemo.objects.count()) == ("approved", None, 0)
    actions.fail_remedy(remedy=remedy, why=no.value.say(), at=make.NOW, actor=SYSTEM)
    case = remedy.line.return_case
    case.refresh_from_db()
    assert remedy.state == "errored" and "is more than what is left" in remedy.instruction["problem"]
    assert (case.waiting_for, case.priority) == ("agent", 2)
    with pytest.raises(OverCredit):
        actions.retry_remedy(remedy=Remedy.objects.get(pk=remedy.pk), at=make.NOW, actor=make.agent("finance"))
    remedy.refresh_from_db()
    assert remedy.state == "errored"
    CreditLimit.objects.update(credited_minor=0)
    actions.retry_remedy(remedy=remedy, at=make.NOW, actor=make.agent("finance"))
    case.refresh_from_db()
    assert (remedy.state, case.waiting_for) == ("posted", "goods")


def test_the_promises_name_what_was_changed_behind_our_back() -> None:
    remedy = post(approved())
    line = remedy.line
    Remedy.objects.filter(pk=remedy.pk).update(amount_minor=4991)
    ReturnLine.objects.filter(pk=line.pk).update(evidence="locked")
    found = [finding.sentence for _, check in invariants.PROMISES for finding in check()]
    assert found == [
        f"A refund over 49.91 EUR is posted with memo {remedy.memo} over 49.90 EUR.",
        "A refund over 49.91 EUR is posted, and 49.90 EUR is booked as owed.",
    ]


def test_a_refund_in_another_currency_than_its_memo_is_named() -> None:
    remedy = post(approved())
    Remedy.objects.filter(pk=remedy.pk).update(currency="JPY")
    assert f"A refund over 4,990 JPY is posted with memo {remedy.memo} over 49.90 EUR." in broken()


def broken() -> list[str]:
    return [finding.sentence for _, check in invariants.PROMISES for finding in check()]


def test_a_limit_above_what_was_paid_is_named_unless_the_shop_changed_the_order() -> None:
    order_line = make.order_line()
    post(approved(order_line=order_line))
    CreditLimit.objects.update(paid_minor=9981)
    assert broken() == ["99.81 EUR may be credited, but only 99.80 EUR was paid."]
    CreditLimit.objects.update(paid_minor=9980)
    OrderLine.objects.filter(pk=order_line.pk).update(paid_minor=9000, tax_minor=0)
    assert broken() == ["99.80 EUR may be credited, but only 90.00 EUR was paid."]
    order = order_line.order
    audit.record(verb="order.updated", subject=order, actor=SYSTEM, number=order.number)
    assert broken() == []


def test_a_limit_of_an_item_that_is_gone_is_named() -> None:
    CreditLimit.objects.create(line_id=ids.new(), currency="EUR", paid_minor=100)
    assert broken() == ["1.00 EUR may be credited, but the item is gone."]


def test_a_number_that_was_not_given_is_named() -> None:
    case = approved().line.return_case
    was = f"It was given {case.number}, {case.rma_number}, and now says"
    Return.objects.filter(pk=case.pk).update(rma_number="RMA-ANOTHER")
    assert broken() == [f"{was} {case.number}, RMA-ANOTHER."]
    Return.objects.filter(pk=case.pk).update(rma_number=case.rma_number, number="R-ANOTHER")
    assert broken() == [f"{was} R-ANOTHER, {case.rma_number}."]
    Return.objects.filter(pk=case.pk).update(number=case.number)
    assert broken() == []


def test_a_decision_without_its_record_is_named() -> None:
    line = make.to_agent()
    ReturnLine.objects.filter(pk=line.pk).update(decision="approved")
    found = [(finding.invariant, finding.sentence) for _, check in invariants.PROMISES for finding in check()]
    assert ("returns.decisions", "It is approved, but its last recorded decision left it open.") in found
    assert ("returns.approvals", "Approved with 0 remedies, RMA none, evidence sufficient.") in found
