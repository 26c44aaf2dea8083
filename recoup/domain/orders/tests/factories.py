"""Orders and deliveries for tests; every value can be given."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from recoup.channels.kinds import kind
from recoup.channels.reading import ChannelSettings
from recoup.domain.catalogue import actions as catalogue
from recoup.domain.orders import actions
from recoup.domain.orders.canonical import CustomerDraft, LineDraft, OrderDraft
from recoup.domain.orders.models import Channel, Delivery, Order
from recoup.kit import ids
from recoup.kit.actor import SYSTEM

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def line(**given: Any) -> LineDraft:
    fields = {
        "external_id": "1", "sku": "KETTLE", "title": "Kettle", "quantity": 2, "paid_minor": 4990, "tax_minor": 797,
        "pointer": "/line_items/0",
    }  # fmt: skip
    return LineDraft.model_validate({**fields, **given})


def draft(**given: Any) -> OrderDraft:
    fields = {
        "external_id": "7001",
        "number": "#1001",
        "placed_at": datetime(2026, 1, 5, 9, tzinfo=UTC),
        "source_updated_at": datetime(2026, 1, 6, 9, tzinfo=UTC),
        "currency": "EUR",
        "country": "DE",
        "customer": CustomerDraft(email="ada@example.com", name="Ada"),
        "stated_total_minor": 4990,
        "payment": "paid",
        "lines": (line(),),
    }
    return OrderDraft.model_validate({**fields, **given})


def channel(code: str = "shop", **given: Any) -> Channel:
    return actions.create_channel(code=code, kind="shopify", actor=SYSTEM, **given)


def product(sku: str = "KETTLE", **given: Any) -> Any:
    return catalogue.upsert_product(sku=sku, name=f"The {sku}", actor=SYSTEM, **given)


def payload(**given: Any) -> bytes:
    """A small Shopify order: two kettles for 49.90 EUR, tax included, paid."""
    order = {
        "id": 7001,
        "name": "#1001",
        "email": "ada@example.com",
        "created_at": "2026-01-05T10:00:00+01:00",
        "updated_at": "2026-01-06T10:00:00+01:00",
        "currency": "EUR",
        "total_price": "49.90",
        "total_tax": "7.97",
        "taxes_included": True,
        "financial_status": "paid",
        "line_items": [
            {
                "id": 1, "sku": "KETTLE", "name": "Kettle", "quantity": 2, "price": "24.95",
                "tax_lines": [{"price": "7.97", "rate": 0.19}],
            }
        ],
        "customer": {"first_name": "Ada", "last_name": "Lovelace"},
        "shipping_address": {"name": "Ada Lovelace", "address1": "Road 1", "city": "Berlin", "country_code": "DE"},
    }  # fmt: skip
    return json.dumps({**order, **given}).encode()


def delivered(at: Channel, body: bytes, *, key: str = "") -> Delivery:
    return actions.receive(
        channel=at, delivery_key=key or str(ids.new()), topic="orders/updated", body=body, actor=SYSTEM
    )  # fmt: skip


def judged(delivery: Delivery) -> Delivery:
    """Translate and judge, as the flow does."""
    read = kind(delivery.channel.kind).translate(bytes(delivery.body), ChannelSettings())
    return actions.judge(delivery=delivery, reading=read, at=NOW, actor=SYSTEM)


def accepted(at: Channel, body: bytes) -> Order:
    """The order that a delivery became."""
    order = judged(delivered(at, body)).order
    assert order is not None
    return order
