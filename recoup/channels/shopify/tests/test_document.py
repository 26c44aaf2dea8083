from __future__ import annotations

import json

import pytest

from recoup.channels.kinds import kind
from recoup.channels.reading import ChannelSettings
from recoup.channels.shopify.signature import delivery_key, header, sign, topic, verify
from recoup.channels.shopify.tests.factories import order, read
from recoup.domain.orders.rules import gates
from recoup.kit.problem import blocking
from tests.sample_data import sample


@pytest.mark.parametrize(
    ("document", "what"),
    [
        ({"webhook": {"id": 1, "topic": "orders/create"}}, "a webhook subscription"),
        ({"id": 1, "address": "x", "topic": "orders/create", "format": "json"}, "a webhook subscription"),
        ({"fulfillment": {"id": 1, "order_id": 2}}, "a fulfilment"),
        ({"id": 1, "order_id": 2, "tracking_number": "T", "line_items": []}, "a fulfilment"),
        ({"refund": {"refund_line_items": []}}, "a refund"),
        ({"id": 1, "order_id": 2, "refund_line_items": []}, "a refund"),
        ({"draft_order": {"id": 1, "line_items": []}}, "a draft order"),
        ({"id": 1, "invoice_sent_at": None, "line_items": [], "total_price": "1"}, "a draft order"),
        ({"dispute": {"id": 1}}, "a payment dispute"),
        ({"transactions": []}, "a list of payment transactions"),
        ([{"id": 1, "order_id": 2, "kind": "sale", "gateway": "visa"}] * 2, "a payment transaction"),
        ({"location": {}}, "a location"),
        ({"customer": {}}, "a customer"),
        ({"products": []}, "a list of products"),
        ({"properties": {"name": 2}}, "the properties of a line"),
        ({"data": {"order": {"lineItems": {}}}}, "a GraphQL answer"),
        ({"errors": "Not Found"}, "an error answer"),
        ({"hello": 1}, "a document with “hello”"),
        ({}, "a document with nothing in it"),
        ("text", "a bare value"),
        (None, "a bare value"),
        ([7], "a bare value"),
    ],
)
def test_what_is_not_an_order_is_called_by_its_name(document, what):
    made = read(document)
    assert made.order is None
    assert [problem.code for problem in made.problems] == ["structure.not_an_order"]
    assert f"This is {what}" in made.problems[0].sentence
    assert made.problems[0].remedy


def test_the_signature_covers_the_raw_body():
    raw = json.dumps(order()).encode()
    signed = {"x-shopify-hmac-sha256": sign(raw, "hush")}
    assert verify(raw, signed, "hush")
    assert not verify(raw + b" ", signed, "hush")
    assert not verify(raw, signed, "other")
    assert not verify(raw, signed, "")
    assert not verify(raw, {}, "hush")
    for odd in ("", "%%%", "äöü", "YWJj"):
        assert not verify(raw, {"X-Shopify-Hmac-Sha256": odd}, "hush")


def test_a_known_signature():
    # As openssl has it: printf '{"a":1}' | openssl dgst -sha256 -hmac hush -binary | base64
    assert sign(b'{"a":1}', "hush") == "3+Yq/TpwjqJ7IXuMq8EfED7b+y0XbokqOKLUdagDxMI="


def test_a_retry_has_the_same_key():
    headers = {"X-Shopify-Webhook-Id": "b54557e4", "X-Shopify-Topic": "orders/updated"}
    assert delivery_key(b"x", headers) == "b54557e4"
    assert topic(headers) == "orders/updated"
    assert delivery_key(b"x", {}) == delivery_key(b"x", {}) != delivery_key(b"y", {})
    assert header({"A-B": " c "}, "a-b") == "c"


ORDERS = {"go-shopify__order.json", "go-shopify__orders.json"}


def test_every_real_document_is_an_order_or_called_by_its_name():
    seen = set()
    for path in sorted(sample("payloads/shopify").glob("*.json")):
        shop, raw = kind("shopify"), path.read_bytes()
        for part in shop.split(raw):
            made = shop.translate(part.body, ChannelSettings())
            every = [*made.problems, *(gates(made.order, at=made.order.placed_at) if made.order else ())]
            assert (path.name in ORDERS) == (not blocking(every)), (path.name, every)
            seen.add(path.name)
    assert seen >= ORDERS


def test_a_real_order_adds_up():
    raw = sample("payloads/shopify/go-shopify__order.json").read_bytes()
    made = kind("shopify").translate(raw, ChannelSettings()).order
    assert made is not None
    assert (made.number, made.payment, made.total_minor, made.summed_minor) == ("#9999", "voided", 1000, 1000)
    assert {problem.code for problem in gates(made, at=made.placed_at)} == {"semantics.cancelled", "semantics.voided"}
