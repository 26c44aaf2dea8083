"""Reading deliveries and orders. A stranger's order and one that does not exist look alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import Length

from recoup.domain.catalogue.models import Serial
from recoup.domain.orders import secrets
from recoup.domain.orders.models import Channel, Delivery, Order, OrderLine
from recoup.kit.actor import Actor
from recoup.kit.money import Money
from recoup.kit.refusal import NotFound, Refusal


class UnknownChannel(Refusal):
    code, status = "orders.unknown_channel", 404
    sentence = "There is no channel called {code}. Add it first, or check its name."


class UnknownLine(Refusal):
    code, status = "orders.unknown_line", 404
    sentence = "Order {number} has no line for {sku}. Take in the order first."


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What a return must know of an order line. Money is for the whole line.

    ``paid`` is after discounts, with tax; ``tax`` is within it; ``refunded`` and ``refunded_quantity`` went back
    through the channel already. ``holds`` are sentences that a person should read before money moves.
    """

    line_id: UUID
    order_id: UUID
    order_number: str
    customer_id: UUID
    sku: str
    title: str
    product_id: UUID
    quantity: int
    refunded_quantity: int
    paid: Money
    tax: Money
    refunded: Money
    placed_at: datetime
    shipped_at: datetime | None
    delivered_at: datetime | None
    country: str
    payment: str
    cancelled: bool
    batch_id: UUID | None
    batch_how: str
    serials: tuple[str, ...]
    holds: tuple[str, ...]

    @property
    def left(self) -> int:
        """How many units the channel has not given back yet."""
        return self.quantity - self.refunded_quantity

    @property
    def creditable(self) -> Money:
        """The most that may still be given back for the line, before anything we gave back ourselves."""
        return self.paid - self.refunded


@dataclass(frozen=True, slots=True)
class OrderPage:
    """An order as the desk shows it."""

    order: Order
    lines: list[LineFacts]
    total: Money
    deliveries: list[Delivery]
    holds: list[str]
    warnings: list[str]


@dataclass(frozen=True, slots=True)
class DeadGroup:
    """Dead deliveries that died of the same: what it is, since when, how many, and some of them to look at."""

    fingerprint: str
    code: str
    sentence: str
    remedy: str
    count: int
    since: datetime
    latest: datetime
    sample: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class DeadDelivery:
    """One dead letter: where it came from, when, what stops it (as JSON). ``body`` is None when it has many ``size`` bytes."""

    delivery_id: UUID
    channel: str
    kind: str
    topic: str
    came_at: datetime
    problems: list[dict[str, str]]
    size: int
    body: bytes | None


_READ_AT_MOST = 200_000  # bytes of a dead delivery that a page reads to say which order it is


# --- channels ---------------------------------------------------------------------------------------


def channel(code: str) -> Channel:
    """Raises UnknownChannel."""
    found = find_channel(code)
    if found is None:
        raise UnknownChannel(code=code)
    return found


def find_channel(code: str) -> Channel | None:
    return Channel.objects.filter(code=code).first()


def channels() -> list[Channel]:
    return list(Channel.objects.order_by("code"))


def webhook_secret(of: Channel) -> str:
    """What the channel signs with; '' when it signs nothing."""
    return secrets.opened(bytes(of.sealed_secret), channel_id=of.pk)


# --- deliveries -------------------------------------------------------------------------------------


def delivery(delivery_id: UUID) -> Delivery:
    """Raises NotFound."""
    found = Delivery.objects.select_related("channel", "order").filter(pk=delivery_id).first()
    if found is None:
        raise NotFound()
    return found


def deliveries(*, state: str = "", limit: int = 100) -> list[Delivery]:
    """The latest first, without their bytes."""
    found = Delivery.objects.select_related("channel", "order").defer("body").order_by("-created_at")
    return list((found.filter(state=state) if state else found)[:limit])


def dead_of(fingerprint: str, *, limit: int) -> list[DeadDelivery]:
    """The dead deliveries of one group, the latest first."""
    members = Delivery.objects.filter(state="dead", fingerprint=fingerprint).select_related("channel").defer("body")
    found = members.annotate(size=Length("body")).order_by("-created_at")[:limit]
    return [
        DeadDelivery(
            each.pk, each.channel.name, each.channel.kind, each.topic, each.created_at, each.problems, each.size,
            bytes(each.body) if each.size <= _READ_AT_MOST else None,
        )
        for each in found
    ]  # fmt: skip


def superseded(delivery: Delivery) -> bool:
    """Whether its order follows another delivery now, one that came after it."""
    after = Delivery.objects.filter(order=delivery.order_id, state="accepted", created_at__gt=delivery.created_at)
    return delivery.order_id is not None and after.exists()


def counts_by_state() -> dict[str, int]:
    return dict(Delivery.objects.values_list("state").annotate(Count("id")).order_by("state"))


def dead_letters() -> list[DeadGroup]:
    """Dead deliveries by what they died of, the largest group first."""
    groups = (
        Delivery.objects.filter(state="dead")
        .values("fingerprint")
        .annotate(count=Count("id"), since=Min("created_at"), latest=Max("created_at"))
        .order_by("-count", "since")
    )
    return [_dead_group(**group) for group in groups]


def _dead_group(*, fingerprint: str, count: int, since: datetime, latest: datetime) -> DeadGroup:
    members = Delivery.objects.filter(state="dead", fingerprint=fingerprint).order_by("-created_at").defer("body")
    sample = list(members[:5])
    problems: list[dict[str, str]] = sample[0].problems if sample else []
    worst = next((each for each in problems if each["severity"] == "block"), {})
    return DeadGroup(
        fingerprint=fingerprint,
        code=worst.get("code", ""),
        sentence=worst.get("sentence", ""),
        remedy=worst.get("remedy", ""),
        count=count,
        since=since,
        latest=latest,
        sample=tuple(each.pk for each in sample),
    )


# --- orders -----------------------------------------------------------------------------------------


def order(order_id: UUID) -> Order:
    """Raises NotFound. For flows and for those who were let in already."""
    found = _orders().filter(pk=order_id).first()
    if found is None:
        raise NotFound()
    return found


def line(line_id: UUID) -> OrderLine:
    """Raises NotFound."""
    found = OrderLine.objects.select_related("order__customer", "product", "batch").filter(pk=line_id).first()
    if found is None:
        raise NotFound()
    return found


def access_order(*, actor: Actor, order_id: UUID) -> Order:
    """The order for staff. Everybody else gets NotFound, whether it exists or not."""
    if actor.kind not in ("staff", "system"):
        raise NotFound()
    return order(order_id)


def find_order(*, number: str, email: str) -> Order:
    """The customer's own order, by what the confirmation mail says. Raises NotFound for anything that does not fit.

    '#1001', '1001' and ' 1001 ' are one number. Of several shops' orders with that number, the latest.
    """
    wanted = bare_number(number)
    theirs = _orders().filter(customer__email__iexact=email.strip()).exclude(customer__email="")
    fitting = [each for each in theirs.order_by("-placed_at")[:200] if bare_number(each.number) == wanted]
    if not wanted or not fitting:
        raise NotFound()
    return fitting[0]


def orders_of_line_serial(number: str) -> list[OrderLine]:
    """The lines on which a unit with this serial was sold, the latest first."""
    lines = OrderLine.objects.filter(serials__serial__number__iexact="".join(number.split()))
    return list(lines.select_related("order").order_by("-order__placed_at").distinct())


def search_orders(text: str, *, limit: int = 20) -> list[Order]:
    """By number, the channel's own id, e-mail address, customer's name, tracking number, SKU, or the serial of a unit
    that was sold on it; the latest first."""
    term = text.strip()
    if not term:
        return []
    hit = (
        Q(number__iexact=term)
        | Q(number__iexact=f"#{bare_number(term)}")
        | Q(external_id=term)
        | Q(customer__email__iexact=term)
        | Q(customer__name__icontains=term)
        | Q(tracking_numbers__contains=[term])
        | Q(lines__serials__serial__number__iexact="".join(term.split()))
        | Q(lines__sku__iexact=term)
    )
    found = Order.objects.filter(hit).order_by().values("pk")
    return list(_orders().filter(pk__in=found).order_by("-placed_at")[:limit])


def recent_orders(*, limit: int = 50) -> list[Order]:
    return list(_orders().order_by("-placed_at")[:limit])


def count_orders() -> int:
    return Order.objects.count()


def order_page(order: Order) -> OrderPage:
    """Everything the desk shows of an order."""
    lines = OrderLine.objects.filter(order=order).select_related("order__customer")
    return OrderPage(
        order=order,
        lines=[line_facts(each) for each in lines.prefetch_related("serials__serial")],
        total=Money(order.total_minor, order.currency),
        deliveries=list(order.deliveries.defer("body").order_by("-created_at")),
        holds=said(order.notes, "hold"),
        warnings=said(order.notes, "warn"),
    )


def line_facts(line: OrderLine) -> LineFacts:
    order = line.order
    sold = [each.serial.number for each in line.serials.all()]
    return LineFacts(
        line_id=line.pk,
        order_id=order.pk,
        order_number=order.number,
        customer_id=order.customer_id,
        sku=line.sku,
        title=line.title,
        product_id=line.product_id,
        quantity=line.quantity,
        refunded_quantity=line.refunded_quantity,
        paid=Money(line.paid_minor, order.currency),
        tax=Money(line.tax_minor, order.currency),
        refunded=Money(line.refunded_minor, order.currency),
        placed_at=order.placed_at,
        shipped_at=order.shipped_at,
        delivered_at=order.delivered_at,
        country=order.country,
        payment=order.payment,
        cancelled=order.cancelled_at is not None,
        batch_id=line.batch_id,
        batch_how=line.batch_how,
        serials=tuple(sold),
        holds=tuple(said(order.notes, "hold")),
    )


def sold_on(*, line: OrderLine, serial: Serial) -> bool | None:
    """Whether this unit was sold on this line; None when nobody recorded which units were."""
    known = {each.serial_id for each in line.serials.all()}
    return serial.pk in known if known else None


def find_line(*, number: str, sku: str, line_id: str = "") -> OrderLine:
    """The line of an order by the order's number or its channel's id, for files. Raises UnknownLine."""
    lines = OrderLine.objects.filter(Q(order__number=number) | Q(order__external_id=number), sku=sku)
    found = list((lines.filter(external_id=line_id) if line_id else lines).select_related("order", "product", "batch"))
    if len(found) != 1:
        raise UnknownLine(number=number, sku=sku)
    return found[0]


def said(notes: Iterable[dict[str, str]], severity: str) -> list[str]:
    """The sentences of an order's notes of one severity."""
    return [note["sentence"] for note in notes if note["severity"] == severity]


def _orders() -> QuerySet[Order]:
    return Order.objects.select_related("customer", "channel")


def bare_number(number: str) -> str:
    """'#1001', '1001' and ' 1001 ' as one."""
    return re.sub(r"[\s#]", "", number).lower()
