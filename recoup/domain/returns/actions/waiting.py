"""Every wait ends: with what was waited for, or with a person who decides what next."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from recoup.domain.returns import deadlines
from recoup.domain.returns.actions.holding import hold, wait_for
from recoup.domain.returns.facts import WaitOverdue
from recoup.domain.returns.models import Remedy, Return
from recoup.domain.returns.rules.waits import ON_THE_WAY, Waiting, may_go_on
from recoup.foundation.audit import actions as audit
from recoup.foundation.facts import actions as facts
from recoup.kit.actor import Actor
from recoup.kit.refusal import Refusal

#: Who or what is waited for → what the audit trail says when it was in vain. (What nobody is waited for judges itself.)
IN_VAIN = {"customer": "return.unanswered", "order": "return.order_overdue", "goods": "return.goods_overdue"}
_AGAIN = {"order": deadlines.ORDER, "goods": deadlines.GOODS}


class NothingToWaitFor(Refusal):
    code = "returns.nothing_to_wait_for"
    sentence = "Nothing is overdue on {case} any more. Reload the page to see where it stands."


@transaction.atomic
def hand_over(*, return_case: Return, at: datetime, actor: Actor) -> bool:
    """What was waited for has not come in time: an agent goes on. False when it has, meanwhile."""
    case = hold(return_case.pk)
    verb = IN_VAIN.get(case.waiting_for)
    if verb is None or case.deadline_at is None or case.deadline_at > at:
        return False
    wait_for(case, "agent", until=at + deadlines.AGENT)
    audit.record(verb=verb, subject=case, actor=actor)
    facts.tell(WaitOverdue(return_id=case.pk))
    return True


@transaction.atomic
def wait_longer(*, return_case: Return, at: datetime, actor: Actor) -> None:
    """An agent has looked, and it may still come: the wait begins anew. Raises NotAllowed, NothingToWaitFor."""
    actor.must("agent")
    case = hold(return_case.pk)
    what = going_on(case)
    if not what:
        raise NothingToWaitFor(case=case.number)
    until = at + _AGAIN[what]
    wait_for(case, what, until=until)
    audit.record(verb="return.waits_on", subject=case, actor=actor, what=what, until=until.date())


def going_on(case: Return) -> str:
    """What a held case may wait on for: 'goods', 'order' or ''."""
    lines = list(case.lines.values_list("decision", "goods"))
    return may_go_on(
        Waiting(
            who=case.waiting_for,
            order_known=case.order_id is not None,
            decisions=[decision for decision, _ in lines],
            goods=[goods for decision, goods in lines if decision == "approved"],
            remedies=list(Remedy.objects.filter(line__return_case=case).values_list("state", flat=True)),
        )
    )


def wait_for_goods(case: Return, at: datetime) -> None:
    """A decided case waits for its goods, or for nobody."""
    if case.lines.filter(decision="approved", goods__in=ON_THE_WAY).exists():
        wait_for(case, "goods", until=at + deadlines.GOODS)
    else:
        wait_for(case, "nobody", until=None)
