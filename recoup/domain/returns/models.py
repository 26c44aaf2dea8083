"""Capture links, returns and their lines, checks, decisions, remedies, messages, policies."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from recoup.domain.catalogue.models import Batch, Serial
from recoup.domain.defects.models import SHOTS, DefectType
from recoup.domain.evidence.models import CaptureSession, Photo
from recoup.domain.ledger.models import CreditMemo
from recoup.domain.orders.models import Order, OrderLine
from recoup.domain.returns import states
from recoup.foundation.database.rows import Row
from recoup.foundation.database.triggers import append_only, legal_moves


class Return(Row):
    """One customer's case. It may have no known order yet (a blind return): then it waits for 'order'."""

    number = models.CharField(max_length=20, unique=True, help_text="the case's own number, such as 'R-K7QM-2X9D'")
    # Minted on the first approval; printed as text and code on the label.
    rma_number = models.CharField(max_length=20, unique=True, null=True, blank=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="returns")
    # How we know that it is this order: the link was made for it, the customer typed its number, an agent looked.
    order_how = models.CharField(max_length=8, choices=[(h, h) for h in states.ORDER_HOW], default="", blank=True)
    order_typed = models.CharField(max_length=120, blank=True, help_text="the order number a customer typed, blind")
    waiting_for = models.CharField(max_length=12, choices=[(w, w) for w in states.WAITING_FOR], default="nobody")
    deadline_at = models.DateTimeField(null=True, blank=True)
    priority = models.PositiveSmallIntegerField(default=3, help_text="1 first; what the policy says")
    owner_id = models.UUIDField(null=True, blank=True, help_text="the staff member who took the case")
    # The last photo's last byte, the submission and the first decision: what the figures are made of.
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["waiting_for", "deadline_at"])]

    def __str__(self) -> str:
        return self.number


class CaptureLink(Row):
    """Ties a capture session to the order it was opened for, and to the return it became or adds to."""

    session = models.OneToOneField(CaptureSession, on_delete=models.PROTECT, related_name="link")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, blank=True)
    return_case = models.ForeignKey(Return, on_delete=models.PROTECT, null=True, blank=True, related_name="links")
    # What the customer has chosen so far, so that a reload loses nothing: {line, defect_type, quantity, serial, words}.
    draft = models.JSONField(default=dict, blank=True)
    # What the code on the box said that led here: {gtin, batch, serial}.
    box = models.JSONField(default=dict, blank=True)
    chosen_at = models.DateTimeField(null=True, blank=True, help_text="when they last chose something")


class ReturnLine(Row):
    return_case = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(
        OrderLine, on_delete=models.PROTECT, null=True, blank=True, related_name="return_lines"
    )
    quantity = models.PositiveIntegerField(default=1)
    defect_type = models.ForeignKey(DefectType, on_delete=models.PROTECT, related_name="+")
    serial_typed = models.CharField(max_length=60, blank=True)
    batch_said = models.CharField(max_length=60, blank=True, help_text="by the code on the customer's box")
    serial = models.ForeignKey(Serial, on_delete=models.PROTECT, null=True, blank=True, related_name="return_lines")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="return_lines")
    batch_how = models.CharField(max_length=12, blank=True)
    words = models.TextField(blank=True, help_text="what the customer said, optional")
    evidence = models.CharField(max_length=16, choices=states.EVIDENCE.choices, default=states.EVIDENCE.start)
    decision = models.CharField(max_length=16, choices=states.DECISION.choices, default=states.DECISION.start)
    goods = models.CharField(max_length=16, choices=states.GOODS.choices, default=states.GOODS.start)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="return_quantity_positive")]
        triggers = [
            legal_moves(states.EVIDENCE, "evidence_moves"),
            legal_moves(states.DECISION, "decision_moves"),
            legal_moves(states.GOODS, "goods_moves"),
        ]


class LinePhoto(Row):
    """This photo is evidence for this line, as this shot."""

    line = models.ForeignKey(ReturnLine, on_delete=models.PROTECT, related_name="photos")
    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="lines")
    shot = models.CharField(max_length=20, choices=SHOTS)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "photo"], name="a_photo_once_per_line")]


class Check(Row):
    """One automatic judgement. Runs are kept; the latest run of a line is the one that counts."""

    line = models.ForeignKey(ReturnLine, on_delete=models.PROTECT, related_name="checks")
    run = models.PositiveIntegerField()
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=20, choices=[(c, c) for c in states.CHECKS])
    result = models.CharField(max_length=16, choices=[(r, r) for r in states.RESULTS])
    facts = models.JSONField(default=dict)
    sentence = models.CharField(max_length=400)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["line", "run", "code"], name="one_result_per_check_and_run")]
        triggers = append_only("check_append_only")


class Policy(Row):
    """One version of the decision table. First row that matches wins."""

    version = models.PositiveIntegerField(unique=True)
    # [{"row": 1, "when": {"warranty": ["pass"], …}, "then": "approve|ask|agent", "remedy": …, "because": "…"}, …]
    rows = models.JSONField()
    published_at = models.DateTimeField(null=True, blank=True)


class Decision(Row):
    """What was proposed or decided, by whom, and why. Proposals are kept beside decisions."""

    line = models.ForeignKey(ReturnLine, on_delete=models.PROTECT, related_name="decisions")
    verb = models.CharField(max_length=16, help_text="propose, approve, refuse, ask, cancel, appeal")
    proposal = models.CharField(max_length=16, blank=True, help_text="for propose: approve, ask, agent")
    remedy = models.CharField(max_length=16, blank=True)
    amount_minor = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, null=True, blank=True)
    policy_row = models.PositiveIntegerField(null=True, blank=True)
    run = models.PositiveIntegerField(null=True, blank=True, help_text="the run of checks it stands on")
    actor_kind = models.CharField(max_length=12)
    actor_id = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=200)
    # For ask: the shots still wanted.
    shots = models.JSONField(default=list, blank=True)

    SEALED = ("line_id", "verb", "remedy", "amount_minor", "currency", "reason", "actor_kind", "actor_id", "actor_name")

    class Meta:
        ordering = ["created_at"]
        triggers = append_only("decision_append_only")


class Reminder(Row):
    """The customer was reminded of what they began, or of the photos we asked for: the first or the second time."""

    link = models.ForeignKey(CaptureLink, on_delete=models.PROTECT, related_name="reminders")
    ask = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="reminders")
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=2), name="reminded_at_most_twice"),
            models.UniqueConstraint(fields=["link", "number"], condition=Q(ask=None), name="begun_reminded_once"),
            models.UniqueConstraint(fields=["ask", "number"], name="ask_reminded_once"),
        ]
        triggers = append_only("reminder_append_only")


class Remedy(Row):
    """What the customer gets: a refund, store credit, or a replacement."""

    line = models.ForeignKey(ReturnLine, on_delete=models.PROTECT, related_name="remedies")
    kind = models.CharField(max_length=16, choices=[(r, r) for r in states.REMEDIES])
    state = models.CharField(max_length=12, choices=states.REMEDY.choices, default=states.REMEDY.start)
    amount_minor = models.BigIntegerField(default=0)
    tax_minor = models.BigIntegerField(
        default=0, help_text="the tax within it, fixed with the amount when it is approved"
    )
    currency = models.CharField(max_length=3)
    memo = models.ForeignKey(CreditMemo, on_delete=models.PROTECT, null=True, blank=True, related_name="remedies")
    # For a refund: the instruction to the channel; for store credit: its code.
    instruction = models.JSONField(default=dict, blank=True)
    # What a person of finance confirmed of a refund: under which number it was paid, and on which day.
    reference = models.CharField(max_length=80, blank=True)
    paid_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="remedy_not_negative"),
            models.CheckConstraint(
                condition=Q(tax_minor__gte=0, tax_minor__lte=models.F("amount_minor")), name="remedy_tax_within"
            ),
            models.CheckConstraint(
                condition=Q(kind="refund", state="settled", paid_on__isnull=False) & ~Q(reference="")
                | ~Q(kind="refund", state="settled") & Q(paid_on=None, reference=""),
                name="a_refund_is_settled_by_its_payment",
            ),
        ]
        triggers = [legal_moves(states.REMEDY, "remedy_moves")]


class Message(Row):
    """A word between the parties of a case, with its audience; every read filters by it."""

    return_case = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="messages")
    audience = models.CharField(max_length=12, choices=[(a, a) for a in ("customer", "staff")])
    body = models.TextField()
    author_kind = models.CharField(max_length=12)
    author_name = models.CharField(max_length=200)
