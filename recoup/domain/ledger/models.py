"""Entries and postings, numbered credit memos, credit limits."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from recoup.domain.ledger import accounts
from recoup.foundation.database.rows import Row
from recoup.foundation.database.triggers import append_only
from recoup.foundation.files.models import StoredFile

# At commit, every entry that got a posting adds up to zero in that posting's currency.
_BALANCED = pgtrigger.Trigger(
    name="entry_balances",
    operation=pgtrigger.Insert,
    when=pgtrigger.After,
    timing=pgtrigger.Deferred,
    func="""
        IF (SELECT SUM(amount_minor) FROM ledger_posting WHERE entry_id = NEW.entry_id AND currency = NEW.currency) <> 0
        THEN RAISE EXCEPTION 'ledger entry % does not balance in %', NEW.entry_id, NEW.currency;
        END IF;
        RETURN NULL;
    """,
)


class Series(Row):
    """A gapless number series per year; the row is locked while a number is taken."""

    code = models.CharField(max_length=12)
    year = models.PositiveIntegerField()
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "year"], name="one_series_per_year")]


class CreditLimit(Row):
    """How much of one order line's price may be given back, and how much has been."""

    line_id = models.UUIDField(unique=True, help_text="the order line this limits")
    currency = models.CharField(max_length=3)
    paid_minor = models.BigIntegerField()
    credited_minor = models.BigIntegerField(default=0)

    # What has been credited moves; what was paid does not.
    SEALED = ("line_id", "currency", "paid_minor")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(credited_minor__gte=0, credited_minor__lte=F("paid_minor")),
                name="never_above_what_was_paid",
            ),
        ]


class CreditMemo(Row):
    """Our numbered document that lowers what the customer owes, or is owed. Immutable once issued."""

    series = models.CharField(max_length=12)
    year = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    issued_at = models.DateTimeField()
    currency = models.CharField(max_length=3)
    order_number = models.CharField(max_length=120)
    rma_number = models.CharField(max_length=40)
    reason = models.CharField(max_length=300)
    # {"name", "lines": […]}: the customer as printed on the document.
    party = models.JSONField(default=dict)
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "number"], name="one_memo_per_number"),
            models.CheckConstraint(condition=Q(total_minor=F("net_minor") + F("tax_minor")), name="memo_total_adds_up"),
        ]
        triggers = append_only("credit_memo_append_only")

    @property
    def full_number(self) -> str:
        return f"{self.series}-{self.year}-{self.number:05d}"

    def __str__(self) -> str:
        return self.full_number


class CreditMemoLine(Row):
    memo = models.ForeignKey(CreditMemo, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    line_id = models.UUIDField(help_text="the order line credited")
    description = models.CharField(max_length=300)
    sku = models.CharField(max_length=80)
    quantity = models.PositiveIntegerField()
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    # Basis points of net: 1900 = 19 %. Derived from the order's own tax, for the document only.
    tax_rate_bp = models.PositiveIntegerField(default=0)

    class Meta:
        triggers = append_only("credit_memo_line_append_only")


class MemoDocument(Row):
    """The rendered PDF of a memo; several when a template was repaired, the first is the one that was sent."""

    memo = models.ForeignKey(CreditMemo, on_delete=models.PROTECT, related_name="documents")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    template_version = models.CharField(max_length=20)

    SEALED = ("memo_id", "file_id", "template_version")


class Entry(Row):
    """One booking. Its postings add up to zero in each currency."""

    kind = models.CharField(
        max_length=40, help_text="memo, refund, store_credit, claim_accepted, supplier_credit, write_off, reversal"
    )
    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField(db_index=True)
    booked_at = models.DateTimeField()
    memo = models.ForeignKey(CreditMemo, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by")

    class Meta:
        triggers = append_only("entry_append_only")


class Posting(Row):
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="postings")
    account = models.CharField(max_length=40, choices=[(a, a.replace("_", " ")) for a in accounts.ALL], db_index=True)
    amount_minor = models.BigIntegerField(help_text="debit positive, credit negative")
    currency = models.CharField(max_length=3)
    # Whose: a supplier or customer id, so that balances can be asked per party.
    party_id = models.UUIDField(null=True, blank=True, db_index=True)

    class Meta:
        triggers = [*append_only("posting_append_only"), _BALANCED]
