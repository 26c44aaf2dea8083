"""What was approved is posted: the credit memo, what finance has to pay, store credit, what has to be sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from recoup.domain.ledger import actions as ledger
from recoup.domain.ledger.models import CreditMemo
from recoup.domain.ledger.rules import MemoLine
from recoup.domain.orders.models import Order, OrderLine
from recoup.domain.returns import deadlines, dossier
from recoup.domain.returns.actions.holding import hold, hold_order_line, put, wait_for
from recoup.domain.returns.actions.waiting import wait_for_goods
from recoup.domain.returns.facts import RemedySettled
from recoup.domain.returns.models import Remedy, Return
from recoup.domain.returns.states import REMEDY
from recoup.foundation.audit import actions as audit
from recoup.foundation.facts import actions as facts
from recoup.kit import ids
from recoup.kit.actor import Actor
from recoup.kit.money import Money


@transaction.atomic
def post_remedy(*, remedy: Remedy, at: datetime, actor: Actor) -> Remedy:
    """Post an approved remedy, once.

    Refund: a numbered memo, booked as owed, with what has to be paid; it settles when finance says that it was paid.
    Store credit: the memo is the payment, so it settles at once, with the code the customer spends.
    Replacement: an instruction to send one; it settles when that is noted.
    Raises IllegalMove, MovedMeanwhile, and the ledger's OverCredit and NothingToCredit.
    """
    case = hold(remedy.line.return_case_id)
    REMEDY.make(remedy, "post")
    if remedy.kind == "replacement":
        _keep(remedy, instruction=_to_send(case, remedy))
    else:
        order_line = hold_order_line(remedy.line.order_line)  # type: ignore[arg-type]  # approved lines have one
        memo = _issue(case, remedy, order_line, at, actor)
        _keep(remedy, memo=memo, instruction=_to_pay(remedy, order_line, memo))
        if remedy.kind == "store_credit":
            customer = order_line.order.customer_id
            ledger.settle(memo=memo, how="store_credit", customer_id=customer, at=at, actor=actor)
            REMEDY.make(remedy, "settle")
    amount = Money(remedy.amount_minor, remedy.currency)
    did = _DID[remedy.kind].format(amount=amount, memo=remedy.memo)
    audit.record(
        verb="remedy.posted", subject=case, actor=actor, was="approved", did=did, kind=remedy.kind, amount=amount
    )
    if remedy.state == "settled":
        facts.tell(RemedySettled(remedy_id=remedy.pk))
    return remedy


#: What posting did, and what is still to be done by a person.
_DID = {
    "refund": "issued credit memo {memo}; finance has to pay {amount} back",
    "store_credit": "gave {amount} as store credit, credit memo {memo}",
    "replacement": "asked for a replacement to be sent",
}


def _keep(remedy: Remedy, **values: Any) -> None:
    Remedy.objects.filter(pk=remedy.pk).update(**values)
    for name, value in values.items():
        setattr(remedy, name, value)


def _issue(case: Return, remedy: Remedy, order_line: OrderLine, at: datetime, actor: Actor) -> CreditMemo:
    order, paid = order_line.order, dossier.paid(order_line=order_line, besides=remedy.line)
    tax = Money(remedy.tax_minor, remedy.currency)
    line = MemoLine(
        line_id=order_line.pk, description=order_line.title, sku=order_line.sku, quantity=remedy.line.quantity,
        net=Money(remedy.amount_minor, remedy.currency) - tax, tax=tax, paid=paid.creditable,
    )  # fmt: skip
    return ledger.issue_memo(
        lines=[line], order_number=order.number, rma_number=case.rma_number or "", customer_id=order.customer_id,
        reason=f"Return {case.number}: {remedy.line.defect_type.name}", party=_party(order), at=at, actor=actor,
    )  # fmt: skip


def _party(order: Order) -> dict[str, Any]:
    """The customer as the document prints them."""
    to = order.ship_to
    place = " ".join(filter(None, [to.get("postcode", ""), to.get("city", "")]))
    lines = [*to.get("lines", []), place, to.get("country", "")]
    return {"name": to.get("name") or order.customer.name, "lines": [line for line in lines if line]}


def _to_pay(remedy: Remedy, order_line: OrderLine, memo: CreditMemo) -> dict[str, Any]:
    """For a refund: what has to be paid, with a key by which it is paid once. For store credit: its code."""
    amount = {"amount_minor": remedy.amount_minor, "currency": remedy.currency, "memo": memo.full_number}
    if remedy.kind == "store_credit":
        return {"kind": "store_credit", "code": f"SC-{ids.spoken(12)}", **amount}
    order = order_line.order
    return {
        "kind": "refund",
        "channel": order.channel.code,
        "order": order.external_id,
        "order_number": order.number,
        "line": order_line.external_id,
        "quantity": remedy.line.quantity,
        "idempotency_key": str(remedy.pk),
        **amount,
    }


def _to_send(case: Return, remedy: Remedy) -> dict[str, Any]:
    order_line = remedy.line.order_line
    return {
        "kind": "replacement",
        "sku": order_line.sku if order_line else "",
        "quantity": remedy.line.quantity,
        "order_number": case.order.number if case.order else "",
        "idempotency_key": str(remedy.pk),
    }


@transaction.atomic
def fail_remedy(*, remedy: Remedy, why: str, at: datetime, actor: Actor) -> None:
    """It could not be carried out: kept with the reason, for a person. Raises IllegalMove, MovedMeanwhile."""
    case = hold(remedy.line.return_case_id)
    was = REMEDY.make(remedy, "fail", instruction={"problem": why[:400]})
    put(case, priority=min(case.priority, 2))
    wait_for(case, "agent", until=at + deadlines.AGENT)
    audit.record(verb="remedy.failed", subject=case, actor=actor, was=was, why=why[:400])


@transaction.atomic
def retry_remedy(*, remedy: Remedy, at: datetime, actor: Actor) -> Remedy:
    """Try an errored remedy again. Raises NotAllowed and what ``post_remedy`` raises; then it stays errored."""
    actor.must("agent", "finance")
    case = hold(remedy.line.return_case_id)
    was = REMEDY.make(remedy, "retry")
    audit.record(verb="remedy.retried", subject=case, actor=actor, was=was)
    wait_for_goods(case, at)
    return post_remedy(remedy=remedy, at=at, actor=actor)
