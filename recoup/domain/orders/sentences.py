"""How the trail tells what happened to deliveries and orders."""

SENTENCES = {
    "channel.created": "{actor} added the channel {code}.",
    "delivery.received": "{channel} delivered {topic}.",
    "delivery.accepted": "{actor} found nothing that blocks the delivery; the order {number} follows it.",
    "delivery.parked": "{actor} parked the delivery until this is here: {waits}.",
    "delivery.stale": "{actor} left the delivery aside: a newer version of order {number} is here.",
    "delivery.duplicate": "{actor} left the delivery aside: order {number} has this content already.",
    "delivery.replaced": "{actor} left the dead delivery aside: order {number} came again, whole.",
    "delivery.set_aside": "{actor} set the dead delivery aside: {reason}",
    "delivery.died": "{actor} could not take the delivery in: {code} at {place}.",
    "delivery.woken": "{actor} took the delivery up again: {reference} is here.",
    "delivery.replayed": "{actor} sent the delivery through the gates again.",
    "delivery.opened": "{actor} looked at the bytes that came.",
    "order.accepted": "{actor} took in the order {number}.",
    "order.updated": "{actor} updated the order {number} to what its source says.",
    "order.corrected": "{actor} set {field} of the order {number} from {before} to {after}: {reason}",
    "order.serial_declared": "{actor} said that the serial {serial} was sold on line {position} of order {number}.",
}
