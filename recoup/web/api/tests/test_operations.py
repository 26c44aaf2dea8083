from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from recoup.domain.orders.tests.factories import channel, delivered, judged, payload, product
from recoup.domain.returns.models import CaptureLink
from recoup.foundation.accounts.tests.factories import staff
from recoup.foundation.database import checks
from recoup.kit import ids
from recoup.web.api import health

pytestmark = pytest.mark.django_db
# Fixed, so that every test process collects the same tests.
NOBODY = "01900000-0000-7000-8000-000000000000"
FOR_STAFF = [
    ("get", "/api/orders"),
    ("get", f"/api/orders/{NOBODY}"),
    ("get", "/api/deliveries"),
    ("get", f"/api/deliveries/{NOBODY}"),
    ("get", "/api/dead-letters"),
    ("get", "/api/openapi.json"),
    ("get", "/api/metrics"),
    ("post", "/api/capture-links"),
    ("post", f"/api/deliveries/{NOBODY}/replay"),
]


def signed_in(*roles: str) -> Client:
    client = Client()
    client.force_login(staff(*roles))
    return client


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


@pytest.fixture
def order():
    product()
    return judged(delivered(channel(), payload())).order


@pytest.mark.parametrize(("verb", "path"), FOR_STAFF)
def test_strangers_see_nothing(verb, path):
    for client in (Client(), signed_in()):
        answer = getattr(client, verb)(path, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (401, "api.signed_out")


@pytest.mark.usefixtures("order")
def test_orders_are_listed_and_found():
    agent = signed_in("agent")
    listed = agent.get("/api/orders").json()
    assert [each["number"] for each in listed] == ["#1001"]
    assert listed[0]["total"] == {"amount": "49.90", "minor": 4990, "currency": "EUR"}
    assert agent.get("/api/orders?search=ada@example.com").json() == listed
    assert agent.get("/api/orders?search=nobody").json() == []


def test_one_order_with_its_lines(order):
    body = signed_in("quality").get(f"/api/orders/{order.pk}").json()
    assert (body["email"], body["country"], body["holds"]) == ("ada@example.com", "DE", [])
    lines = [(line["sku"], line["quantity_left"], line["paid"]["amount"]) for line in body["lines"]]
    assert lines == [("KETTLE", 2, "49.90")]


@pytest.mark.parametrize("role", ["warehouse", "buyer", "finance"])
def test_customers_are_for_those_who_speak_with_them(order, role):
    for path in ("/api/orders", f"/api/orders/{order.pk}"):
        answer = signed_in(role).get(path)
        assert answer.status_code == 403 and "ada@example.com" not in answer.content.decode()


def test_what_is_not_there_is_not_found():
    agent = signed_in("agent")
    for path in (f"/api/orders/{ids.new()}", f"/api/deliveries/{ids.new()}"):
        assert (agent.get(path).status_code, agent.get(path).json()["code"]) == (404, "not_found")


def test_what_cannot_be_read_is_said():
    agent = signed_in("agent")
    for path in ("/api/orders/nonsense", "/api/orders?limit=0", "/api/orders?limit=x"):
        answer = agent.get(path)
        assert (answer.status_code, answer.json()["code"]) == (422, "api.not_understood")
    answer = agent.post("/api/capture-links", "{", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "api.not_possible")


def test_dead_letters_are_seen_and_replayed():
    delivery = judged(delivered(channel(), b"{}"))
    agent = signed_in("agent")
    group = agent.get("/api/dead-letters").json()[0]
    assert (group["count"], group["code"], group["sample"]) == (1, "structure.not_an_order", [str(delivery.pk)])
    seen = agent.get("/api/deliveries?state=dead").json()[0]
    assert seen["problems"][0]["remedy"]
    assert post(agent, f"/api/deliveries/{delivery.pk}/replay").json()["state"] == "received"
    again = post(agent, f"/api/deliveries/{delivery.pk}/replay")
    assert (again.status_code, again.json()["code"]) == (409, "moves.illegal")


def test_a_link_is_made_for_an_order(order):
    agent = signed_in("agent")
    made = post(agent, "/api/capture-links", order_id=str(order.pk), days=7)
    assert made.status_code == 201
    assert "/c/" in made.json()["address"]
    assert CaptureLink.objects.get().order == order
    assert post(agent, "/api/capture-links", number="1001", email="ada@example.com").status_code == 201
    assert post(agent, "/api/capture-links").status_code == 201
    assert CaptureLink.objects.filter(order=None).count() == 1


def test_no_link_for_a_stranger_or_by_the_wrong_role(order):
    agent = signed_in("agent")
    for body in ({"number": "1001", "email": "eve@example.com"}, {"order_id": str(ids.new())}):
        assert post(agent, "/api/capture-links", **body).status_code == 404
    assert post(signed_in("warehouse"), "/api/capture-links", order_id=str(order.pk)).status_code == 403
    assert post(agent, "/api/capture-links", days=1000).status_code == 422
    assert CaptureLink.objects.count() == 0


def test_a_change_needs_the_forms_token(order):
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff("agent"))
    assert post(client, "/api/capture-links", order_id=str(order.pk)).status_code == 403
    assert CaptureLink.objects.count() == 0


def test_the_description_names_every_operation():
    body = signed_in("agent").get("/api/openapi.json").json()
    assert body["openapi"].startswith("3.")
    assert {"/api/orders", "/api/capture-links", "/api/channels/{code}/webhook"} <= set(body["paths"])


def test_health_is_open_and_says_what_is_missing(monkeypatch):
    answer = Client().get("/api/health")
    assert (answer.status_code, answer.json()) == (200, {"ok": True, "database": "ok", "workers": "none", "disk": "ok"})
    monkeypatch.setattr(health, "free_bytes", lambda: 10)
    assert (Client().get("/api/health").status_code, Client().get("/api/health").json()["disk"]) == (503, "low")


def test_health_without_a_database(monkeypatch):
    def out_of_reach() -> None:
        raise checks.DatabaseOutOfReach(reason="connection refused")

    monkeypatch.setattr(checks, "refuse_unsafe", out_of_reach)
    answer = Client().get("/api/health")
    assert answer.status_code == 503
    assert (answer.json()["database"], answer.json()["workers"]) == ("database.out_of_reach", "unknown")


@pytest.mark.usefixtures("order")
def test_metrics_count_what_is_there():
    text = signed_in("agent").get("/api/metrics").content.decode()
    assert 'recoup_deliveries{state="accepted"} 1.0' in text
    assert "recoup_orders 1.0" in text
    assert "recoup_disk_free_bytes" in text
