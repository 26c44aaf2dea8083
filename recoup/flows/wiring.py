"""What follows by itself: the one table of it. Fact → flows, each run once per fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from recoup.domain.catalogue.facts import ReferenceArrived
from recoup.domain.claims.facts import (
    ClaimApproved,
    ClaimExtended,
    ClaimOpened,
    PacketSent,
    RecoveryRecorded,
    SupplierAnswered,
)
from recoup.domain.evidence.facts import PhotoArrived
from recoup.domain.orders.facts import DeliveryReceived
from recoup.flows import (
    claim_approved,
    claim_gathered,
    delivery_received,
    packet_sent,
    photo_arrived,
    recovery_recorded,
    reference_arrived,
    supplier_answered,
)

WIRING: Mapping[type, Sequence[Any]] = {
    DeliveryReceived: [delivery_received.judge_delivery],
    ReferenceArrived: [reference_arrived.wake_deliveries],
    PhotoArrived: [photo_arrived.judge_photo],
    ClaimOpened: [claim_gathered.gather_documents, claim_gathered.redact_photos],
    ClaimExtended: [claim_gathered.gather_documents, claim_gathered.redact_photos],
    ClaimApproved: [claim_approved.build_packet_and_send],
    PacketSent: [packet_sent.tell_buyers_of_packet],
    SupplierAnswered: [supplier_answered.tell_buyers_of_answer],
    RecoveryRecorded: [recovery_recorded.tell_finance],
}
