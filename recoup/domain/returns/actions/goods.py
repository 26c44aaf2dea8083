"""Where the goods of a line are. Receipts, grades and bins are the warehouse's; here is only the axis."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from recoup.domain.returns import deadlines
from recoup.domain.returns.actions.holding import hold, wait_for
from recoup.domain.returns.actions.waiting import going_on
from recoup.domain.returns.facts import GoodsLost
from recoup.domain.returns.models import Return, ReturnLine
from recoup.domain.returns.rules.waits import ON_THE_WAY
from recoup.domain.returns.states import GOODS
from recoup.foundation.audit import actions as audit
from recoup.foundation.facts import actions as facts
from recoup.kit.actor import Actor
from recoup.kit.refusal import Refusal


class NotOnTheWay(Refusal):
    code = "returns.not_on_the_way"
    sentence = "The goods of {case} are {goods}, not on their way, so they cannot be marked lost. Reload the page to see where they stand."


class LossUnexplained(Refusal):
    code, status = "returns.loss_unexplained", 422
    sentence = "Say in a few words how you know that the goods will not come; it is kept with the case."


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
    awaited = _awaits_goods(case)
    was = GOODS.make(line, "receive")
    _stop_waiting(case, awaited, at)
    audit.record(verb="line.goods_received", subject=case, actor=actor, was=was, units=line.quantity)


@transaction.atomic
def lose_goods(*, line: ReturnLine, why: str, at: datetime, actor: Actor) -> None:
    """The goods of this line will not come. If they do all the same, they are received like any others.

    What the customer was granted stands: no remedy waits for goods. Raises NotAllowed, LossUnexplained, NotOnTheWay.
    """
    actor.must("warehouse", "agent")
    said = " ".join(why.split())[:300]
    if not said:
        raise LossUnexplained()
    case = hold(line.return_case_id)
    line.goods = ReturnLine.objects.values_list("goods", flat=True).get(pk=line.pk)
    if line.goods not in ON_THE_WAY:
        raise NotOnTheWay(case=case.number, goods=line.goods.replace("_", " "))
    awaited = _awaits_goods(case)
    was = GOODS.make(line, "lose")
    _stop_waiting(case, awaited, at)
    audit.record(verb="line.goods_lost", subject=case, actor=actor, was=was, units=line.quantity, why=said)
    facts.tell(GoodsLost(line_id=line.pk))


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


def _awaits_goods(case: Return) -> bool:
    """The case waits for goods, or an agent has it because they are overdue."""
    return case.waiting_for == "goods" or going_on(case) == "goods"


def _stop_waiting(case: Return, awaited: bool, at: datetime) -> None:
    """The last goods are here, or lost: nothing is waited for, unless a decision still is."""
    if awaited and not case.lines.filter(goods__in=ON_THE_WAY).exists():
        wait_for(case, "nobody", until=None)
    elif case.waiting_for == "order":
        wait_for(case, "order", until=at + deadlines.ORDER)
