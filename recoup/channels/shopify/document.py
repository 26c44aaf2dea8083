"""What did Shopify send? An order, or one of its many other documents, said by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from recoup.channels import jsontext
from recoup.channels.reading import Part
from recoup.kit.problem import Blocked, Problem

_EVENTS = "Send the topic orders/updated instead: its order carries everything that happened to it."
# Root key → (what it is, what to do instead).
_WRAPPED = {
    "webhook": ("a webhook subscription", _EVENTS),
    "location": ("a location", "Send orders."),
    "transaction": ("a payment transaction", _EVENTS),
    "transactions": ("a list of payment transactions", _EVENTS),
    "dispute": ("a payment dispute", "Send orders; disputes stay in the shop."),
    "draft_order": ("a draft order, which nobody has bought yet", "Send it once it is an order."),
    "fulfillment": ("a fulfilment", _EVENTS),
    "fulfillments": ("a list of fulfilments", _EVENTS),
    "fulfillment_event": ("a fulfilment event", _EVENTS),
    "refund": ("a refund", _EVENTS),
    "refunds": ("a list of refunds", _EVENTS),
    "customer": ("a customer", "Send orders."),
    "product": ("a product", "Bring products in as a CSV file."),
    "products": ("a list of products", "Bring products in as a CSV file."),
    "variant": ("a product variant", "Bring products in as a CSV file."),
    "checkout": ("a checkout, which nobody has paid yet", "Send it once it is an order."),
    "properties": ("the properties of a line", "Send the whole order."),
    "errors": ("an error answer", "Ask the shop again; its answer says what it did not like."),
    "data": ("a GraphQL answer", "Send the order as the REST API or a webhook gives it."),
}
# Without a wrapper: keys that only this document has.
_BARE = [
    ({"address", "topic", "format"}, "webhook"),
    ({"refund_line_items"}, "refund"),
    ({"order_id", "tracking_number"}, "fulfillment"),
    ({"fulfillment_id", "status"}, "fulfillment_event"),
    ({"order_id", "gateway", "kind"}, "transaction"),
    ({"evidence_due_by"}, "dispute"),
    ({"invoice_sent_at", "line_items"}, "draft_order"),
    ({"abandoned_checkout_url"}, "checkout"),
    ({"variants", "title"}, "product"),
    ({"accepts_marketing", "orders_count"}, "customer"),
    ({"address1", "legacy"}, "location"),
]
_ORDER_SIGNS = {"line_items", "order_number", "financial_status", "total_price", "fulfillment_status"}


def split(raw: bytes) -> list[Part]:
    """Each order of a file as its own exact bytes; the file itself when it is not a list of orders."""
    try:
        text = jsontext.decode(raw)
    except Blocked:
        return [Part("", raw)]
    root = "" if text.lstrip()[:1] == "[" else "/orders"
    parts = [Part(f"{root}/{i}", each.encode()) for i, each in jsontext.spans(text)]
    return parts or [Part("", raw)]


def named(raw: bytes) -> str:
    """Which order it is, as far as that can be read; '' when it cannot."""
    try:
        found, _ = order_in(jsontext.load(raw)[0])
    except Blocked:
        # Cut off or otherwise no JSON: what still stands there may name it.
        match = re.search(rb'"(?:order_number|name)"\s*:\s*"?(#?[\w-]{1,40})', raw)
        return f"order {match[1].decode('utf-8', 'replace')}" if match else ""
    name = next((str(found[key]) for key in ("name", "order_number", "id") if found.get(key)), "")
    return f"order {name[:60]}" if name else ""


def id_at_its_head(raw: bytes) -> str:
    """The order's id where the document begins with it, as a webhook's does, however it ends; '' else."""
    match = re.match(rb'\s*\{\s*(?:"order"\s*:\s*\{\s*)?"id"\s*:\s*(\d{1,40})\s*,', raw)
    return match[1].decode() if match else ""


def order_in(value: Any) -> tuple[Mapping[str, Any], str]:
    """The one order in a document and its JSON pointer. Raises Blocked, naming what the document is instead."""
    found, at = _unwrapped(value)
    if not isinstance(found, Mapping):
        raise _not_an_order("a bare value", at)
    for key, (what, remedy) in _WRAPPED.items():
        if key in found and len(found) <= 2 and not _ORDER_SIGNS & found.keys():
            raise _not_an_order(what, at, remedy)
    for keys, name in _BARE:
        if keys <= found.keys() and not {"financial_status", "order_number"} & found.keys():
            raise _not_an_order(_WRAPPED[name][0], at, _WRAPPED[name][1])
    if not _ORDER_SIGNS & found.keys():
        raise _not_an_order(f"a document with {_some(found)}", at)
    return found, at


def _unwrapped(value: Any) -> tuple[Any, str]:
    if isinstance(value, Mapping) and isinstance(value.get("order"), Mapping):
        return value["order"], "/order"
    if isinstance(value, Mapping) and isinstance(value.get("orders"), list):
        return _only(value["orders"], "/orders")
    if isinstance(value, list):
        return _only(value, "")
    return value, ""


def _only(items: list[Any], at: str) -> tuple[Any, str]:
    if not items:
        said = "The list of orders is empty."
        raise Blocked(Problem("structure.no_orders", at, "block", said, "Deliver at least one."))
    if sum(isinstance(item, Mapping) and bool(_ORDER_SIGNS & item.keys()) for item in items) > 1:
        raise Blocked(
            Problem(
                "structure.several_orders", at, "block", f"There are {len(items)} orders in one delivery.",
                "Deliver them one by one, or bring the file in with “recoup intake”.",
            )
        )  # fmt: skip
    return items[0], f"{at}/0"


def _some(found: Mapping[str, Any]) -> str:
    names = [f"“{name[:40]}”" for name in list(found)[:3]]
    return " and ".join(names) or "nothing in it"


def _not_an_order(what: str, at: str, remedy: str = "Send an order, as a webhook or the REST API gives it.") -> Blocked:
    return Blocked(Problem("structure.not_an_order", at, "block", f"This is {what}, not an order.", remedy))
