"""Balances and documents. Everything about money on a screen is one of these."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum

from recoup.domain.ledger import accounts
from recoup.domain.ledger.models import CreditLimit, CreditMemo, MemoDocument, Posting
from recoup.kit.actor import Actor
from recoup.kit.money import Money
from recoup.kit.refusal import NotFound


def balance(*, account: str, currency: str, party_id: UUID | None = None) -> Money:
    """The sum of postings to an account, of one party if given; debit positive."""
    postings = Posting.objects.filter(account=account, currency=currency)
    if party_id is not None:
        postings = postings.filter(party_id=party_id)
    return Money(postings.aggregate(total=Sum("amount_minor"))["total"] or 0, currency)


def receivable(*, supplier_id: UUID, currency: str) -> Money:
    """What a supplier has accepted and not yet given."""
    return balance(account=accounts.SUPPLIER_RECEIVABLE, currency=currency, party_id=supplier_id)


def open_by_party(*, account: str) -> list[tuple[UUID, Money]]:
    """Who has a balance on this account that is not zero, by party and currency, the largest first."""
    sums = Posting.objects.filter(account=account, party_id__isnull=False).values("party_id", "currency")
    rows = sums.annotate(total=Sum("amount_minor")).exclude(total=0).order_by("-total")
    return [(row["party_id"], Money(row["total"], row["currency"])) for row in rows if row["party_id"]]


def trial_balance() -> dict[str, dict[str, int]]:
    """{currency: {account: minor units}}; each currency adds up to zero."""
    table: dict[str, dict[str, int]] = {}
    for row in (
        Posting.objects.values("currency", "account")
        .annotate(total=Sum("amount_minor"))
        .order_by("currency", "account")
    ):
        table.setdefault(row["currency"], {})[row["account"]] = row["total"]
    return table


def credited(*, line_ids: Iterable[UUID]) -> dict[UUID, Money]:
    """How much of each order line has been credited so far."""
    limits = CreditLimit.objects.filter(line_id__in=list(line_ids))
    return {limit.line_id: Money(limit.credited_minor, limit.currency) for limit in limits}


def memo(*, memo_id: UUID) -> CreditMemo:
    """For flows, which need no role. Raises NotFound."""
    found = CreditMemo.objects.filter(pk=memo_id).first()
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True, slots=True)
class MemoRow:
    """A memo as a list shows it."""

    memo: CreditMemo
    total: Money
    document: MemoDocument | None


def memos(*, actor: Actor, limit: int = 200) -> list[MemoRow]:
    """The newest memos, for finance."""
    actor.must("finance", "agent", "buyer", "quality")
    rows = CreditMemo.objects.prefetch_related("documents__file__key").order_by("-issued_at", "-number")[:limit]
    return [_row(memo) for memo in rows]


def access_memo(*, actor: Actor, number: str) -> MemoRow:
    """One memo by its full number, such as 'CM-2026-00012'. Raises NotFound."""
    actor.must("finance", "agent", "buyer", "quality")
    series, _, rest = number.partition("-")
    year, _, count = rest.partition("-")
    if not (year.isdigit() and count.isdigit()):
        raise NotFound()
    found = (
        CreditMemo.objects.filter(series=series, year=int(year), number=int(count))
        .prefetch_related("documents__file__key")
        .first()
    )
    if found is None:
        raise NotFound()
    return _row(found)


def _row(memo: CreditMemo) -> MemoRow:
    documents = sorted(memo.documents.all(), key=lambda each: each.created_at)
    return MemoRow(memo, Money(memo.total_minor, memo.currency), documents[0] if documents else None)
