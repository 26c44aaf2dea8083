"""A Shopify order into the canonical order: pure, forgiving about how, strict about what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from recoup.channels import jsontext
from recoup.channels.reading import ChannelSettings, Source
from recoup.channels.shopify import document, parcels, people
from recoup.channels.shopify.lines import ReadLine, allocated, read_lines, shop_money, taxes, tips
from recoup.channels.shopify.refunds import Returned, given_back
from recoup.channels.shopify.sums import Bought, Sums, proven
from recoup.domain.orders.canonical import ChargeDraft, LineDraft, OrderDraft, Payment, Reading
from recoup.kit.problem import Blocked, Problem, blocking, step

_PAYMENTS: dict[str, Payment] = {
    "paid": "paid",
    "partially_paid": "partly_paid",
    "pending": "unpaid",
    "authorized": "unpaid",
    "unpaid": "unpaid",
    "expired": "unpaid",
    "refunded": "refunded",
    "partially_refunded": "partly_refunded",
    "voided": "voided",
}
# Canonical field → Shopify's, for the pointers.
_PLACES = {
    "number": "name", "placed_at": "created_at", "source_updated_at": "updated_at", "currency": "currency",
    "country": "shipping_address", "email": "email", "ship_to": "shipping_address", "total": "total_price",
    "total_minor": "total_price", "payment": "financial_status", "cancelled_at": "cancelled_at",
    "shipped_at": "fulfillments", "delivered_at": "fulfillments", "tracking_numbers": "fulfillments",
    "lines": "line_items",
}  # fmt: skip
# What of an order we know → the keys that speak of it. A key with null in it says that there is none; a document
# without the key says nothing.
_SAID_BY = {
    "payment": ("financial_status",), "cancelled_at": ("cancelled_at",), "shipped_at": ("fulfillments",),
    "delivered_at": ("fulfillments",), "tracking_numbers": ("fulfillments",),
    "country": ("shipping_address", "billing_address", "customer"), "email": ("email", "contact_email", "customer"),
    "name": ("customer", "shipping_address", "billing_address"), "phone": ("phone", "customer", "shipping_address"),
    "language": ("customer_locale",), "ship_name": ("shipping_address",), "ship_phone": ("shipping_address",),
    "ship_place": ("shipping_address",),
}  # fmt: skip


def translate(raw: bytes, settings: ChannelSettings) -> Reading:
    """One order out of the bytes of a webhook, or of a file with one order; problems point into those bytes."""
    try:
        value, problems = jsontext.load(raw)
        found, at = document.order_in(value)
        source = Source(found, at, settings.zone, problems)
        draft = _draft(source)
        return Reading(draft, tuple(dict.fromkeys(source.problems)), **_version(source))
    except Blocked as blocked:
        return Reading(None, (blocked.problem,), external_id=document.id_at_its_head(raw))
    except ValidationError as error:
        return Reading(None, tuple(dict.fromkeys((*source.problems, *_refused(error)))), **_version(source))


def _version(order: Source) -> dict[str, Any]:
    """Which version of which order it is. What is odd about it was said before."""
    silent = replace(order, problems=[])
    return {"external_id": silent.key("id", limit=120), "source_updated_at": silent.moment("updated_at")}


def _draft(order: Source) -> OrderDraft | None:
    """None when something blocks; then the problems say what."""
    currency = _currency(order)
    external_id = order.needed("id", limit=120, what="order id")
    placed, updated = _placed(order), _updated(order)
    lines, sums, back = _goods(order, currency)
    total = order.amount("total_price", currency)
    if blocking(order.problems) or placed is None:
        return None
    parcel = parcels.read_parcels(order)
    return OrderDraft(
        external_id=external_id,
        number=_number(order) or external_id,
        placed_at=placed,
        source_updated_at=updated or placed,
        currency=currency,
        country=people.country(order),
        customer=people.customer(order),
        ship_to=people.ship_to(order),
        stated_total_minor=shop_money(order, "total_price_set", currency) if total is None else total,
        payment=_payment(order),
        cancelled_at=order.moment("cancelled_at"),
        shipped_at=parcel.shipped_at,
        delivered_at=parcel.delivered_at,
        tracking_numbers=parcel.tracking,
        lines=tuple(map(_line, lines, sums.lines, back)),
        charges=tuple(_charges(order, sums, currency)),
        pointers={name: order.place(theirs) for name, theirs in _PLACES.items()},
        silent=frozenset(name for name, keys in _SAID_BY.items() if not any(key in order.data for key in keys)),
    )


def _currency(order: Source) -> str:
    """The shop's own currency. What the customer saw may be another one: then a warning says so."""
    stated = order.text("currency") or order.part("total_price_set").part("shop_money").text("currency_code")
    shown = order.text("presentment_currency").upper()
    currency = stated.upper() or shown
    if not re.fullmatch("[A-Z]{3}", currency):
        order.say(
            "currency", "completeness.currency", "block", "The order does not say its currency.",
            "Deliver it again with a three-letter currency, such as EUR.",
        )  # fmt: skip
        return "XXX"
    if shown and shown != currency:
        order.say(
            "presentment_currency", "semantics.presentment", "warn",
            f"The customer paid in {shown}; amounts are the shop's own, in {currency}.",
            "A refund is made in the shop's currency; the shop converts it.",
        )  # fmt: skip
    return currency


def _placed(order: Source) -> datetime | None:
    placed = order.moment("processed_at") or order.moment("created_at")
    if placed is None:
        order.lacks("created_at", "date on which the order was placed")
    return placed


def _updated(order: Source) -> datetime | None:
    updated = order.moment("updated_at")
    if updated is None:
        order.say(
            "updated_at", "completeness.updated_at", "warn", "The order does not say when it last changed.",
            "The date it was placed stands in; of two versions, the one that arrives later counts.",
        )  # fmt: skip
    return updated


def _goods(order: Source, currency: str) -> tuple[list[ReadLine], Sums, list[Returned]]:
    included = order.flag("taxes_included")
    lines = read_lines(order, currency, included=included)
    shipping = tuple(_shipping(each, currency, included) for each in _shipped(order))
    sums, spread = proven(
        Sums(tuple(line.bought for line in lines), shipping, _other(order, currency)),
        total=order.amount("total_price", currency),
        discount=order.amount("total_discounts", currency) or 0,
        tax=order.amount("total_tax", currency) or 0,
    )
    if spread:
        order.say(
            "line_items", "arithmetic.spread", "warn",
            "A discount or tax of the whole order was shared out to its lines.", "Nothing to do; the total proves it.",
        )  # fmt: skip
    return lines, sums, given_back(order, lines, sums.lines, currency=currency)


def _shipped(order: Source) -> list[Source]:
    return [line for line in order.parts("shipping_lines") if not line.flag("is_removed")]


def _shipping(line: Source, currency: str, included: bool) -> Bought:
    price = max(line.amount("price", currency) or 0, 0)
    discount = allocated(line, currency)
    if line.has("discounted_price"):
        discount = max(discount, price - (line.amount("discounted_price", currency) or 0))
    return Bought(price, min(discount, price), taxes(line, currency), included)


def _extras(order: Source, currency: str) -> dict[str, int]:
    return {
        "tip": tips(order, currency),
        "duty": shop_money(order, "original_total_duties_set", currency) or 0,
        "fee": shop_money(order, "original_total_additional_fees_set", currency) or 0,
    }


def _other(order: Source, currency: str) -> int:
    return sum(_extras(order, currency).values())


def _charges(order: Source, sums: Sums, currency: str) -> list[ChargeDraft]:
    shipping = sum(each.paid for each in sums.shipping)
    every = {"shipping": shipping, **_extras(order, currency)}
    return [ChargeDraft.model_validate({"kind": kind, "amount_minor": minor}) for kind, minor in every.items() if minor]


def _line(line: ReadLine, bought: Bought, back: Returned) -> LineDraft:
    if bought.tax > bought.paid:
        line.source.say(
            "tax_lines", "arithmetic.tax_above_paid", "hold", "The tax is more than what was paid; it was cut to that.",
            "Compare with the order in the shop.",
        )  # fmt: skip
    return LineDraft(
        external_id=line.external_id,
        sku=line.sku,
        title=line.title or line.sku,
        quantity=line.quantity,
        paid_minor=bought.paid,
        tax_minor=min(bought.tax, bought.paid),
        refunded_minor=back.minor,
        refunded_quantity=back.quantity,
        pointer=line.source.at,
    )


def _number(order: Source) -> str:
    if name := order.text("name", limit=120):
        return name
    counted = order.text("order_number", limit=100)
    return f"#{counted}" if counted else order.text("number", limit=120)


def _payment(order: Source) -> Payment:
    word = order.text("financial_status").lower()
    if word and word not in _PAYMENTS:
        order.say(
            "financial_status", "semantics.payment_word", "hold", f"“{word[:40]}” is not a state of payment we know.",
            "The order counts as unpaid until the shop says otherwise.",
        )  # fmt: skip
    elif not word:
        order.say(
            "financial_status", "completeness.payment", "warn", "The order does not say whether it is paid.",
            "It counts as unpaid until the shop says otherwise.",
        )  # fmt: skip
    if order.flag("test"):
        order.say("test", "semantics.test_order", "hold", "This is a test order.", "Pay nothing back for it.")
    return _PAYMENTS.get(word, "unpaid")


def _refused(error: ValidationError) -> Sequence[Problem]:
    return [
        Problem(
            "structure.out_of_range", "".join(step(name) for name in fault["loc"]), "block",
            f"{fault['msg']}.", "Correct it in the shop and deliver it again.",
        )
        for fault in error.errors(include_url=False, include_input=False)[:20]
    ]  # fmt: skip
