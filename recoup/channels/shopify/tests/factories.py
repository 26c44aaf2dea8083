"""Shopify orders in the shop's own words, for tests."""

from __future__ import annotations

import copy
import json
from typing import Any

from recoup.channels.reading import ChannelSettings
from recoup.channels.shopify.order import translate
from recoup.domain.orders.canonical import OrderDraft, Reading


def item(number: int, **given: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "id": 1000 + number, "variant_id": 50 + number, "product_id": 60, "title": "Kettle", "name": "Kettle - red",
        "sku": f"K-{number}", "quantity": 1, "price": "199.00", "total_discount": "0.00",
        "discount_allocations": [], "tax_lines": [],
    }  # fmt: skip
    return {**fields, **given}


def order(**given: Any) -> dict[str, Any]:
    """One kettle for 199.00 USD, paid."""
    fields: dict[str, Any] = {
        "id": 820982911946154508,
        "name": "#1001",
        "email": "ada@example.com",
        "created_at": "2026-01-05T10:00:00-05:00",
        "updated_at": "2026-01-06T10:00:00-05:00",
        "processed_at": None,
        "currency": "USD",
        "total_price": "199.00",
        "total_tax": "0.00",
        "total_discounts": "0.00",
        "taxes_included": False,
        "financial_status": "paid",
        "cancelled_at": None,
        "line_items": [item(1)],
        "shipping_lines": [],
        "fulfillments": [],
        "refunds": [],
        "shipping_address": {"first_name": "Ada", "last_name": "L", "address1": "Road 1", "address2": None,
                             "zip": "40202", "city": "Louisville", "province_code": "KY", "country_code": "US"},
        "customer": {"first_name": "Ada", "last_name": "L", "email": "ada@home.example", "phone": None},
    }  # fmt: skip
    return copy.deepcopy({**fields, **given})


def three(**given: Any) -> dict[str, Any]:
    """Three kettles, ten dollars off the whole, six percent tax, as Shopify's classic example has it."""
    lines = [
        item(number, discount_allocations=[{"amount": amount}], tax_lines=[{"price": "3.98", "rate": 0.02}])
        for number, amount in enumerate(("3.34", "3.33", "3.33"), start=1)
    ]
    fields = {"line_items": lines, "total_price": "598.94", "total_tax": "11.94", "total_discounts": "10.00"}
    return order(**{**fields, **given})


def read(document: Any) -> Reading:
    return translate(json.dumps(document).encode(), ChannelSettings(time_zone="Europe/Berlin"))


def good(document: Any) -> OrderDraft:
    made = read(document).order
    assert made is not None, read(document).problems
    return made


def codes(document: Any) -> dict[str, str]:
    return {problem.code: problem.severity for problem in read(document).problems}
