"""What must always be true of money; each broken law is named in one line."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Subquery, Sum

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
    """Each line has a limit; its credited amount is what its memos say, in their currency, and not above what was paid."""
    limit = CreditLimit.objects.filter(line_id=OuterRef("line_id"))
    by_memos = (
        CreditMemoLine.objects.order_by()
        .values("line_id", "memo__currency")
        .annotate(
            total=Sum(F("net_minor") + F("tax_minor")),
            currency=Subquery(limit.values("currency")),
            credited=Subquery(limit.values("credited_minor")),
            paid=Subquery(limit.values("paid_minor")),
        )
    )
    alike = Q(currency=F("memo__currency"), credited=F("total"), paid__gte=F("credited"))
    for row in by_memos.filter(Q(currency=None) | ~alike).iterator():
        credited = Money(row["total"], row["memo__currency"])
        limited = (
            f"{Money(row['credited'], row['currency'])} on the limit" if row["currency"] else "and there is no limit"
        )
        yield Finding("ledger.limit", str(row["line_id"]), f"{credited} credited by memos, {limited}.")
    memos = CreditMemoLine.objects.filter(line_id=OuterRef("line_id"))
    for alone in CreditLimit.objects.filter(~Exists(memos)).exclude(credited_minor=0).iterator():
        credited = Money(alone.credited_minor, alone.currency)
        yield Finding("ledger.limit", str(alone.line_id), f"No memo credited the {credited} on the limit.")


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
