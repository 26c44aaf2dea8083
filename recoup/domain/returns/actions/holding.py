"""Holding a case while it changes, and who has taken it.

Locks are taken in one order everywhere: link, return, order line, capture session, then the ledger's.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from recoup.domain.orders.models import OrderLine
from recoup.domain.returns.models import CaptureLink, Return, ReturnLine
from recoup.foundation.accounts.models import Staff
from recoup.foundation.audit import actions as audit
from recoup.kit.actor import Actor
from recoup.kit.refusal import Refusal


class TakenByAnother(Refusal):
    code = "returns.taken_by_another"
    sentence = "{owner} has taken this case. Talk to them, or choose another case."


def hold(return_id: UUID) -> Return:
    """The return, locked until the transaction ends. Rows that point at it may still be added by others."""
    return Return.objects.select_for_update(no_key=True).get(pk=return_id)


def hold_link(link: CaptureLink) -> CaptureLink:
    return (
        CaptureLink.objects.select_for_update(no_key=True, of=("self",))
        .select_related("session", "order")
        .get(pk=link.pk)
    )


def hold_order_line(order_line: OrderLine) -> OrderLine:
    """The order line, locked: whoever counts what came back of it counts alone."""
    rows = OrderLine.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("order__channel", "order__customer", "product").get(pk=order_line.pk)


def fresh(line: ReturnLine) -> ReturnLine:
    """Bring the line's other axes up to date. The decision stays as the caller saw it: that is the compare-and-set."""
    line.refresh_from_db(fields=["evidence", "goods", "quantity", "order_line", "serial", "batch", "batch_how"])
    return line


def put(case: Return, **values: Any) -> None:
    """Write these fields of a held return, in the database and in memory."""
    Return.objects.filter(pk=case.pk).update(**values)
    for name, value in values.items():
        setattr(case, name, value)


def wait_for(case: Return, who: str, *, until: datetime | None) -> None:
    put(case, waiting_for=who, deadline_at=until)


@transaction.atomic
def take(*, return_case: Return, actor: Actor) -> None:
    """This case is mine, so that two agents never work on one. Raises NotAllowed, TakenByAnother."""
    actor.must("agent")
    case = hold(return_case.pk)
    if str(case.owner_id) == actor.id:
        return
    if case.owner_id is not None:
        raise TakenByAnother(owner=_name(case.owner_id))
    put(case, owner_id=UUID(actor.id))
    return_case.owner_id = case.owner_id
    audit.record(verb="return.taken", subject=case, actor=actor)


@transaction.atomic
def release(*, return_case: Return, actor: Actor) -> None:
    """Give the case back to everybody. The owner may, and an admin. Raises NotAllowed, TakenByAnother."""
    actor.must("agent")
    case = hold(return_case.pk)
    if case.owner_id is None:
        return
    if str(case.owner_id) != actor.id and not actor.may("admin"):
        raise TakenByAnother(owner=_name(case.owner_id))
    put(case, owner_id=None)
    return_case.owner_id = None
    audit.record(verb="return.released", subject=case, actor=actor)


def _name(owner_id: UUID) -> str:
    return Staff.objects.filter(pk=owner_id).values_list("name", flat=True).first() or "Somebody"
