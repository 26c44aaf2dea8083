"""Where the goods of a line are. Receipts, grades and bins are the warehouse's; here is only the axis."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from recoup.domain.returns import deadlines
from recoup.domain.returns.actions.holding import hold, wait_for
from recoup.domain.returns.models import Return, ReturnLine
from recoup.domain.returns.states import GOODS
from recoup.foundation.audit import actions as audit
from recoup.kit.actor import Actor


@transaction.atomic
def receive_goods(*, line: ReturnLine, at: datetime, actor: Actor) -> None:
    """Goods of this line are in quarantine. A second parcel of the same line changes nothing here.

    Raises NotAllowed.
    """
    actor.must("warehouse")
    case = hold(line.return_case_id)
    line.goods = ReturnLine.objects.values_list("goods", flat=True).get(pk=line.pk)
    if line.goods == "quarantined":
        return
    was = GOODS.make(line, "receive")
    _stop_waiting(case, at)
    audit.record(verb="line.goods_received", subject=case, actor=actor, was=was, units=line.quantity)


@transaction.atomic
def dispose_goods(*, line: ReturnLine, at: datetime, actor: Actor) -> None:
    """Something was decided about the goods of this line. Raises NotAllowed, IllegalMove."""
    actor.must("warehouse", "quality")
    case = hold(line.return_case_id)
    line.goods = ReturnLine.objects.values_list("goods", flat=True).get(pk=line.pk)
    if line.goods == "dispositioned":
        return
    was = GOODS.make(line, "dispose")
    audit.record(verb="line.goods_disposed", subject=case, actor=actor, was=was)


def _stop_waiting(case: Return, at: datetime) -> None:
    """The last goods are here: nothing is waited for, unless a decision still is."""
    if case.waiting_for == "goods" and not case.lines.filter(goods__in=["awaiting", "in_transit"]).exists():
        wait_for(case, "nobody", until=None)
    elif case.waiting_for == "order":
        wait_for(case, "order", until=at + deadlines.ORDER)
