"""What happened to goods."""

from uuid import UUID

from recoup.foundation.facts.registry import fact


@fact
class GoodsReceived:
    receipt_id: UUID


@fact
class GoodsDispositioned:
    disposition_id: UUID
