"""What follows by itself: the one table of it. Fact → flows, each run once per fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from recoup.domain.catalogue.facts import ReferenceArrived
from recoup.domain.claims.facts import (
    BoundaryExpired,
    ClaimApproved,
    ClaimExtended,
    ClaimOpened,
    PacketSent,
    RecoveryRecorded,
    SupplierAnswered,
)
from recoup.domain.evidence.facts import PhotoArrived, PhotoJudged, PhotoSentAnyway
from recoup.domain.ledger.facts import CreditMemoIssued
from recoup.domain.orders.facts import DeliveryReceived, OrderAccepted
from recoup.domain.returns.facts import (
    CodeAsked,
    CustomerReminded,
    EvidenceChanged,
    MorePhotosAsked,
    RemedySettled,
    ReturnLineApproved,
    ReturnLineRefused,
    ReturnSubmitted,
)
from recoup.domain.warehouse.facts import GoodsReceived
from recoup.flows import (
    boundary_expired,
    claim_approved,
    claim_gathered,
    code_asked,
    customer_reminded,
    delivery_received,
    goods_received,
    memo_issued,
    more_photos_asked,
    order_accepted,
    packet_sent,
    photo_arrived,
    photo_judged,
    recovery_recorded,
    reference_arrived,
    remedy_settled,
    return_approved,
    return_refused,
    return_submitted,
    supplier_answered,
)

WIRING: Mapping[type, Sequence[Any]] = {
    DeliveryReceived: [delivery_received.judge_delivery],
    ReferenceArrived: [reference_arrived.wake_deliveries],
    OrderAccepted: [order_accepted.wake_blind_returns],
    CodeAsked: [code_asked.send_code],
    PhotoArrived: [photo_arrived.judge_photo],
    PhotoJudged: [photo_judged.attach_and_verify],
    PhotoSentAnyway: [photo_judged.verify_sent_anyway],
    ReturnSubmitted: [return_submitted.verify_submitted, return_submitted.thank_customer],
    EvidenceChanged: [return_submitted.verify_again],
    MorePhotosAsked: [more_photos_asked.ask_customer],
    CustomerReminded: [customer_reminded.remind_customer],
    ReturnLineApproved: [
        return_approved.pay_customer,
        return_approved.tell_customer_approved,
        return_approved.tell_logistics,
        return_approved.gather_claim,
    ],
    ReturnLineRefused: [return_refused.tell_customer_refused],
    CreditMemoIssued: [memo_issued.keep_memo_document],
    RemedySettled: [remedy_settled.tell_customer_settled],
    GoodsReceived: [goods_received.tell_customer_received],
    ClaimOpened: [claim_gathered.gather_documents, claim_gathered.redact_photos],
    ClaimExtended: [claim_gathered.gather_documents, claim_gathered.redact_photos],
    ClaimApproved: [claim_approved.build_packet_and_send],
    BoundaryExpired: [boundary_expired.tell_buyers_of_expiry],
    PacketSent: [packet_sent.tell_buyers_of_packet],
    SupplierAnswered: [supplier_answered.tell_buyers_of_answer],
    RecoveryRecorded: [recovery_recorded.tell_finance],
}
