"""What happened to claims."""

from uuid import UUID

from recoup.foundation.facts.registry import fact


@fact
class ClaimOpened:
    claim_id: UUID


@fact
class ClaimExtended:
    claim_id: UUID
    line_id: UUID


@fact
class ClaimApproved:
    claim_id: UUID


@fact
class ClaimRefusedByBuyer:
    claim_id: UUID


@fact
class BoundaryExpired:
    claim_id: UUID


@fact
class PacketSent:
    packet_id: UUID


@fact
class SupplierAnswered:
    claim_id: UUID


@fact
class RecoveryRecorded:
    recovery_id: UUID


@fact
class ClaimReopened:
    claim_id: UUID


@fact
class ClaimClosed:
    claim_id: UUID
