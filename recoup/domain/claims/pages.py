"""What the desk's claim pages show, as plain dataclasses. Amounts are Money in the claim's currency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from recoup.domain.claims.rules.amounts import Proposal
from recoup.domain.claims.rules.changes import Change
from recoup.domain.claims.rules.closeout import CloseoutLines
from recoup.domain.claims.rules.handoff import HandoffRow
from recoup.domain.claims.rules.sufficiency import Missing
from recoup.foundation.audit.queries import Line
from recoup.kit.money import Money

Dot = Literal["settled", "waiting", "stopped"]
DECISION_SENTENCE = "Is the customer-return evidence strong enough and safe enough to send to the supplier?"
TABS = {
    "what_happened": "What happened?",
    "evidence": "Evidence",
    "documents": "Documents",
    "approval": "Approval & payment",
    "supplier": "Supplier",
    "recovery": "Recovery & closing",
}


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim in the list. ``waits_for`` is a sentence; ``overdue`` when the supplier's reply is late."""

    number: str
    state: str
    supplier: str
    purchase_order: str
    batch: str
    defect: str
    lines: int
    quantity: int
    claimed: Money
    accepted: Money
    recovered: Money
    open: Money
    reply_by: date | None
    overdue: bool
    waits_for: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class UngatheredRow:
    """An approved return line that no claim could take, and why."""

    case: str
    sku: str
    quantity: int
    approved_at: datetime | None
    reason: str
    line_id: UUID
    ready: bool
    """The supplier is known by now: ``actions.gather`` takes it."""


@dataclass(frozen=True, slots=True)
class LineView:
    """One line: ``answer`` is the supplier's latest verdict, '' when none. ``source_how``: how we know the PO."""

    line_id: UUID
    case: str
    rma_number: str
    sku: str
    product: str
    batch: str
    serial: str
    quantity: int
    defect: str
    source_how: str
    goods: str
    gap: str
    """What came back otherwise than claimed, in a few words."""
    kept_why: str
    """Why the line stays in the claim all the same."""
    claimed: Money
    accepted: Money
    recovered: Money
    written_off: Money
    open: Money
    answer: str
    answer_reason: str
    answered_at: datetime | None
    photos: int
    signed_photos: int


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Lines of one SKU and defect. ``rate`` such as '1.2 % of 250 shipped', or 'rate unknown'."""

    sku: str
    product: str
    defect: str
    cases: int
    quantity: int
    shipped: int | None
    rate: str
    amount: Money


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A photo of the claim. ``copy_state``: none, proposed, signed, rejected. The original is only for the desk's sign-off."""

    photo_id: UUID
    case: str
    sku: str
    shot: str
    position: int
    copy_id: UUID | None
    copy_state: str
    copy_version: int
    sha256: str
    covers: list[Mapping[str, object]]
    residue: list[Mapping[str, object]]
    reject_reason: str
    signed_by: str
    signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class VersionView:
    number: int
    source: str
    at: datetime
    by: str
    why: str
    sha256: str
    fields: Mapping[str, object]
    file_id: UUID | None
    changes: tuple[Change, ...]
    """What differs from the version before; empty for the first."""


@dataclass(frozen=True, slots=True)
class DocumentView:
    """``current`` controls; ``prior`` stands beside it; ``versions`` are all, oldest first."""

    kind: str
    title: str
    current: VersionView | None
    prior: VersionView | None
    versions: list[VersionView]


@dataclass(frozen=True, slots=True)
class ApprovalView:
    verdict: str
    sentence: str
    reason: str
    by: str
    at: datetime
    expires_at: datetime | None
    expired: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """One look through the supplier's link, as the buyer sees it."""

    at: datetime
    sentence: str


@dataclass(frozen=True, slots=True)
class PacketView:
    packet_id: UUID
    number: int
    file_name: str
    sha256: str
    bytes: int
    files: int
    sent_at: datetime | None
    link_until: datetime | None
    """None: no link of this packet is open (never sent, revoked or expired)."""
    link_uses: int
    visits: list[Visit]


@dataclass(frozen=True, slots=True)
class QuestionView:
    question_id: UUID
    asked_by: str
    kind: str
    sentence: str
    due: date | None
    overdue: bool
    answer: str
    answered_at: datetime | None
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class RecoveryView:
    recovery_id: UUID
    kind: str
    reference: str
    dated: date
    amount: Money
    unmatched: Money
    matches: list[tuple[str, Money]]
    """(case number, amount) pairs."""


@dataclass(frozen=True, slots=True)
class MoneyView:
    claimed: Money
    accepted: Money
    recovered: Money
    written_off: Money
    open: Money
    unmatched: Money
    receivable: Money
    """What the ledger says the supplier still owes for this claim."""

    @property
    def overpaid(self) -> Money | None:
        """What the supplier paid beyond that, if anything."""
        return -self.receivable if self.receivable.minor < 0 else None


@dataclass(frozen=True, slots=True)
class ClaimPage:
    claim_id: UUID
    number: str
    state: str
    supplier: str
    supplier_email: str
    purchase_order: str
    batch: str
    defect: str
    currency: str
    opened_at: datetime
    reply_by: date | None
    supplements: str
    """The number of the claim this one adds to, or ''."""
    supplemented_by: list[str]
    question: str
    decision_answer: str
    decision_why: str
    folded: bool
    """True until the decision sentence is answered: what the supplier said since is then withheld, ``newer`` counts it."""
    newer: int
    verbs: list[str]
    dots: Mapping[str, Dot]
    """One per tab of TABS."""
    # What happened?
    lines: list[LineView]
    groups: list[GroupRow]
    timeline: list[Line]
    # Evidence
    photos: list[PhotoView]
    missing: tuple[Missing, ...]
    # Documents
    documents: list[DocumentView]
    # Approval & payment
    approvals: list[ApprovalView]
    standing: list[ApprovalView]
    """Exceptions and instructions that other claims on this supplier left standing."""
    summary_version: int
    # Supplier
    packets: list[PacketView]
    questions: list[QuestionView]
    catalogue: Mapping[str, str]
    # Recovery & closing
    money: MoneyView
    recoveries: list[RecoveryView]
    closeout: CloseoutLines
    """The latest saved closeout note, or the draft while there is none."""
    closeout_number: int
    """0: only a draft so far."""
    handoff: tuple[HandoffRow, ...]
    may_close: bool
    close_hindrance: str


@dataclass(frozen=True, slots=True)
class SignoffPage:
    """One photo at a time: original and outgoing side by side. ``photo`` is None when every photo is done."""

    number: str
    photo: PhotoView | None
    done: int
    total: int
    previous_id: UUID | None
    next_id: UUID | None


@dataclass(frozen=True, slots=True)
class RecoveryProposal:
    """How ``amount`` would be matched, for a person to confirm: (case number, line id, amount)."""

    amount: Money
    shares: list[tuple[str, UUID, Money]]
    unmatched: Money
    proposal: Proposal
