"""The shapes of the JSON API. Money is a decimal as text, its minor units, and the currency."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from recoup.domain.orders.queries import LineFacts, OrderPage
from recoup.kit import money


class Money(Schema):
    amount: str
    minor: int
    currency: str

    @classmethod
    def of(cls, value: money.Money) -> Money:
        return cls(amount=value.decimal(), minor=value.minor, currency=value.currency)


class Refused(Schema):
    """Every answer that is not a yes: what is wrong and what to do."""

    code: str
    sentence: str
    facts: dict[str, Any] = {}


class OrdersAsked(Schema):
    search: str = Field("", max_length=200, description="a number, address, name or tracking number")
    limit: int = Field(50, ge=1, le=200)


class DeliveriesAsked(Schema):
    state: str = Field("", max_length=20, description="received, accepted, parked, stale, duplicate or dead")
    limit: int = Field(50, ge=1, le=200)


class OrderSummary(Schema):
    id: UUID
    number: str
    channel: str
    placed_at: datetime
    payment: str
    total: Money


class Line(Schema):
    id: UUID
    sku: str
    title: str
    quantity: int
    quantity_left: int = Field(description="what the channel has not given back yet")
    paid: Money = Field(description="for the whole line, after discounts, with tax")
    tax: Money
    refunded: Money
    serials: list[str]

    @classmethod
    def of(cls, line: LineFacts) -> Line:
        return cls(
            id=line.line_id, sku=line.sku, title=line.title, quantity=line.quantity, quantity_left=line.left,
            paid=Money.of(line.paid), tax=Money.of(line.tax), refunded=Money.of(line.refunded),
            serials=list(line.serials),
        )  # fmt: skip


class OrderDetail(OrderSummary):
    email: str
    customer: str
    country: str
    cancelled_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    tracking_numbers: list[str]
    lines: list[Line]
    holds: list[str] = Field(description="what a person should read before money moves")

    @classmethod
    def of(cls, page: OrderPage) -> OrderDetail:
        order = page.order
        return cls(
            id=order.pk, number=order.number, channel=order.channel.code, placed_at=order.placed_at,
            payment=order.payment, total=Money.of(page.total), email=order.customer.email,
            customer=order.customer.name, country=order.country, cancelled_at=order.cancelled_at,
            shipped_at=order.shipped_at, delivered_at=order.delivered_at, tracking_numbers=order.tracking_numbers,
            lines=[Line.of(line) for line in page.lines], holds=page.holds,
        )  # fmt: skip


class Problem(Schema):
    code: str
    pointer: str
    severity: str
    sentence: str
    remedy: str


class Delivery(Schema):
    id: UUID
    channel: str
    topic: str
    received_at: datetime
    state: str
    order_id: UUID | None
    waiting_for: list[str]
    problems: list[Problem]


class DeadGroup(Schema):
    fingerprint: str
    code: str
    sentence: str
    remedy: str
    count: int
    since: datetime
    latest: datetime
    sample: list[UUID]


class Received(Schema):
    delivery_id: UUID


class LinkWanted(Schema):
    """For an order by its id, or by its number and the customer's address; for none, a return without an order."""

    order_id: UUID | None = None
    number: str = Field("", max_length=120)
    email: str = Field("", max_length=254)
    language: str = Field("", max_length=8)
    days: int = Field(30, ge=1, le=365, description="how long the link is good")


class LinkMade(Schema):
    address: str = Field(description="the link, seen here and never again")
    expires_at: datetime
