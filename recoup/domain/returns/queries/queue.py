"""The desk's queue: what waits, for whom, since when, and what would be decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from recoup.domain.returns.models import Decision, Return, ReturnLine
from recoup.domain.returns.queries.reading import READERS, last_proposal, money, names, title
from recoup.domain.returns.rules.waits import ON_THE_WAY
from recoup.domain.returns.rules.word import proposed
from recoup.kit.actor import Actor
from recoup.kit.money import Money

#: The queue's drawers, in the order they are shown.
DRAWERS = {
    "agent": "To decide",
    "customer": "Waiting for the customer",
    "order": "Order not known",
    "goods": "Waiting for goods",
    "done": "Nothing to do",
    "all": "All",
}


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One case. ``proposed`` is the decision in words, ``value`` what a refund would come to."""

    number: str
    line_id: UUID
    customer: str
    product: str
    sku: str
    units: int
    defect: str
    proposed: str
    proposal: str
    because: str
    value: Money | None
    waiting_for: str
    waiting_since: datetime | None
    deadline_at: datetime | None
    overdue: bool
    priority: int
    owner: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """``counts``: how many cases lie in each drawer; ``total``: in this one, with the filters."""

    drawer: str
    rows: Sequence[QueueRow]
    total: int
    counts: dict[str, int]


def desk_queue(
    actor: Actor,
    *,
    now: datetime,
    drawer: str = "agent",
    mine: bool = False,
    overdue: bool = False,
    defect: str = "",
    sku: str = "",
    limit: int = 50,
    offset: int = 0,
) -> Queue:
    """A drawer of the queue, the most pressing case first. Raises NotAllowed."""
    actor.must(*READERS)
    drawer = drawer if drawer in DRAWERS else "agent"
    cases = Return.objects.filter(_in(drawer, now))
    if mine and actor.kind == "staff":
        cases = cases.filter(owner_id=actor.id)
    if overdue:
        cases = cases.filter(deadline_at__lt=now)
    if defect or sku:
        cases = cases.filter(pk__in=_lines_about(defect, sku).values("return_case"))
    page = _page(cases, limit, offset)
    owners = names(case.owner_id for case in page)
    rows = [_row(case, actor, now, owners) for case in page]
    return Queue(drawer, [row for row in rows if row], cases.count(), _counts(now))


def _in(drawer: str, now: datetime) -> Q:
    late = Q(deadline_at__lt=now)
    if drawer == "all":
        return Q()
    if drawer == "agent":  # also what should have moved by itself, and whatever has not come in time
        return Q(waiting_for="agent") | late
    return Q(waiting_for="nobody" if drawer == "done" else drawer) & ~late


def _lines_about(defect: str, sku: str) -> QuerySet[ReturnLine]:
    lines = ReturnLine.objects.all()
    if defect:
        lines = lines.filter(defect_type__code=defect)
    return lines.filter(order_line__sku=sku) if sku else lines


def _page(cases: QuerySet[Return], limit: int, offset: int) -> list[Return]:
    lines = ReturnLine.objects.select_related("order_line", "defect_type").order_by("created_at")
    proposals = Prefetch("decisions", Decision.objects.filter(verb="propose"))
    ordered = cases.select_related("order__customer").order_by("priority", "deadline_at", "created_at")
    return list(ordered.prefetch_related(Prefetch("lines", lines.prefetch_related(proposals)))[offset : offset + limit])


def _row(case: Return, actor: Actor, now: datetime, owners: dict[UUID, str]) -> QueueRow | None:
    line = next(iter(sorted(case.lines.all(), key=lambda each: each.decision != "open")), None)
    if line is None:
        return None
    proposal = last_proposal(line.decisions.all())
    what, sku = title(line)
    value = money(proposal.amount_minor, proposal.currency) if proposal else None
    return QueueRow(
        number=case.number,
        line_id=line.pk,
        customer=case.order.customer.name or case.order.customer.email if case.order else "",
        product=what,
        sku=sku,
        units=line.quantity,
        defect=line.defect_type.name,
        proposed=_words(line, proposal, value, goods_overdue=line.goods in ON_THE_WAY and case.waiting_for == "agent"),
        proposal=proposal.proposal if proposal and line.decision == "open" else "",
        because=proposal.reason if proposal else "",
        value=value,
        waiting_for=case.waiting_for,
        waiting_since=case.submitted_at,
        deadline_at=case.deadline_at,
        overdue=case.deadline_at is not None and case.deadline_at < now,
        priority=case.priority,
        owner=owners.get(case.owner_id, "") if case.owner_id else "",
        mine=actor.kind == "staff" and str(case.owner_id) == actor.id,
    )


def _words(line: ReturnLine, proposal: Decision | None, value: Money | None, *, goods_overdue: bool) -> str:
    if line.decision != "open":
        return line.decision.capitalize() + (", the goods have not come" if goods_overdue else "")
    if proposal is None:
        return "Not checked yet"
    return proposed(proposal=proposal.proposal, remedy=proposal.remedy, amount=str(value) if value else "")


def _counts(now: datetime) -> dict[str, int]:
    return Return.objects.aggregate(
        **{name: Count("pk", filter=_in(name, now)) for name in DRAWERS if name != "all"}, all=Count("pk")
    )
