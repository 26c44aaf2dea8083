"""Rivals with real connections: the same webhook twice at once, versions in the wrong order, a product just in time."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection

from recoup.domain.catalogue import queries as catalogue_queries
from recoup.domain.orders import actions
from recoup.domain.orders.models import Customer, Delivery, Order, OrderLine
from recoup.domain.orders.tests.factories import channel, delivered, judged, payload, product
from recoup.foundation.facts.models import Fact
from recoup.foundation.jobs.worker import drain

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run all jobs at the same moment, each on a connection of its own."""
    gate = threading.Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            gate.wait(timeout=20)
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


@pytest.fixture
def slow_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between looking and acting there is time enough for any rival."""
    for module, name in ((actions, "_current"), (catalogue_queries, "known_skus")):
        monkeypatch.setattr(module, name, _slowed(getattr(module, name)))


def _slowed(look: Callable[..., Any]) -> Callable[..., Any]:
    def looked(*args: Any) -> Any:
        found = look(*args)
        time.sleep(0.05)
        return found

    return looked


def test_the_same_webhook_eight_times_at_once_is_one_delivery():
    shop, body = channel(), payload()
    found = at_once([lambda: delivered(shop, body, key="w1").pk] * 8)
    assert len(set(found)) == 1
    assert Delivery.objects.count() == 1
    assert Fact.objects.filter(name="DeliveryReceived").count() == 1


@pytest.mark.usefixtures("slow_looks")
def test_one_order_from_the_same_content_judged_eight_times_at_once():
    product()
    shop = channel()
    rivals = [delivered(shop, payload()) for _ in range(8)]
    states = [done.state for done in at_once([partial(judged, each) for each in rivals])]
    assert sorted(states) == ["accepted"] + ["duplicate"] * 7
    assert (Order.objects.count(), OrderLine.objects.count(), Customer.objects.count()) == (1, 1, 1)
    assert Fact.objects.filter(name="OrderAccepted").count() == 1


def test_one_delivery_judged_eight_times_at_once_has_one_effect():
    product()
    delivery = delivered(channel(), payload())
    assert {done.state for done in at_once([lambda: judged(delivery)] * 8)} == {"accepted"}
    assert Fact.objects.filter(name="OrderAccepted").count() == 1


@pytest.mark.usefixtures("slow_looks")
@pytest.mark.parametrize("seed", range(3))
def test_versions_in_any_order_at_once_end_with_the_newest(seed):
    product()
    shop = channel()
    versions = [
        delivered(shop, payload(total_price=f"{50 + day}.00", updated_at=f"2026-02-{day:02}T00:00:00Z"))
        for day in range(1, 9)
    ]
    random.Random(seed).shuffle(versions)
    states = [done.state for done in at_once([partial(judged, each) for each in versions])]
    order = Order.objects.get()
    assert order.total_minor == 5800
    assert order.lines.count() == 1
    assert set(states) <= {"accepted", "stale"}
    newest = payload(total_price="58.00", updated_at="2026-02-08T00:00:00Z")
    assert states[[bytes(each.body) for each in versions].index(newest)] == "accepted"


@pytest.mark.usefixtures("slow_looks")
@pytest.mark.parametrize("later", [0.0, 0.04, 0.07, 0.1, 0.13])
def test_a_product_that_arrives_while_its_order_is_judged_is_never_missed(later):
    """At any moment of the judgement: before it looks, between its two looks, before it parks."""
    shop = channel()
    waiting = [delivered(shop, payload(id=n, name=f"#{n}", email=f"c{n}@example.com")) for n in range(2)]
    drain_nothing_yet()

    def arrive() -> None:
        time.sleep(later)
        product()
        drain()

    at_once([arrive, *(partial(judged, each) for each in waiting)])
    drain()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"accepted"}
    assert Order.objects.count() == 2


def drain_nothing_yet() -> None:
    """The deliveries are judged by the test, so their own jobs are put aside."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def test_the_same_product_added_at_once_is_one():
    found = at_once([product] * 8)
    assert len({each.pk for each in found}) == 1
    assert Fact.objects.filter(name="ReferenceArrived").count() == 1
