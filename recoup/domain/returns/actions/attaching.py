"""Photos become evidence of a line; orders become known to a blind return."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from recoup.domain.evidence.models import CaptureSession, Photo
from recoup.domain.orders.models import Order, OrderLine
from recoup.domain.returns import deadlines, dossier
from recoup.domain.returns.actions.holding import hold, hold_order_line, put, wait_for
from recoup.domain.returns.facts import EvidenceChanged
from recoup.domain.returns.models import LinePhoto, Return, ReturnLine
from recoup.domain.returns.states import WOKEN_BY_ORDERS
from recoup.foundation.audit import actions as audit
from recoup.foundation.audit.queries import told
from recoup.foundation.facts import actions as facts
from recoup.kit.actor import Actor
from recoup.kit.refusal import NotFound, Refusal


class OrderKnownAlready(Refusal):
    code = "returns.order_known_already"
    sentence = "This return belongs to order {order} already. Reload the page to see it."


class NotLeftOnOrder(Refusal):
    code, status = "returns.not_left_on_order", 422
    sentence = "{asked} of {item} are claimed, and {left} can come back. Choose another item or order."


def attach_photos(*, line: ReturnLine, session: CaptureSession) -> int:
    """Make every photo of the session evidence of the line, each once; returns how many are new."""
    known = set(line.photos.values_list("photo_id", flat=True))
    rows = [
        LinePhoto(line=line, photo=photo, shot=photo.shot[:20])
        for photo in Photo.objects.filter(session=session).exclude(pk__in=known)
    ]
    LinePhoto.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@transaction.atomic
def attach_order(
    *, return_case: Return, order: Order, lines: Mapping[UUID, OrderLine], how: str, at: datetime, actor: Actor
) -> None:
    """Tie a blind return to its order: ``lines`` says which order line each return line is.

    ``how``: 'agent' looked, or 'number' as the customer typed it, which a person confirms later.
    Raises NotAllowed, OrderKnownAlready, NotFound (a line of another order), NotLeftOnOrder.
    """
    actor.must("agent")
    case = hold(return_case.pk)
    if case.order_id is not None and case.order_how != "number":
        raise OrderKnownAlready(order=case.order)
    for line in case.lines.filter(decision="open"):
        _tie(line, order, lines.get(line.pk))
    put(case, order=order, order_how=how)
    wait_for(case, "nobody", until=at + deadlines.MACHINE)
    return_case.refresh_from_db()
    audit.record(verb="return.order_attached", subject=case, actor=actor, order=order.number, how=_HOW[how])
    facts.tell(EvidenceChanged(return_id=case.pk))


@transaction.atomic
def order_found(*, return_case: Return, order: Order, at: datetime, actor: Actor) -> None:
    """An order with the number that the customer typed is here, and a person must say which item it is. Told once."""
    case = hold(return_case.pk)
    if case.waiting_for not in WOKEN_BY_ORDERS or (case.waiting_for == "agent" and _told(case, order)):
        return
    wait_for(case, "agent", until=at + deadlines.AGENT)
    audit.record(verb="return.order_found", subject=case, actor=actor, order=order.number)


def _told(case: Return, order: Order) -> bool:
    return told("return.order_found", Return).filter(subject_id=case.pk, facts__order=order.number).exists()


_HOW = {"agent": "after looking at it", "number": "by the number the customer typed"}


def _tie(line: ReturnLine, order: Order, order_line: OrderLine | None) -> None:
    if order_line is None or order_line.order_id != order.pk:
        raise NotFound()
    held = hold_order_line(order_line)
    left = dossier.purchase(order_line=held, besides=line).most_left
    if line.quantity > left:
        raise NotLeftOnOrder(asked=line.quantity, left=left, item=held.title[:80])
    ReturnLine.objects.filter(pk=line.pk).update(order_line=held)
