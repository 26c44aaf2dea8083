"""What must always be true of money; each broken law is named in one line."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, F, Max, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from recoup.domain.ledger import digests
from recoup.domain.ledger.models import CreditLimit, CreditMemo, CreditMemoLine, Entry, MemoDocument, Posting, Series
from recoup.foundation.audit.models import Record
from recoup.foundation.database.findings import Finding
from recoup.kit.money import Money


def entries_balance() -> Iterator[Finding]:
    """Each entry has postings, and they add up to zero in each currency."""
    for row in Posting.objects.values("entry_id", "currency").annotate(total=Sum("amount_minor")).exclude(total=0):
        yield Finding(
            "ledger.balance",
            str(row["entry_id"]),
            f"Its postings are off by {Money(row['total'], row['currency'])}.",
        )
    for entry in Entry.objects.filter(postings=None):
        yield Finding("ledger.balance", str(entry.pk), "The entry has no postings.")


def memos_add_up() -> Iterator[Finding]:
    """A memo's total is the sum of its lines, and its booking says the same."""
    for memo in CreditMemo.objects.annotate(lines_net=Sum("lines__net_minor"), lines_tax=Sum("lines__tax_minor")):
        if (memo.lines_net, memo.lines_tax) != (memo.net_minor, memo.tax_minor):
            yield Finding("ledger.memo", memo.full_number, "Its lines do not add up to its total.")
    for entry in Entry.objects.filter(kind="memo", memo=None):
        yield Finding("ledger.memo", str(entry.pk), "It is the booking of a credit memo that is not here.")
    booked = Posting.objects.filter(entry__kind="memo", account="customer_credit", entry__memo__isnull=False)
    for row in booked.values("entry__memo_id").annotate(
        total=Sum("amount_minor"), granted=Max("entry__memo__total_minor")
    ):
        if row["total"] != -row["granted"]:
            yield Finding("ledger.memo", str(row["entry__memo_id"]), "Its booking differs from its total.")


def numbers_are_gapless() -> Iterator[Finding]:
    """Numbers run from 1 to the series' last without a gap, and the series knows of every memo."""
    seen = {
        (row["series"], row["year"]): row
        for row in CreditMemo.objects.values("series", "year").annotate(
            n=Count("id"), first=Min("number"), last=Max("number")
        )
    }
    given = {(series.code, series.year): series.last_number for series in Series.objects.filter(last_number__gt=0)}
    for code, year in sorted(seen.keys() | given.keys()):
        row, numbers = seen.get((code, year), {"n": 0, "first": 0, "last": 0}), given.get((code, year), 0)
        if (row["n"], row["first"], row["last"]) != (numbers, 1, numbers):
            said = f"{row['n']} memos up to number {row['last']}, and the series says that {numbers} were given."
            yield Finding("ledger.numbers", f"{code}-{year}", said)


def credits_stay_within_limits() -> Iterator[Finding]:
    """Each line's credited amount is what its memos say, and not above what was paid."""
    per_line = (
        CreditMemoLine.objects.filter(line_id=OuterRef("line_id"))
        .order_by()
        .values("line_id")
        .annotate(total=Sum(F("net_minor") + F("tax_minor")))
    )
    for limit in CreditLimit.objects.annotate(by_memos=Coalesce(Subquery(per_line.values("total")), 0)):
        if limit.by_memos != limit.credited_minor or limit.credited_minor > limit.paid_minor:
            yield Finding(
                "ledger.limit",
                str(limit.line_id),
                f"{Money(limit.by_memos, limit.currency)} credited by memos, "
                f"{Money(limit.credited_minor, limit.currency)} on the limit.",
            )
    yield from _beyond_any_limit()


def _beyond_any_limit() -> Iterator[Finding]:
    """From the memos' side: whatever was credited has a limit, in the same currency."""
    limit = CreditLimit.objects.filter(line_id=OuterRef("line_id"))
    credited = CreditMemoLine.objects.order_by().values("line_id", "memo__currency")
    sums = credited.annotate(total=Sum(F("net_minor") + F("tax_minor")), limit=Subquery(limit.values("currency")[:1]))
    for row in sums.filter(Q(limit=None) | ~Q(limit=F("memo__currency"))).iterator():
        amount = Money(row["total"], row["memo__currency"])
        limited = f"its limit is in {row['limit']}" if row["limit"] else "no limit says how much was paid"
        yield Finding("ledger.limit", str(row["line_id"]), f"{amount} credited by memos, and {limited}.")


def documents_are_kept() -> Iterator[Finding]:
    """The document of a memo is whole, or was erased with its key."""
    erased = Q(file__state="gone", file__key__destroyed_at__isnull=False)
    for document in MemoDocument.objects.exclude(erased | Q(file__state="complete")).select_related("memo").iterator():
        yield Finding("ledger.document", document.memo.full_number, "Its document is not here, and nobody erased it.")


def contents_are_as_sealed() -> Iterator[Finding]:
    """Each entry and memo still has the content whose digest the audit trail keeps."""
    sealed = {
        str(r.subject_id): r.facts["digest"] for r in Record.objects.filter(verb__in=["entry.booked", "memo.issued"])
    }
    for entry in Entry.objects.prefetch_related("postings").iterator(chunk_size=1000):
        if sealed.get(str(entry.pk)) != digests.of_entry(entry):
            yield Finding("ledger.sealed", str(entry.pk), "The entry or one of its postings is not what was booked.")
    for memo in CreditMemo.objects.prefetch_related("lines").iterator(chunk_size=1000):
        if sealed.get(str(memo.pk)) != digests.of_memo(memo):
            yield Finding("ledger.sealed", memo.full_number, "The memo or one of its lines is not what was issued.")
