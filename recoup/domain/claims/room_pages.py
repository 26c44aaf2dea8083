"""What a supplier sees in their room: nothing personal of a customer, nothing that was not in the packet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from recoup.kit.actor import Actor
from recoup.kit.money import Money


@dataclass(frozen=True, slots=True)
class Visit:
    """A checked and recorded entry through a link; made by ``actions.enter_room`` only.

    ``actor`` is the supplier as every action wants to know them; pass it to ``actions.answer``.
    """

    packet_id: UUID
    claim_id: UUID
    actor: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class RoomPhoto:
    """A signed-off redacted photo; its bytes: ``supplier_queries.packet_file(visit=…, name=…)``."""

    name: str
    line_id: UUID
    shot: str
    date: date
    sha256: str


@dataclass(frozen=True, slots=True)
class RoomLine:
    """``verdict`` is the supplier's own latest answer, '' when none. ``final``: nothing can be changed here any more.

    ``questions``: what the supplier asked about this line, with our answers, oldest first.
    """

    line_id: UUID
    case: str
    sku: str
    product: str
    batch: str
    serial: str
    quantity: int
    defect: str
    claimed: Money
    accepted: Money
    verdict: str
    reason: str
    answered_at: datetime | None
    final: bool
    photos: list[RoomPhoto]
    questions: list[RoomQuestion]


@dataclass(frozen=True, slots=True)
class RoomQuestion:
    question_id: UUID
    ours: bool
    """True: the buyer asks the supplier."""
    sentence: str
    asked_at: datetime
    due: date | None
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class SupplierRoom:
    claim_id: UUID
    number: str
    state: str
    buyer: str
    """Our company's name."""
    supplier: str
    purchase_order: str
    batch: str
    defect: str
    quantity: int
    claimed: Money
    accepted: Money
    rate: str
    demand: str
    """One sentence: what we ask for."""
    reply_by: date | None
    overdue: bool
    sent_at: datetime | None
    packet_name: str
    packet_sha256: str
    packet_bytes: int
    lines: list[RoomLine]
    questions: list[RoomQuestion]
    """Those about the claim as a whole."""
    may_answer: bool
