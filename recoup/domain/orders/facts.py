"""What happened to orders."""

from uuid import UUID

from recoup.foundation.facts.registry import fact


@fact
class DeliveryReceived:
    """A channel delivered something; nobody has judged it yet."""

    delivery_id: UUID


@fact
class OrderAccepted:
    order_id: UUID


@fact
class DeliveryParked:
    delivery_id: UUID


@fact
class DeliveryDied:
    delivery_id: UUID
