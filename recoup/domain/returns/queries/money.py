"""What went out to customers: refunds, store credits and replacements, for finance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from recoup.domain.returns.models import Remedy
from recoup.kit.actor import Actor
from recoup.kit.money import Money
from recoup.kit.refusal import NotFound

_READERS = ("finance", "agent", "warehouse", "quality", "buyer")


@dataclass(frozen=True, slots=True)
class Payout:
    """One remedy with its document; ``instruction`` is what the channel is told, or the code of a store credit."""

    remedy_id: UUID
    case: str
    kind: str
    state: str
    amount: Money
    memo: str
    order_number: str
    at: datetime
    instruction: dict[str, Any]


def payouts(*, actor: Actor, limit: int = 100, state: str = "") -> Sequence[Payout]:
    """The newest first. Raises NotAllowed."""
    actor.must(*_READERS)
    rows = Remedy.objects.select_related("line__return_case__order", "memo").order_by("-created_at")
    return [_payout(row) for row in (rows.filter(state=state) if state else rows)[:limit]]


def access_remedy(*, actor: Actor, remedy_id: UUID) -> Remedy:
    """Raises NotAllowed, NotFound."""
    actor.must(*_READERS)
    found = Remedy.objects.select_related("line__return_case", "line__order_line").filter(pk=remedy_id).first()
    if found is None:
        raise NotFound()
    return found


def _payout(row: Remedy) -> Payout:
    case = row.line.return_case
    return Payout(
        remedy_id=row.pk,
        case=case.number,
        kind=row.kind,
        state=row.state,
        amount=Money(row.amount_minor, row.currency),
        memo=row.memo.full_number if row.memo else "",
        order_number=case.order.number if case.order else "",
        at=row.memo.issued_at if row.memo else row.created_at,
        instruction=row.instruction,
    )
