"""What happened to returns."""

from uuid import UUID

from recoup.foundation.facts.registry import fact


@fact
class CodeAsked:
    """Somebody typed an order number and an address at the front door, whether an order fits or not."""

    code_id: UUID


@fact
class ReturnSubmitted:
    return_id: UUID


@fact
class EvidenceChanged:
    """A photo of this return was judged, or photos were added: verify again."""

    return_id: UUID


@fact
class ReturnLineApproved:
    line_id: UUID


@fact
class ReturnLineRefused:
    line_id: UUID


@fact
class MorePhotosAsked:
    line_id: UUID


@fact
class CustomerReminded:
    """Of what they began and did not send, or of the photos we asked for; the letter follows."""

    reminder_id: UUID


@fact
class WaitOverdue:
    """A customer's answer, an order or goods have not come in time; an agent has the case."""

    return_id: UUID


@fact
class GoodsLost:
    line_id: UUID


@fact
class RemedySettled:
    """The customer has it: a refund was paid, store credit given, a replacement sent."""

    remedy_id: UUID
