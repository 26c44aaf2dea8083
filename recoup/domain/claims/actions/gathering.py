"""Approved returns of one supplier, purchase order, batch and defect type gather into one claim, by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from recoup.domain.claims import states
from recoup.domain.claims.facts import ClaimExtended, ClaimOpened
from recoup.domain.claims.models import Claim, ClaimLine
from recoup.domain.claims.rules.amounts import claimed
from recoup.domain.claims.rules.sufficiency import read_rules
from recoup.domain.claims.sources import source_of_line
from recoup.domain.returns.models import ReturnLine
from recoup.domain.suppliers.models import POLine
from recoup.foundation.audit import actions as audit
from recoup.foundation.database.locks import advisory
from recoup.foundation.facts import actions as facts
from recoup.foundation.files import actions as files
from recoup.kit.actor import Actor
from recoup.kit.money import Money
from recoup.kit.refusal import Refusal


class LineNotApproved(Refusal):
    code = "claims.line_not_approved"
    sentence = "Only an approved return line can be claimed from a supplier. Decide on the return first."


@dataclass(frozen=True, slots=True)
class _Group:
    """What one claim is about."""

    supplier_id: UUID
    purchase_order_id: UUID
    batch_id: UUID | None
    defect_type_id: UUID

    def columns(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    def lock(self) -> str:
        return "claims.group." + ".".join(str(each) for each in self.columns().values())


@transaction.atomic
def gather(*, return_line: ReturnLine, at: datetime, actor: Actor) -> Claim | None:
    """Put an approved return line into the claim that gathers for its group; opens one, or a supplement after sending.

    A line is gathered once: again, it gives the claim it is in. None when no supplier is known for it (it then shows
    in ``queries.ungathered``). Raises LineNotApproved.
    """
    line = _locked_line(return_line)
    if there := ClaimLine.objects.select_related("claim").filter(return_line=line).first():
        return there.claim
    if line.decision != "approved":
        raise LineNotApproved()
    source = source_of_line(line)
    if source.po_line is None:
        return None
    order = source.po_line.purchase_order
    group = _Group(order.supplier_id, order.pk, source.batch.pk if source.batch else None, line.defect_type_id)
    with advisory(group.lock()):  # held until the commit, so that two returns of one group meet in one claim
        claim = _gathering(group)
        if claim:
            return _extend(claim, line, source.po_line, source.how, at, actor)
        return _open(group, line, source.po_line, source.how, at, actor)


def _locked_line(return_line: ReturnLine) -> ReturnLine:
    return (
        ReturnLine.objects.select_for_update(of=("self",), no_key=True)
        .select_related("return_case", "order_line__order", "order_line__product", "batch__product", "serial__batch")
        .get(pk=return_line.pk)
    )


def _gathering(group: _Group) -> Claim | None:
    """The youngest claim of the group that has not been approved yet, locked."""
    waiting = Claim.objects.select_for_update(of=("self",)).filter(**group.columns(), state__in=states.GATHERING)
    return waiting.select_related("supplier").order_by("-created_at").first()


def _before(group: _Group) -> Claim | None:
    """The youngest claim of the group that claims something: one that was dropped is added to by nobody."""
    claiming = Exists(ClaimLine.objects.filter(claim=OuterRef("pk")))
    return Claim.objects.filter(claiming, **group.columns()).order_by("-created_at").first()


def _open(group: _Group, line: ReturnLine, po_line: POLine, how: str, at: datetime, actor: Actor) -> Claim:
    order = po_line.purchase_order
    claim = Claim.objects.create(
        number=_next_number(at.year),
        created_at=at,
        currency=order.currency,
        key=files.new_key(),
        supplements=_before(group),
        **group.columns(),
    )
    _add(claim, line, po_line, how, at)
    audit.record(
        verb="claim.opened", subject=claim, actor=actor, seals=[claim],
        number=claim.number, supplier=order.supplier.name, purchase_order=order.number,
    )  # fmt: skip
    facts.tell(ClaimOpened(claim_id=claim.pk))
    return claim


def _extend(claim: Claim, line: ReturnLine, po_line: POLine, how: str, at: datetime, actor: Actor) -> Claim:
    """One more line; what was found ready or decided before it came is open again."""
    if claim.state != "drafting":
        was = states.CLAIM_MOVES.make(claim, "go_back", decision_answer="", decision_why="")
        why = "a line was added."
        audit.record(verb="claim.went_back", subject=claim, actor=actor, was=was, why=why)
    added = _add(claim, line, po_line, how, at)
    amount = Money(added.claimed_minor, claim.currency)
    audit.record(
        verb="claim.extended",
        subject=claim,
        actor=actor,
        case=line.return_case.number,
        quantity=line.quantity,
        amount=amount,
    )
    facts.tell(ClaimExtended(claim_id=claim.pk, line_id=added.pk))
    return claim


def _add(claim: Claim, line: ReturnLine, po_line: POLine, how: str, at: datetime) -> ClaimLine:
    rules = read_rules(claim.supplier.claim_rules)
    cost = Money(po_line.unit_cost_minor, claim.currency)
    worth = claimed(quantity=line.quantity, unit_cost=cost, handling_minor=rules.handling_minor)
    return ClaimLine.objects.create(
        claim=claim,
        return_line=line,
        po_line=po_line,
        quantity=line.quantity,
        claimed_minor=worth.minor,
        source_how=how,
        created_at=at,
    )


def _next_number(year: int) -> str:
    """The next 'C-2026-00012'; taken under a lock, so that no two claims get the same."""
    with advisory(f"claims.number.{year}"):
        prefix = f"C-{year}-"
        last = (
            Claim.objects.filter(number__startswith=prefix).order_by("-number").values_list("number", flat=True).first()
        )
        return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:05d}"
