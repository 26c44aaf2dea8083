"""Claims, lines, documents and versions, approvals, packets, answers, recoveries, closeout."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from recoup.domain.catalogue.models import Batch
from recoup.domain.claims import states
from recoup.domain.defects.models import DefectType
from recoup.domain.returns.models import ReturnLine
from recoup.domain.suppliers.models import POLine, PurchaseOrder, Supplier
from recoup.foundation.database.rows import Row
from recoup.foundation.database.triggers import append_only, legal_moves
from recoup.foundation.files.models import SealKey, StoredFile


class Claim(Row):
    """Our demand on one supplier, for one PO, batch and defect type."""

    number = models.CharField(max_length=20, unique=True, help_text="such as 'C-2026-00012'")
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="claims")
    purchase_order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="claims")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="claims")
    defect_type = models.ForeignKey(DefectType, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=states.CLAIM_MOVES.choices, default=states.CLAIM_MOVES.start)
    currency = models.CharField(max_length=3)
    reply_by_date = models.DateField(null=True, blank=True)
    # "Is the evidence strong enough and safe enough to send to the supplier?"
    decision_answer = models.CharField(max_length=10, blank=True, help_text="yes, not_yet or ''")
    decision_why = models.CharField(max_length=400, blank=True)
    # One key for the claim's own files (redacted packet, documents).
    key = models.ForeignKey(SealKey, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # A claim that gathers lines which came after another was sent.
    supplements = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supplemented_by"
    )

    # What it is about; where it stands moves.
    SEALED = (
        "number", "supplier_id", "purchase_order_id", "batch_id", "defect_type_id", "currency", "supplements_id",
    )  # fmt: skip

    class Meta:
        constraints = [
            # One claim gathers at a time, so that two returns racing join the same one. An approved claim that
            # reopens may stand beside its own supplement.
            models.UniqueConstraint(
                fields=["supplier", "purchase_order", "batch", "defect_type", "supplements"],
                condition=Q(state__in=["drafting", "redaction_pending", "ready"]),
                nulls_distinct=False,
                name="one_gathering_claim_per_group",
            ),
        ]
        triggers = [legal_moves(states.CLAIM_MOVES, "claim_moves")]

    def __str__(self) -> str:
        return self.number


class ClaimLine(Row):
    """One return line in the claim, and its money until nothing is open."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="lines")
    return_line = models.OneToOneField(ReturnLine, on_delete=models.PROTECT, related_name="claim_line")
    quantity = models.PositiveIntegerField()
    claimed_minor = models.BigIntegerField()
    accepted_minor = models.BigIntegerField(default=0)
    recovered_minor = models.BigIntegerField(default=0)
    written_off_minor = models.BigIntegerField(default=0)
    po_line = models.ForeignKey(POLine, on_delete=models.PROTECT, related_name="claim_lines")
    # How we know that this unit came on this PO: scanned, declared, allocated, inferred.
    source_how = models.CharField(max_length=12)
    # Why it stays in the claim although the warehouse took in something else, or less.
    kept_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    claimed_minor__gte=0, accepted_minor__gte=0, recovered_minor__gte=0, written_off_minor__gte=0
                ),
                name="claim_line_not_negative",
            ),
            models.CheckConstraint(condition=Q(accepted_minor__lte=F("claimed_minor")), name="accepted_within_claimed"),
            models.CheckConstraint(
                condition=Q(claimed_minor__gte=F("recovered_minor") + F("written_off_minor")),
                name="recovered_within_claimed",
            ),
        ]

    @property
    def open_minor(self) -> int:
        return self.claimed_minor - self.recovered_minor - self.written_off_minor


class TakenOut(Row):
    """A return line that a person took out of a claim before it was sent: not claimed, unless somebody gathers it again."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="taken_out")
    return_line = models.ForeignKey(ReturnLine, on_delete=models.PROTECT, related_name="taken_out")
    why = models.CharField(max_length=300)
    by_name = models.CharField(max_length=200)

    SEALED = ("claim_id", "return_line_id", "why", "by_name")

    class Meta:
        triggers = append_only("taken_out_append_only")


class Document(Row):
    """One baseline document of the file; its versions are kept together, refused ones too."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=24, choices=[(k, k.replace("_", " ")) for k in states.BASELINE])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim", "kind"], name="one_document_per_kind")]


class DocumentVersion(Row):
    """One state of a document: typed fields, and a file where there is one."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    source = models.CharField(max_length=80, help_text="gathered, uploaded, supplier, entered")
    # {"party": …, "product": …, "quantity": …, "value": …, "label": …, "shipment": …} plus what the kind needs
    fields = models.JSONField(default=dict)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True)
    sha256 = models.CharField(max_length=64)
    why = models.CharField(max_length=300, blank=True)
    by_kind = models.CharField(max_length=12)
    by_name = models.CharField(max_length=200)

    SEALED = ("document_id", "number", "source", "fields", "file_id", "sha256", "why", "by_kind", "by_name")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="one_version_per_number")]
        triggers = append_only("document_version_append_only")


class Approval(Row):
    """A buyer's yes within a boundary, or a refusal; both are kept."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="approvals")
    verdict = models.CharField(max_length=10, choices=[("approved", "approved"), ("refused", "refused")])
    # {"step", "purchase_order", "document_version", "evidence_due", "evidence_due_date", "kind": exception|instruction, "amount_minor"}
    boundary = models.JSONField(default=dict)
    reason = models.CharField(max_length=400, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    by_id = models.CharField(max_length=80)
    by_name = models.CharField(max_length=200)

    SEALED = ("claim_id", "verdict", "boundary", "reason", "expires_at", "by_id", "by_name")

    class Meta:
        triggers = append_only("approval_append_only")


class Question(Row):
    """The one specific thing asked of the supplier, or by them."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="questions")
    # The line that a supplier's question is about; None: the claim as a whole.
    claim_line = models.ForeignKey(ClaimLine, on_delete=models.PROTECT, null=True, blank=True, related_name="questions")
    asked_by = models.CharField(max_length=10, choices=[("us", "us"), ("supplier", "supplier")])
    kind = models.CharField(max_length=40)
    body = models.CharField(max_length=600, blank=True)
    due_date = models.DateField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)


class Packet(Row):
    """The redacted, signed-off set that leaves under one link."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="packets")
    number = models.PositiveIntegerField()
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    manifest = models.JSONField()
    sent_at = models.DateTimeField(null=True, blank=True)

    # As it was built; when it left is told by the trail.
    SEALED = ("claim_id", "number", "approval_id", "file_id", "file_name", "sha256", "manifest")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim", "number"], name="one_packet_per_number")]


class Answer(Row):
    """What the supplier says to one line."""

    claim_line = models.ForeignKey(ClaimLine, on_delete=models.PROTECT, related_name="answers")
    verdict = models.CharField(max_length=10, choices=[(a, a) for a in states.ANSWERS])
    accepted_minor = models.BigIntegerField(default=0)
    reason = models.CharField(max_length=600, blank=True)
    by_name = models.CharField(max_length=200)

    SEALED = ("claim_line_id", "verdict", "accepted_minor", "reason", "by_name", "created_at")

    class Meta:
        ordering = ["created_at", "id"]
        triggers = append_only("answer_append_only")


class Recovery(Row):
    """What came back: a credit note, a replacement, a deduction or a payment."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="recoveries")
    kind = models.CharField(max_length=12, choices=[(k, k) for k in states.RECOVERY_KINDS])
    reference = models.CharField(max_length=80)
    dated = models.DateField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    entry_id = models.UUIDField(null=True, help_text="the ledger entry that booked it")

    SEALED = ("claim_id", "kind", "reference", "dated", "amount_minor", "currency", "entry_id")

    class Meta:
        constraints = [
            # The same credit note counts once.
            models.UniqueConstraint(fields=["claim", "kind", "reference"], name="one_recovery_per_reference"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="recovery_positive"),
        ]
        triggers = append_only("recovery_append_only")


class RecoveryMatch(Row):
    """So much of a recovery belongs to this claim line."""

    recovery = models.ForeignKey(Recovery, on_delete=models.PROTECT, related_name="matches")
    claim_line = models.ForeignKey(ClaimLine, on_delete=models.PROTECT, related_name="matches")
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_minor__gt=0), name="match_positive")]
        triggers = append_only("recovery_match_append_only")


class Closeout(Row):
    """Six lines that end the file; each edit is a new version."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="closeouts")
    number = models.PositiveIntegerField()
    issue = models.CharField(max_length=400)
    affected_field = models.CharField(max_length=400)
    supplier_explanation = models.CharField(max_length=400)
    evidence_reviewed = models.CharField(max_length=400)
    buyer_decision = models.CharField(max_length=400)
    next_control = models.CharField(max_length=400)
    by_name = models.CharField(max_length=200)

    SEALED = ("claim_id", "number", *states.CLOSEOUT_LINES, "by_name")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim", "number"], name="one_closeout_per_number")]
        triggers = append_only("closeout_append_only")
