"""What was posted is settled: finance says that a refund was paid, the warehouse that a replacement was sent.

Nothing here settles by itself: a customer is told that money was sent by whoever saw it leave.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from recoup.domain.ledger import actions as ledger
from recoup.domain.returns.actions.holding import hold
from recoup.domain.returns.facts import RemedySettled
from recoup.domain.returns.models import Remedy
from recoup.domain.returns.rules.payment import LONGEST, days_to_choose, tidy
from recoup.domain.returns.states import REMEDY
from recoup.foundation.audit import actions as audit
from recoup.foundation.facts import actions as facts
from recoup.kit.actor import Actor
from recoup.kit.money import Money
from recoup.kit.refusal import NotAllowed, Refusal


class NotARefund(Refusal):
    code = "returns.not_a_refund"
    sentence = "This is a {kind}: no money is paid for it. Look at case {case} to see where it stands."


class PaidAlready(Refusal):
    code = "returns.paid_already"
    sentence = "{amount} was marked as paid already, on {on} with the reference {reference}. Nothing was changed; do not pay it twice."


class ReferenceMissing(Refusal):
    code, status = "returns.reference_missing", 422
    sentence = (
        "Type the payment’s reference, so that it can be found again: the number that the bank or the shop gave it."
    )


class ReferenceTooLong(Refusal):
    code, status = "returns.reference_too_long", 422
    sentence = f"A payment’s reference has up to {LONGEST} letters; this one has {{letters}}. Keep the part that finds it again."


class NotThatDay(Refusal):
    code, status = "returns.not_that_day", 422
    sentence = "It cannot have been paid on {on}. Choose a day from {first}, when it was ordered, to today."


@transaction.atomic
def mark_paid(*, remedy: Remedy, reference: str, paid_on: date, at: datetime, actor: Actor) -> Remedy:
    """A person of finance has seen the refund leave, under this reference, on this day. Once.

    Raises NotAllowed (the system cannot see a payment either), NotARefund, PaidAlready, ReferenceMissing,
    ReferenceTooLong, NotThatDay, IllegalMove while it is not posted.
    """
    if not actor.may("finance"):
        raise NotAllowed(role="finance")
    case = hold(remedy.line.return_case_id)
    remedy.refresh_from_db(fields=["state", "reference", "paid_on", "memo", "amount_minor", "currency"])
    amount, reference = Money(remedy.amount_minor, remedy.currency), tidy(reference)
    _check(remedy, case.number, amount, reference, paid_on, at)
    was = REMEDY.make(remedy, "settle", reference=reference, paid_on=paid_on)
    customer = remedy.line.order_line.order.customer_id  # type: ignore[union-attr]  # a posted refund has its order
    ledger.settle(memo=remedy.memo, how="refund", customer_id=customer, at=at, actor=actor)  # type: ignore[arg-type]  # and its memo
    paid: dict[str, Any] = {"amount": amount, "on": paid_on, "reference": reference, "remedy": remedy.pk}
    audit.record(verb="remedy.paid", subject=case, actor=actor, was=was, **paid)
    facts.tell(RemedySettled(remedy_id=remedy.pk))
    return remedy


def _check(remedy: Remedy, case: str, amount: Money, reference: str, paid_on: date, at: datetime) -> None:
    if remedy.kind != "refund":
        raise NotARefund(kind=remedy.kind.replace("_", " "), case=case)
    if remedy.state == "settled":
        raise PaidAlready(amount=amount, on=remedy.paid_on, reference=remedy.reference)
    REMEDY.next(remedy.state, "settle")
    if not reference:
        raise ReferenceMissing()
    if len(reference) > LONGEST:
        raise ReferenceTooLong(letters=len(reference))
    placed = remedy.line.order_line.order.placed_at  # type: ignore[union-attr]  # a posted refund has its order
    first, last = days_to_choose(ordered=placed, now=at)
    if not first <= paid_on <= last:
        raise NotThatDay(on=paid_on, first=first)


@transaction.atomic
def fulfil(*, remedy: Remedy, note: str, actor: Actor) -> None:
    """The replacement has been sent; ``note`` says how, such as a tracking number. Raises NotAllowed, IllegalMove."""
    actor.must("agent", "warehouse")
    case = hold(remedy.line.return_case_id)
    said = note.strip()[:300]
    was = REMEDY.make(remedy, "settle", instruction=remedy.instruction | {"note": said})
    audit.record(verb="remedy.fulfilled", subject=case, actor=actor, was=was, note=said or "no note")
    facts.tell(RemedySettled(remedy_id=remedy.pk))
