from __future__ import annotations

import json
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client

from recoup.channels.shopify.signature import sign
from recoup.domain.orders.models import Delivery, Order
from recoup.domain.orders.tests.factories import channel, payload, product
from recoup.foundation.jobs.worker import drain
from recoup.web.api import webhooks

pytestmark = pytest.mark.django_db
SECRET = "hush"


def send(body: bytes, *, code: str = "shop", secret: str = SECRET, key: str = "w1") -> Any:
    headers = {"X-Shopify-Hmac-Sha256": sign(body, secret), "X-Shopify-Topic": "orders/updated",
               "X-Shopify-Webhook-Id": key}  # fmt: skip
    return Client(enforce_csrf_checks=True).post(
        f"/api/channels/{code}/webhook", body, content_type="application/json", headers=headers
    )  # fmt: skip


def test_a_signed_delivery_is_stored_and_becomes_an_order():
    product()
    channel(secret=SECRET)
    answer = send(payload())
    assert answer.status_code == 200
    delivery = Delivery.objects.get()
    assert answer.json() == {"delivery_id": str(delivery.pk)}
    assert (delivery.delivery_key, delivery.topic, bytes(delivery.body)) == ("w1", "orders/updated", payload())
    drain()
    assert Order.objects.get().number == "#1001"


def test_a_retry_is_answered_with_the_same_delivery():
    channel(secret=SECRET)
    assert send(payload()).json() == send(payload()).json()
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("body", [b"", b"\x00\xff", b"{", b"[" * 50_000, b'{"webhook": {}}'])
def test_what_is_in_it_is_never_a_reason_to_refuse(body):
    channel(secret=SECRET)
    assert send(body).status_code == 200
    drain()
    delivery = Delivery.objects.get()
    assert (delivery.state, bytes(delivery.body)) == ("dead", body)


def test_who_cannot_sign_is_not_heard():
    channel(secret=SECRET)
    channel("silent")
    wrong, unknown = send(payload(), secret="wrong"), send(payload(), code="unknown")
    answers = [wrong, unknown, send(payload(), code="silent", secret="")]
    unsigned = Client().post("/api/channels/shop/webhook", payload(), content_type="application/json")
    said = {(each.status_code, json.dumps(each.json())) for each in [*answers, unsigned]}
    assert len(said) == 1
    assert answers[0].status_code == 401
    assert answers[0].json()["code"] == "api.bad_signature"
    assert Delivery.objects.count() == 0


def test_too_much_is_not_read(monkeypatch):
    channel(secret=SECRET)
    monkeypatch.setattr(webhooks, "LARGEST", 1024)
    assert send(b"x" * 1024).status_code == 200
    assert send(b"x" * 1025, key="w2").status_code == 413
    assert Delivery.objects.count() == 1


def test_only_posting_is_possible():
    assert Client().get("/api/channels/shop/webhook").status_code == 405


@pytest.mark.django_db(transaction=True)
def test_over_asgi_as_in_production():
    channel(secret=SECRET)
    headers = {"X-Shopify-Hmac-Sha256": sign(payload(), SECRET), "X-Shopify-Webhook-Id": "w9"}

    async def post() -> Any:
        return await AsyncClient().post(
            "/api/channels/shop/webhook", payload(), content_type="application/json", headers=headers
        )

    assert async_to_sync(post)().status_code == 200
    assert bytes(Delivery.objects.get().body) == payload()
