"""What customers get: refunds that wait for payment, and what was paid, given and sent, for finance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from recoup.domain.returns.models import Remedy
from recoup.domain.returns.rules.word import remedy_word
from recoup.kit.actor import Actor
from recoup.kit.money import Money
from recoup.kit.refusal import NotFound

_READERS = ("finance", "agent", "warehouse", "quality", "buyer")


@dataclass(frozen=True, slots=True)
class Payout:
    """One remedy with its document; ``word`` is where it stands, ``at`` since when.

    ``instruction`` is what has to be paid or sent, or the code of a store credit. ``channel`` is where the customer
    bought, and so the way they paid. ``reference`` and ``paid_on`` are of a refund that was paid. ``shop_gave_back``
    is what the channel says it refunded of the item: perhaps this very refund.
    """

    remedy_id: UUID
    line_id: UUID
    case: str
    kind: str
    state: str
    word: str
    amount: Money
    memo: str
    order_number: str
    channel: str
    at: datetime
    instruction: dict[str, Any]
    reference: str
    paid_on: date | None
    shop_gave_back: Money


@dataclass(frozen=True, slots=True)
class ToPay:
    """The refunds that somebody has to pay, oldest first; ``count`` and ``totals`` (one per currency) are of all."""

    rows: Sequence[Payout]
    count: int
    totals: Sequence[Money]


def to_pay(*, actor: Actor, limit: int = 100) -> ToPay:
    """Raises NotAllowed."""
    actor.must(*_READERS)
    waiting = Remedy.objects.filter(kind="refund", state="posted")
    sums = waiting.order_by().values("currency").annotate(minor=Sum("amount_minor"), n=Count("pk")).order_by("currency")
    found = list(sums)
    rows = [_payout(row) for row in _whole(waiting).order_by("memo__issued_at", "created_at")[:limit]]
    return ToPay(rows, sum(each["n"] for each in found), [Money(each["minor"], each["currency"]) for each in found])


def payouts(*, actor: Actor, limit: int = 100) -> Sequence[Payout]:
    """What customers have: paid, given, sent; the newest first. Raises NotAllowed."""
    actor.must(*_READERS)
    return [_payout(row) for row in _whole(Remedy.objects.filter(state="settled")).order_by("-created_at")[:limit]]


def on_the_way(*, actor: Actor, limit: int = 100) -> Sequence[Payout]:
    """What was granted and waits for somebody else than finance: not posted yet, not sent yet, did not work.

    Oldest first. Raises NotAllowed.
    """
    actor.must(*_READERS)
    waiting = Remedy.objects.filter(state__in=["approved", "posted", "errored"]).exclude(kind="refund", state="posted")
    return [_payout(row) for row in _whole(waiting).order_by("created_at")[:limit]]


def access_remedy(*, actor: Actor, remedy_id: UUID) -> Remedy:
    """Raises NotAllowed, NotFound."""
    actor.must(*_READERS)
    found = Remedy.objects.select_related("line__return_case", "line__order_line__order").filter(pk=remedy_id).first()
    if found is None:
        raise NotFound()
    return found


def _whole(rows: QuerySet[Remedy]) -> QuerySet[Remedy]:
    return rows.select_related("line__return_case__order__channel", "line__order_line", "memo")


def _payout(row: Remedy) -> Payout:
    case = row.line.return_case
    return Payout(
        remedy_id=row.pk,
        line_id=row.line_id,
        case=case.number,
        kind=row.kind,
        state=row.state,
        word=remedy_word(kind=row.kind, state=row.state),
        amount=Money(row.amount_minor, row.currency),
        memo=row.memo.full_number if row.memo else "",
        order_number=case.order.number if case.order else "",
        channel=case.order.channel.name if case.order else "",
        at=row.memo.issued_at if row.memo else row.created_at,
        instruction=row.instruction,
        reference=row.reference,
        paid_on=row.paid_on,
        shop_gave_back=Money(row.line.order_line.refunded_minor if row.line.order_line else 0, row.currency),
    )
