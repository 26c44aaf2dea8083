"""The JSON API's operations for staff."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router, Status

from recoup.domain.orders import actions as orders_actions
from recoup.domain.orders import queries as orders
from recoup.domain.returns import actions as returns
from recoup.kit.money import Money as Amount
from recoup.web.api import schemas
from recoup.web.api.doors import actor_of

router = Router(tags=["staff"])
REFUSED = dict.fromkeys((401, 403, 404, 409, 422), schemas.Refused)
_ANY_ROLE = ("agent", "warehouse", "quality", "buyer", "finance")
_SEE_CUSTOMERS = ("agent", "quality")  # as the desk's search: whoever else needs a customer finds them in their case


@router.get("/orders", response={200: list[schemas.OrderSummary], **REFUSED})
def list_orders(request: HttpRequest, asked: Query[schemas.OrdersAsked]) -> Any:
    """The latest orders, or those that a number, address, name or tracking number finds."""
    actor_of(request).must(*_SEE_CUSTOMERS)
    if asked.search:
        return [_summary(order) for order in orders.search_orders(asked.search, limit=asked.limit)]
    return [_summary(order) for order in orders.recent_orders(limit=asked.limit)]


@router.get("/orders/{order_id}", response={200: schemas.OrderDetail, **REFUSED})
def one_order(request: HttpRequest, order_id: UUID) -> Any:
    """An order with its lines, and what a person should read before money moves."""
    actor_of(request).must(*_SEE_CUSTOMERS)
    order = orders.access_order(actor=actor_of(request), order_id=order_id)
    return schemas.OrderDetail.of(orders.order_page(order))


@router.get("/deliveries", response={200: list[schemas.Delivery], **REFUSED})
def list_deliveries(request: HttpRequest, asked: Query[schemas.DeliveriesAsked]) -> Any:
    """What channels delivered, the latest first; ``state`` such as parked or dead."""
    actor_of(request).must(*_ANY_ROLE)
    return [_delivery(each) for each in orders.deliveries(state=asked.state, limit=asked.limit)]


@router.get("/deliveries/{delivery_id}", response={200: schemas.Delivery, **REFUSED})
def one_delivery(request: HttpRequest, delivery_id: UUID) -> Any:
    """A delivery, where it stands, and every problem with its place."""
    actor_of(request).must(*_ANY_ROLE)
    return _delivery(orders.delivery(delivery_id))


@router.post("/deliveries/{delivery_id}/replay", response={200: schemas.Delivery, **REFUSED})
def replay_delivery(request: HttpRequest, delivery_id: UUID) -> Any:
    """Send a dead delivery through the gates again."""
    delivery = orders.delivery(delivery_id)
    return _delivery(orders_actions.replay(delivery=delivery, actor=actor_of(request)))


@router.get("/dead-letters", response={200: list[schemas.DeadGroup], **REFUSED})
def list_dead_letters(request: HttpRequest) -> Any:
    """Dead deliveries by what they died of, the largest group first."""
    actor_of(request).must(*_ANY_ROLE)
    return [_group(each) for each in orders.dead_letters()]


@router.post("/capture-links", response={201: schemas.LinkMade, **REFUSED})
def make_capture_link(request: HttpRequest, wanted: schemas.LinkWanted) -> Any:
    """A customer's link to send photos of what is wrong with an order."""
    actor = actor_of(request)
    actor.must("agent")
    order = None
    if wanted.order_id:
        order = orders.access_order(actor=actor, order_id=wanted.order_id)
    elif wanted.number or wanted.email:
        order = orders.find_order(number=wanted.number, email=wanted.email)
    language = wanted.language or (order.customer.language if order else "en")
    expires_at = timezone.now() + timedelta(days=wanted.days)
    _, secret = returns.open_link(order=order, language=language, expires_at=expires_at, actor=actor)
    address = settings.RECOUP_ADDRESS + reverse("capture:capture", args=[secret])
    return Status(201, schemas.LinkMade(address=address, expires_at=expires_at))


def _summary(order: Any) -> schemas.OrderSummary:
    return schemas.OrderSummary(
        id=order.pk, number=order.number, channel=order.channel.code, placed_at=order.placed_at, payment=order.payment,
        total=schemas.Money.of(Amount(order.total_minor, order.currency)),
    )  # fmt: skip


def _delivery(each: Any) -> schemas.Delivery:
    return schemas.Delivery(
        id=each.pk, channel=each.channel.code, topic=each.topic, received_at=each.created_at, state=each.state,
        order_id=each.order_id, waiting_for=each.waiting_for,
        problems=[schemas.Problem(**problem) for problem in each.problems],
    )  # fmt: skip


def _group(each: orders.DeadGroup) -> schemas.DeadGroup:
    return schemas.DeadGroup(
        fingerprint=each.fingerprint, code=each.code, sentence=each.sentence, remedy=each.remedy, count=each.count,
        since=each.since, latest=each.latest, sample=list(each.sample),
    )  # fmt: skip
