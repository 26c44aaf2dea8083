"""Every write about channels, deliveries and orders.

A delivery is stored first, byte for byte, and judged later: what a channel sends is never lost because of what is
in it. Two deliveries of one order are judged one after the other (a lock per order), so the newest content wins in
whatever order they come.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.utils import timezone

from recoup.domain.catalogue import actions as catalogue
from recoup.domain.catalogue import queries as catalogue_queries
from recoup.domain.catalogue.models import Serial
from recoup.domain.orders import rules, secrets
from recoup.domain.orders.acceptance import accept, completed
from recoup.domain.orders.canonical import OrderDraft, Reading
from recoup.domain.orders.facts import DeliveryDied, DeliveryParked, DeliveryReceived, OrderAccepted
from recoup.domain.orders.models import Channel, Delivery, LineSerial, Order, OrderLine
from recoup.domain.orders.states import DELIVERY_MOVES
from recoup.foundation.audit import actions as audit
from recoup.foundation.database.locks import advisory
from recoup.foundation.facts import actions as facts
from recoup.kit.actor import Actor
from recoup.kit.problem import Problem, blocking
from recoup.kit.refusal import Refusal

CORRECTABLE = ("country", "shipped_at", "delivered_at")


class ChannelTaken(Refusal):
    code = "orders.channel_taken"
    sentence = "There is a channel called {code} already. Choose another name."


class UnknownTimeZone(Refusal):
    code, status = "orders.unknown_time_zone", 400
    sentence = "{time_zone} is not a time zone. Write it as in Europe/Berlin."


class NoReason(Refusal):
    code, status = "orders.no_reason", 422
    sentence = "Say in a few words why nothing is to come of it. The reason is kept with what came."


class NotCorrectable(Refusal):
    code, status = "orders.not_correctable", 400
    sentence = "“{field}” is told by the shop only. Here, you can correct: {known}."


@transaction.atomic
def create_channel(
    *, code: str, kind: str, name: str = "", secret: str = "", time_zone: str = "UTC", actor: Actor
) -> Channel:
    """Add a source of orders. The secret is sealed at once. Raises ChannelTaken, UnknownTimeZone or NotAllowed."""
    actor.must("admin")
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise UnknownTimeZone(time_zone=time_zone) from None
    fields = {"kind": kind, "name": name or code, "time_zone": time_zone}
    channel, added = Channel.objects.get_or_create(code=code, defaults=fields)
    if not added:
        raise ChannelTaken(code=code)
    channel.sealed_secret = secrets.seal(secret, channel_id=channel.pk)
    channel.save(update_fields=["sealed_secret"])
    audit.record(verb="channel.created", subject=channel, actor=actor, code=code)
    return channel


@transaction.atomic
def receive(*, channel: Channel, delivery_key: str, topic: str, body: bytes, actor: Actor) -> Delivery:
    """Store what came, whatever it is, and have it judged soon.

    The same key with the same bytes again gives the earlier delivery (and settles what came of its order since and
    died). The same key with other bytes is kept beside it: nothing that comes in is lost.
    """
    key = _storable(delivery_key)[:180]
    delivery, added = _insert(channel, key, topic, body)
    if not added and bytes(delivery.body) != body:
        delivery, added = _insert(channel, f"{key}#{hashlib.sha256(body).hexdigest()[:16]}", topic, body)
    if added:
        audit.record(
            verb="delivery.received", subject=delivery, actor=actor, seals=[delivery],
            channel=channel.code, topic=delivery.topic,
        )  # fmt: skip
        facts.tell(DeliveryReceived(delivery_id=delivery.pk))
    elif delivery.order and delivery.state == "accepted":
        _replace_dead(delivery.order, actor, came=timezone.now())
    return delivery


def _insert(channel: Channel, key: str, topic: str, body: bytes) -> tuple[Delivery, bool]:
    row = Delivery(channel=channel, delivery_key=key, topic=_storable(topic)[:80], body=body)
    Delivery.objects.bulk_create([row], ignore_conflicts=True)
    kept = Delivery.objects.get(channel=channel, delivery_key=key)
    return kept, kept.pk == row.pk


def _storable(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


@transaction.atomic
def judge(*, delivery: Delivery, reading: Reading, at: datetime, actor: Actor) -> Delivery:
    """Send what the channel read out of the delivery through the gates; returns the delivery where it stands then.

    Only a delivery in state *received* is judged; any other is returned as it is, so judging twice does no harm.
    """
    # Only the delivery itself: locking its channel too would judge a whole shop one after the other.
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("channel").get(pk=delivery.pk)
    if delivery.state != DELIVERY_MOVES.start:
        return delivery
    draft = reading.order
    problems = [*reading.problems, *(rules.gates(draft, at=at) if draft else ())]
    if draft is None or blocking(problems):
        _die(delivery, reading, problems, actor)
    else:
        with advisory(f"order:{delivery.channel_id}:{draft.external_id}"):
            _settle(delivery, reading, draft, at, actor)
    return delivery


def _settle(delivery: Delivery, reading: Reading, draft: OrderDraft, at: datetime, actor: Actor) -> None:
    """Stale, duplicate, dead, parked or accepted, by what we have of this order."""
    current = _current(delivery, draft)
    seen = current is not None and current.deliveries.filter(state="accepted", body=delivery.body).exists()
    timing = rules.timing(
        current=current.source_updated_at if current else None, incoming=draft.source_updated_at, seen_before=seen
    )  # fmt: skip
    # Where the source is silent, what we know goes through the gates with the rest.
    draft, unsaid = completed(draft, current) if current else (draft, [])
    changed = rules.transition(draft, currency=current.currency) if current else []
    problems = [*reading.problems, *unsaid, *rules.gates(draft, at=at), *changed]
    if current and timing in ("stale", "duplicate"):
        DELIVERY_MOVES.make(delivery, f"call_{timing}", problems=_json(problems), order=current)
        audit.record(verb=f"delivery.{timing}", subject=delivery, actor=actor, was="received", number=current.number)
        if timing == "duplicate":
            _replace_dead(current, actor, came=delivery.created_at)
    elif current and draft.cut_at:
        _die(delivery, reading, [*reading.problems, rules.cut_off(draft)], actor)
    elif blocking(problems):
        _die(delivery, reading, problems, actor)
    elif waits := _missing(draft):
        _park(delivery, draft, problems, waits, actor)
    else:
        _accept(delivery, draft, problems, current, actor)


def _current(delivery: Delivery, draft: OrderDraft) -> Order | None:
    orders = Order.objects.select_for_update(of=("self",)).select_related("customer")
    return orders.filter(channel=delivery.channel, external_id=draft.external_id).first()


def _missing(draft: OrderDraft) -> list[str]:
    """What is not here, asked again under a lock per reference.

    Whoever wakes the waiting takes the same lock, so a reference that arrives at this moment is either seen here or
    finds this delivery parked.
    """
    waits = rules.references(draft, catalogue_queries.known_skus(line.sku for line in draft.lines))
    for reference in sorted(waits):
        _hold_reference(reference)
    return rules.references(draft, catalogue_queries.known_skus(line.sku for line in draft.lines)) if waits else []


def _hold_reference(reference: str) -> None:
    """Until this transaction ends."""
    with advisory(f"reference:{reference}"):
        return


def _park(
    delivery: Delivery, draft: OrderDraft, problems: list[Problem], waits: Sequence[str], actor: Actor
) -> None:  # fmt: skip
    every = [*problems, *rules.missing(draft, waits)]
    DELIVERY_MOVES.make(delivery, "park", problems=_json(every), waiting_for=list(waits))
    said = ", ".join(waits)
    audit.record(verb="delivery.parked", subject=delivery, actor=actor, was="received", waits=said)
    facts.tell(DeliveryParked(delivery_id=delivery.pk))


def _accept(
    delivery: Delivery, draft: OrderDraft, problems: list[Problem], current: Order | None, actor: Actor
) -> None:  # fmt: skip
    order = accept(
        channel=delivery.channel, draft=draft, current=current, problems=problems, delivery_id=delivery.pk, actor=actor,
        products=catalogue_queries.known_skus(line.sku for line in draft.lines),
    )  # fmt: skip
    DELIVERY_MOVES.make(delivery, "accept", problems=order.notes, order=order)
    audit.record(verb="delivery.accepted", subject=delivery, actor=actor, was="received", number=order.number)
    verb = "order.updated" if current else "order.accepted"
    audit.record(verb=verb, subject=order, actor=actor, number=order.number)
    _replace_dead(order, actor, came=delivery.created_at)
    facts.tell(OrderAccepted(order_id=order.pk))


def _replace_dead(order: Order, actor: Actor, *, came: datetime) -> None:
    """The order ``came`` whole: what came of it before and could not be taken in, such as rows since corrected, is settled.

    A newer version that died before an older one arrived is not: it is still to be repaired.
    """
    dead = Delivery.objects.filter(channel=order.channel_id, state="dead", external_id=order.external_id)
    before = dead.filter(created_at__lt=came).exclude(source_updated_at__gt=order.source_updated_at)
    # Locked, so that one whom somebody replays or sets aside at this moment is left to them.
    for each in before.select_for_update().order_by("created_at"):
        DELIVERY_MOVES.make(each, "call_stale", order=order)
        audit.record(verb="delivery.replaced", subject=each, actor=actor, was="dead", number=order.number)


def _die(delivery: Delivery, reading: Reading, problems: Sequence[Problem], actor: Actor) -> None:
    worst = blocking(problems)[0]
    fingerprint = rules.fingerprint(delivery.channel.kind, worst)
    DELIVERY_MOVES.make(delivery, "give_up", problems=_json(problems), fingerprint=fingerprint, **reading.version)
    audit.record(
        verb="delivery.died", subject=delivery, actor=actor, was="received", code=worst.code, place=worst.pointer or "/"
    )  # fmt: skip
    facts.tell(DeliveryDied(delivery_id=delivery.pk))


def _json(problems: Sequence[Problem]) -> list[dict[str, str]]:
    return [problem.as_json() for problem in problems]


@transaction.atomic
def wake(*, reference: str, actor: Actor) -> int:
    """Something that deliveries may wait for is here, such as 'product:SKU-1'; returns how many go on now."""
    woken = 0
    with advisory(f"reference:{reference}"):
        waiting = Delivery.objects.select_for_update().filter(state="parked", waiting_for__contains=[reference])
        for delivery in waiting.order_by("created_at"):
            woken += _wake(delivery, reference, actor)
    return woken


def _wake(delivery: Delivery, reference: str, actor: Actor) -> bool:
    left = [wait for wait in delivery.waiting_for if wait != reference]
    if left:
        delivery.waiting_for = left
        delivery.save(update_fields=["waiting_for"])
        return False
    DELIVERY_MOVES.make(delivery, "wake", waiting_for=[])
    audit.record(verb="delivery.woken", subject=delivery, actor=actor, was="parked", reference=reference)
    facts.tell(DeliveryReceived(delivery_id=delivery.pk))
    return True


@transaction.atomic
def replay(*, delivery: Delivery, actor: Actor) -> Delivery:
    """Send a dead delivery through the gates again. Raises IllegalMove, MovedMeanwhile or NotAllowed."""
    actor.must("agent", "buyer", "finance")
    was = DELIVERY_MOVES.make(delivery, "replay", problems=[], fingerprint="")
    audit.record(verb="delivery.replayed", subject=delivery, actor=actor, was=was)
    facts.tell(DeliveryReceived(delivery_id=delivery.pk))
    return delivery


@transaction.atomic
def set_aside(*, delivery: Delivery, reason: str, actor: Actor) -> Delivery:
    """A person says that nothing is to come of a dead delivery. It is kept. Raises NotAllowed, NoReason, IllegalMove."""
    actor.must("agent", "buyer", "finance")
    if not reason.strip():
        raise NoReason()
    DELIVERY_MOVES.make(delivery, "call_stale")
    audit.record(verb="delivery.set_aside", subject=delivery, actor=actor, was="dead", reason=reason.strip()[:300])
    return delivery


@transaction.atomic
def open_bytes(*, delivery: Delivery, actor: Actor) -> bytes:
    """What arrived, byte for byte; who opened it is kept, for there may be a customer in it. Raises NotAllowed."""
    actor.must("agent")
    audit.record(verb="delivery.opened", subject=delivery, actor=actor)
    return bytes(delivery.body)


def replay_group(*, fingerprint: str, actor: Actor, limit: int = 100) -> int:
    """Replay up to ``limit`` dead deliveries of one group, the oldest first; returns how many."""
    dead = Delivery.objects.filter(state="dead", fingerprint=fingerprint).order_by("created_at")[:limit]
    return len([replay(delivery=delivery, actor=actor) for delivery in dead])


@transaction.atomic
def correct_order(
    *, order: Order, field: str, value: datetime | str | None, reason: str, actor: Actor
) -> Order:  # fmt: skip
    """Set what the shop got wrong or does not know; later versions from the shop leave it alone.

    Raises NotCorrectable or NotAllowed.
    """
    actor.must("agent")
    if field not in CORRECTABLE:
        raise NotCorrectable(field=field, known=", ".join(CORRECTABLE))
    order = Order.objects.select_for_update().get(pk=order.pk)
    before = getattr(order, field)
    setattr(order, field, value)
    order.provenance[field] = {"owner": "agent", "delivery": "", "pointer": ""}
    order.save(update_fields=[field, "provenance"])
    audit.record(
        verb="order.corrected", subject=order, actor=actor, field=field, number=order.number, reason=reason,
        before=str(before or "nothing"), after=str(value or "nothing"),
    )  # fmt: skip
    return order


@transaction.atomic
def declare_serial(*, line: OrderLine, number: str, how: str = "declared", actor: Actor) -> Serial:
    """Say that this unit was sold on this line. Raises SerialDoesNotFit or NotAllowed."""
    actor.must("agent", "warehouse")
    serial = catalogue.register_serial(product=line.product, number=number, batch=line.batch, actor=actor)
    _, added = LineSerial.objects.get_or_create(line=line, serial=serial, defaults={"how": how})
    if added:
        audit.record(
            verb="order.serial_declared", subject=line.order, actor=actor, serial=serial.number,
            position=line.position, number=line.order.number,
        )  # fmt: skip
    return serial
