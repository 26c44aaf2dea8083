"""When a Shopify order left and arrived, and under which tracking numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from recoup.channels.reading import Source

_NEVER_LEFT = {"cancelled", "error", "failure"}


@dataclass(frozen=True, slots=True)
class Parcels:
    """With several parcels, the last one's times: the warranty must not end earlier for any of them."""

    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    tracking: tuple[str, ...] = ()


def read_parcels(order: Source) -> Parcels:
    sent = [each for each in order.parts("fulfillments") if each.text("status").lower() not in _NEVER_LEFT]
    shipped = [moment for each in sent if (moment := each.moment("created_at"))]
    arrived = [_arrived(each) for each in sent]
    known = [moment for moment in arrived if moment]
    numbers = dict.fromkeys(number for each in sent for number in _tracking(each))
    return Parcels(
        shipped_at=max(shipped, default=None),
        delivered_at=max(known) if known and len(known) == len(sent) else None,
        tracking=tuple(numbers),
    )


def _arrived(parcel: Source) -> datetime | None:
    """The shop knows of an arrival by the parcel's status; the time is that of its last change."""
    if parcel.has("delivered_at"):
        return parcel.moment("delivered_at")
    return parcel.moment("updated_at") if parcel.text("shipment_status").lower() == "delivered" else None


def _tracking(parcel: Source) -> list[str]:
    listed = parcel.data.get("tracking_numbers")
    numbers = [str(each)[:80] for each in listed if isinstance(each, (str, int))] if isinstance(listed, list) else []
    return [number for number in [*numbers, parcel.text("tracking_number", limit=80)] if number]
