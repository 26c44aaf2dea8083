"""What happened to money."""

from uuid import UUID

from recoup.foundation.facts.registry import fact


@fact
class CreditMemoIssued:
    memo_id: UUID


@fact
class SupplierCreditBooked:
    entry_id: UUID
