"""Each promise is silent while it is kept and names exactly what breaks it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from recoup.domain.catalogue import actions as catalogue
from recoup.domain.catalogue.models import Product
from recoup.domain.orders import actions, invariants
from recoup.domain.orders.models import Delivery, LineSerial, OrderLine
from recoup.domain.orders.tests.factories import accepted, channel, delivered, judged, payload, product
from recoup.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
EVERY = [
    invariants.accepted_deliveries_have_their_order,
    invariants.nobody_waits_in_vain,
    invariants.lines_give_back_no_more_than_was_paid,
    invariants.serials_are_of_their_lines_product,
]


def broken() -> list[str]:
    return [found.invariant for check in EVERY for found in check()]


@pytest.fixture
def line() -> OrderLine:
    product()
    shop = channel()
    delivered(shop, payload(id=9, name="#9", line_items=[{"id": 1, "sku": "X", "quantity": 1, "price": "1"}]))
    delivered(shop, b"{}")
    only = accepted(shop, payload()).lines.get()
    actions.declare_serial(line=only, number="S1", actor=SYSTEM)
    return only


@pytest.mark.usefixtures("line")
def test_all_is_well():
    assert broken() == []


@pytest.mark.usefixtures("line")
def test_an_accepted_delivery_without_its_order():
    Delivery.objects.filter(state="accepted").update(order=None)
    assert sorted(broken()) == ["orders.delivery", "orders.order"]


def test_more_was_given_back_than_paid(line):
    OrderLine.objects.filter(pk=line.pk).update(refunded_minor=line.paid_minor + 1)
    assert broken() == ["orders.line"]


def test_a_serial_of_another_product(line):
    LineSerial.objects.filter(line=line).update(
        serial=catalogue.register_serial(product=product("LAMP"), number="S9", actor=SYSTEM)
    )
    assert broken() == ["orders.serial"]


def test_waiting_for_what_is_here():
    delivery = judged(delivered(channel(), payload()))
    assert delivery.state == "parked"
    Product.objects.create(sku="KETTLE", name="Kettle", created_at=timezone.now() - timedelta(hours=1))
    assert broken() == ["orders.waiting"]


def test_received_and_nobody_told():
    Delivery.objects.create(channel=channel(), delivery_key="x", topic="t", body=b"x")
    assert broken() == ["orders.delivery"]
