from __future__ import annotations

import json

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from recoup.domain.catalogue.models import Batch
from recoup.domain.orders import actions, queries
from recoup.domain.orders.canonical import Reading
from recoup.domain.orders.models import Customer, Delivery, Order, OrderLine
from recoup.domain.orders.tests.factories import (
    NOW,
    accepted,
    channel,
    delivered,
    draft,
    judged,
    line,
    payload,
    product,
)
from recoup.foundation.audit.queries import trail
from recoup.foundation.facts.models import Fact
from recoup.foundation.jobs.worker import drain
from recoup.kit.actor import SYSTEM, Actor
from recoup.kit.moves import IllegalMove
from recoup.kit.refusal import NotAllowed, Refusal

pytestmark = pytest.mark.django_db
CUSTOMER = Actor(kind="customer", id="x", name="A customer")
WAREHOUSE = Actor(kind="staff", id="2", name="Wim", roles=frozenset({"warehouse"}))
AGENT = Actor(kind="staff", id="1", name="Grace", roles=frozenset({"agent"}))


def test_a_delivery_becomes_an_order_by_itself():
    product()
    delivery = delivered(channel(), payload())
    drain()
    delivery.refresh_from_db()
    order = Order.objects.get()
    assert (delivery.state, delivery.order) == ("accepted", order)
    assert (order.number, order.customer.email) == ("#1001", "ada@example.com")
    assert (order.country, order.total_minor) == ("DE", 4990)
    only = order.lines.get()
    assert (only.sku, only.quantity, only.paid_minor, only.tax_minor) == ("KETTLE", 2, 4990, 797)
    assert order.provenance["total_minor"] == {
        "owner": "source", "delivery": str(delivery.pk), "pointer": "/total_price",
    }  # fmt: skip
    assert [said.verb for said in trail(order)] == ["order.accepted"]


def test_the_same_key_with_the_same_bytes_is_one_delivery():
    shop = channel()
    first = delivered(shop, payload(), key="w1")
    assert delivered(shop, payload(), key="w1") == first
    assert Delivery.objects.count() == 1
    assert Fact.objects.filter(name="DeliveryReceived").count() == 1


def test_the_same_key_with_other_bytes_is_kept_too():
    shop = channel()
    first = delivered(shop, payload(), key="w1")
    second = delivered(shop, payload(note="changed"), key="w1")
    assert second != first
    assert delivered(shop, payload(note="changed"), key="w1") == second
    assert Delivery.objects.count() == 2


def test_anything_at_all_is_stored_first():
    delivery = delivered(channel(), b"\x00\xff not json", key="odd\x00key\ud800")
    drain()
    delivery.refresh_from_db()
    assert delivery.state == "dead"
    assert bytes(delivery.body) == b"\x00\xff not json"
    assert Order.objects.count() == 0


def test_the_same_content_under_another_key_is_a_duplicate():
    product()
    shop = channel()
    judged(delivered(shop, payload()))
    again = judged(delivered(shop, payload()))
    assert again.state == "duplicate"
    assert Fact.objects.filter(name="OrderAccepted").count() == 1


def test_an_older_version_is_stale_and_changes_nothing():
    product()
    shop = channel()
    judged(delivered(shop, payload(total_price="60.00", updated_at="2026-02-01T00:00:00Z")))
    late = judged(delivered(shop, payload()))
    assert late.state == "stale"
    assert Order.objects.get().total_minor == 6000


def test_a_dead_letter_is_settled_once_its_order_comes_whole():
    product()
    shop = channel()
    half = judged(delivered(shop, payload(total_price="a lot")))
    other = judged(delivered(shop, payload(id=7002, total_price="a lot")))
    assert (half.state, other.state) == ("dead", "dead")
    order = accepted(shop, payload())
    half.refresh_from_db()
    other.refresh_from_db()
    assert (half.state, half.order, other.state) == ("stale", order, "dead")
    assert [said.verb for said in trail(half)][-1] == "delivery.replaced"
    assert queries.dead_letters()[0].count == 1


def test_half_a_webhook_is_settled_too() -> None:
    product()
    shop = channel()
    half = judged(delivered(shop, payload()[:300]))
    accepted(shop, payload())
    half.refresh_from_db()
    assert half.state == "stale"


def test_a_person_sets_a_dead_delivery_aside_with_a_reason() -> None:
    dead = judged(delivered(channel(), b"no order"))
    for who, reason in ((WAREHOUSE, "spam"), (AGENT, "  ")):
        with pytest.raises(Refusal):
            actions.set_aside(delivery=dead, reason=reason, actor=who)
        assert Delivery.objects.get().state == "dead"
    actions.set_aside(delivery=dead, reason="Somebody tried the address.", actor=AGENT)
    assert Delivery.objects.get().state == "stale"
    assert trail(dead)[-1].sentence == "Grace set the dead delivery aside: Somebody tried the address."


def test_a_newer_version_that_died_outlives_an_older_one():
    product()
    shop = channel()
    newer = judged(delivered(shop, payload(total_price="a lot", updated_at="2026-02-01T00:00:00Z")))
    accepted(shop, payload())
    newer.refresh_from_db()
    assert newer.state == "dead"


def test_a_newer_version_updates_the_order_and_its_lines():
    product()
    product("LAMP")
    shop = channel()
    first = accepted(shop, payload())
    lamp = {"id": 2, "sku": "LAMP", "name": "Lamp", "quantity": 1, "price": "10.00"}
    kettle = json.loads(payload())["line_items"][0]
    newer = payload(
        line_items=[kettle, lamp], total_price="59.90", updated_at="2026-02-01T00:00:00Z", email="ada@new.example"
    )  # fmt: skip
    order = accepted(shop, newer)
    assert order.pk == first.pk
    assert [each.sku for each in order.lines.all()] == ["KETTLE", "LAMP"]
    assert order.customer.email == "ada@new.example"
    assert [said.verb for said in trail(order)] == ["order.accepted", "order.updated"]


def test_an_order_keeps_its_currency():
    product()
    shop = channel()
    first = accepted(shop, payload())
    later = judged(delivered(shop, payload(currency="JPY", updated_at="2026-02-01T00:00:00Z"), key="2"))
    assert later.state == "dead" and (said := later.problems[-1])["code"] == "transition.currency"
    assert "came in EUR, and is said to be in JPY now" in said["sentence"]
    assert Order.objects.get(pk=first.pk).currency == "EUR"


def test_a_currency_that_nobody_has_is_corrected_in_the_shop():
    product()
    shop = channel()
    first = accepted(shop, payload(currency="XYZ"))
    accepted(shop, payload(updated_at="2026-02-01T00:00:00Z"))
    assert Order.objects.get(pk=first.pk).currency == "EUR"


def test_a_line_that_was_taken_off_has_nothing_left_to_give_back():
    product()
    product("LAMP")
    shop = channel()
    lamp = {"id": 2, "sku": "LAMP", "name": "Lamp", "quantity": 1, "price": "10.00"}
    kettle = json.loads(payload())["line_items"][0]
    judged(delivered(shop, payload(line_items=[kettle, lamp], total_price="59.90")))
    order = accepted(shop, payload(updated_at="2026-02-01T00:00:00Z"))
    facts = {each.sku: each for each in queries.order_page(order).lines}
    assert (facts["LAMP"].left, facts["LAMP"].creditable.minor) == (0, 0)
    assert facts["KETTLE"].left == 2
    assert "semantics.line_removed" in {note["code"] for note in order.notes}


def test_a_missing_product_parks_and_wakes_by_itself():
    delivery = delivered(channel(), payload())
    drain()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.waiting_for) == ("parked", ["product:KETTLE"])
    assert Order.objects.count() == 0
    product()
    drain()
    delivery.refresh_from_db()
    assert delivery.state == "accepted"
    assert Order.objects.get().lines.get().product.sku == "KETTLE"
    assert [said.verb for said in trail(delivery)] == [
        "delivery.received", "delivery.parked", "delivery.woken", "delivery.accepted",
    ]  # fmt: skip


def test_with_two_missing_products_it_waits_for_both():
    lines = [
        {"id": i, "sku": sku, "name": sku, "quantity": 1, "price": "24.95"} for i, sku in enumerate(["KETTLE", "LAMP"])
    ]
    delivery = judged(delivered(channel(), payload(line_items=lines, total_tax="0")))
    assert delivery.waiting_for == ["product:KETTLE", "product:LAMP"]
    product()
    drain()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.waiting_for) == ("parked", ["product:LAMP"])
    product("LAMP")
    drain()
    delivery.refresh_from_db()
    assert delivery.state == "accepted"


def test_cancelled_and_voided_orders_are_taken_in_with_a_hold():
    product()
    body = payload(cancelled_at="2026-01-07T00:00:00Z", financial_status="voided")
    order = accepted(channel(), body)
    holds = queries.order_page(order).holds
    assert len(holds) == 2
    assert any("cancelled" in said for said in holds)


def test_what_blocks_becomes_a_dead_letter_with_its_reason():
    shop = channel()
    for key in ("a", "b"):
        judged(delivered(shop, payload(currency="", note=key)))
    judged(delivered(shop, b"{}"))
    groups = queries.dead_letters()
    counted = [(group.code, group.count) for group in groups]
    assert counted == [("completeness.currency", 2), ("structure.not_an_order", 1)]
    assert groups[0].remedy
    assert len(groups[0].sample) == 2


def test_a_dead_letter_is_replayed_and_judged_anew():
    product()
    delivery = judged(delivered(channel(), payload(currency="")))
    actions.replay(delivery=delivery, actor=AGENT)
    good = Reading(draft())
    again = actions.judge(delivery=delivery, reading=good, at=NOW, actor=SYSTEM)
    assert again.state == "accepted"
    assert "delivery.replayed" in [said.verb for said in trail(delivery)]


def test_a_replay_is_not_for_everybody_nor_for_what_lives():
    dead = judged(delivered(channel(), b"{}"))
    with pytest.raises(NotAllowed):
        actions.replay(delivery=dead, actor=CUSTOMER)
    dead.refresh_from_db()
    assert dead.state == "dead"
    product()
    alive = judged(delivered(channel("other"), payload()))
    with pytest.raises(IllegalMove):
        actions.replay(delivery=alive, actor=AGENT)
    alive.refresh_from_db()
    assert alive.state == "accepted"


def test_a_group_is_replayed_together():
    shop = channel()
    for _ in range(3):
        judged(delivered(shop, payload(currency="")))
    fingerprint = queries.dead_letters()[0].fingerprint
    assert actions.replay_group(fingerprint=fingerprint, actor=AGENT, limit=2) == 2
    assert queries.counts_by_state() == {"dead": 1, "received": 2}


def test_judging_twice_does_no_harm():
    product()
    delivery = judged(delivered(channel(), payload()))
    assert judged(delivery).state == "accepted"
    assert Fact.objects.filter(name="OrderAccepted").count() == 1


def test_a_correction_outlives_the_next_version():
    product()
    shop = channel()
    order = accepted(shop, payload())
    actions.correct_order(order=order, field="delivered_at", value=NOW, reason="The carrier says so.", actor=AGENT)
    shipped = [{"status": "success", "created_at": "2026-01-07T00:00:00Z", "shipment_status": "delivered",
                "updated_at": "2026-01-08T00:00:00Z"}]  # fmt: skip
    order = accepted(shop, payload(fulfillments=shipped, updated_at="2026-02-01T00:00:00Z"))
    assert order.delivered_at == NOW
    assert order.shipped_at is not None
    assert order.provenance["delivered_at"]["owner"] == "agent"


def test_only_what_we_know_better_can_be_corrected():
    product()
    order = accepted(channel(), payload())
    with pytest.raises(actions.NotCorrectable):
        actions.correct_order(order=order, field="total_minor", value="0", reason="x", actor=AGENT)
    order.refresh_from_db()
    assert order.total_minor == 4990


def test_batch_and_serial_of_a_line_are_kept():
    product(serial_format=r"SN-\d+")
    each = line(batch="B-1", serials=("SN-1", "nonsense"))
    delivery = delivered(channel(), b"file")
    done = actions.judge(delivery=delivery, reading=Reading(draft(lines=(each,))), at=NOW, actor=SYSTEM)
    kept = OrderLine.objects.get()
    assert (kept.batch, kept.batch_how) == (Batch.objects.get(), "declared")
    assert [each.serial.number for each in kept.serials.all()] == ["SN-1"]
    assert [note["code"] for note in done.order.notes] == ["references.serial"]


def test_one_customer_per_address_whatever_its_capitals():
    product()
    shop = channel()
    judged(delivered(shop, payload()))
    judged(delivered(shop, payload(id=7002, name="#1002", email="ADA@example.com")))
    assert Customer.objects.count() == 1
    judged(delivered(shop, payload(id=7003, name="#1003", email="")))
    assert Customer.objects.count() == 2


def test_the_database_keeps_a_delivery_as_it_came():
    delivery = delivered(channel(), b"as it came")
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(body=b"changed")
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(state="accepted", delivery_key="other")
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        delivery.delete()
    delivery.refresh_from_db()
    assert (bytes(delivery.body), delivery.state) == (b"as it came", "received")


def test_a_channel_keeps_its_secret_sealed():
    shop = channel(secret="hush")
    assert b"hush" not in bytes(shop.sealed_secret)
    assert queries.webhook_secret(shop) == "hush"
    with pytest.raises(actions.ChannelTaken):
        channel(secret="other")
    shop.refresh_from_db()
    assert queries.webhook_secret(shop) == "hush"


def test_a_channel_needs_a_real_time_zone_and_an_admin():
    with pytest.raises(actions.UnknownTimeZone):
        channel(time_zone="Mars/Base")
    with pytest.raises(NotAllowed):
        actions.create_channel(code="shop", kind="shopify", actor=AGENT)
    assert queries.channels() == []


def test_a_serial_is_declared_for_a_line():
    product()
    only = accepted(channel(), payload()).lines.get()
    actions.declare_serial(line=only, number=" SN 1 ", actor=AGENT)
    actions.declare_serial(line=only, number="SN1", actor=AGENT)
    assert queries.line_facts(only).serials == ("SN1",)
    assert queries.orders_of_line_serial("sn1") == [only]


def test_a_newer_version_without_a_key_says_nothing_and_with_null_says_none():
    product()
    at = channel()
    parcel = {"created_at": "2026-01-07T10:00:00Z", "delivered_at": "2026-01-09T10:00:00Z", "tracking_number": "T-1"}
    accepted(at, payload(fulfillments=[parcel], cancelled_at="2026-01-10T10:00:00Z"))
    order = accepted(at, payload(updated_at="2026-02-01T10:00:00Z"))
    assert order.delivered_at is not None
    assert (order.cancelled_at is not None, order.tracking_numbers) == (True, ["T-1"])
    assert "semantics.cancelled" in [note["code"] for note in order.notes]
    order = accepted(at, payload(updated_at="2026-03-01T10:00:00Z", fulfillments=[], cancelled_at=None))
    assert (order.delivered_at, order.cancelled_at, order.tracking_numbers) == (None, None, [])
    assert "semantics.cancelled" not in [note["code"] for note in order.notes]
