from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.domain.catalogue import actions as catalogue
from recoup.domain.suppliers import actions, queries, rules
from recoup.domain.suppliers.invariants import batches_came_on_a_line_of_their_product
from recoup.domain.suppliers.models import BatchSource, POLine, PurchaseOrder, ShipmentBatch, Supplier
from recoup.foundation.audit.queries import trail
from recoup.kit import ids
from recoup.kit.actor import SYSTEM, Actor
from recoup.kit.money import Money
from recoup.kit.refusal import NotAllowed

AGENT = Actor(kind="staff", id="1", name="Grace", roles=frozenset({"agent"}))


def candidate(name="PO-1", *, arrived=None, how="inferred"):
    return rules.Candidate(ids.new(), ids.new(), name, arrived, how)


def test_the_surest_link_of_a_batch_wins():
    scanned, declared = candidate("PO-1", how="scanned"), candidate("PO-2", how="declared")
    verdict = rules.from_batch([declared, scanned], batch="B", batch_how="scanned")
    assert (verdict.po_line_id, verdict.how, verdict.sure) == (scanned.po_line_id, "scanned", 0.99)
    assert "PO-1" in verdict.because


def test_a_chain_is_as_sure_as_its_weakest_link():
    verdict = rules.from_batch([candidate(how="scanned")], batch="B", batch_how="allocated")
    assert (verdict.how, verdict.sure) == ("allocated", 0.75)


def test_two_equal_links_are_nobodys():
    verdict = rules.from_batch([candidate("PO-1"), candidate("PO-2")], batch="B", batch_how="scanned")
    assert (verdict.po_line_id, verdict.sure) == (None, 0.0)
    assert "2 purchase order lines" in verdict.because
    assert rules.from_batch([], batch="B", batch_how="").po_line_id is None


def test_the_only_order_that_had_arrived_is_inferred():
    early, late = candidate("PO-1", arrived=date(2025, 1, 1)), candidate("PO-2", arrived=date(2025, 6, 1))
    verdict = rules.from_dates([early, late], sku="K", left=date(2025, 3, 1))
    assert (verdict.po_line_id, verdict.how, verdict.sure) == (early.po_line_id, "inferred", 0.5)
    assert rules.from_dates([early, late], sku="K", left=date(2025, 7, 1)).po_line_id is None
    assert rules.from_dates([early, late], sku="K", left=None).po_line_id is None
    assert rules.from_dates([late], sku="K", left=date(2025, 3, 1)).po_line_id is None
    assert rules.from_dates([], sku="K", left=None).because == "No purchase order has K on it."


@given(st.lists(st.tuples(st.dates(), st.sampled_from(list(rules.SURE))), max_size=5), st.none() | st.dates())
def test_it_never_guesses_between_two(lines, left):
    candidates = [candidate(f"PO-{i}", arrived=day, how=how) for i, (day, how) in enumerate(lines)]
    for verdict in (
        rules.from_dates(candidates, sku="K", left=left),
        rules.from_batch(candidates, batch="B", batch_how=""),
    ):
        assert verdict.because.endswith(".")
        assert (verdict.po_line_id is None) == (verdict.sure == 0) == (verdict.how == "")
    fitting = [each for each in candidates if left is None or each.arrived <= left]
    assert (rules.from_dates(candidates, sku="K", left=left).po_line_id is not None) == (len(fitting) == 1)


@pytest.fixture
def kettle():
    return catalogue.upsert_product(sku="K", name="Kettle", actor=SYSTEM)


@pytest.fixture
def supplier():
    return actions.upsert_supplier(code="NB", name="Ningbo", currency="USD", actor=SYSTEM)


def bought(supplier, product, number="PO-1", *, day=date(2025, 1, 1), position=1):
    line = actions.Ordered(position, product, 500, Money(735, "USD"))
    actions.upsert_purchase_order(
        number=number, supplier=supplier, ordered_date=day, currency="USD", lines=[line], actor=SYSTEM
    )
    return queries.po_line(number=number, sku=product.sku, position=position)


@pytest.mark.django_db
def test_a_supplier_is_added_once_and_changed_where_it_differs(supplier):
    actions.upsert_supplier(code="NB", name="Ningbo", currency="USD", actor=SYSTEM)
    changed = actions.upsert_supplier(
        code="NB", name="Ningbo", currency="USD", claim_rules={"minimum_quantity": 3}, actor=SYSTEM
    )
    assert changed.pk == supplier.pk
    assert [line.verb for line in trail(supplier)] == ["supplier.added", "supplier.changed"]


@pytest.mark.django_db
def test_a_supplier_with_a_rule_nobody_knows_is_refused():
    with pytest.raises(actions.UnknownClaimRule):
        actions.upsert_supplier(code="X", name="X", currency="USD", claim_rules={"mood": "good"}, actor=SYSTEM)
    with pytest.raises(NotAllowed):
        actions.upsert_supplier(code="X", name="X", currency="USD", actor=AGENT)
    assert Supplier.objects.count() == 0


@pytest.mark.django_db
def test_a_purchase_order_and_its_lines(supplier, kettle):
    line = bought(supplier, kettle)
    more = actions.Ordered(1, kettle, 600, Money(700, "USD"))
    order = actions.upsert_purchase_order(
        number="PO-1", supplier=supplier, ordered_date=date(2025, 1, 1), currency="USD", lines=[more], actor=SYSTEM
    )
    line.refresh_from_db()
    assert (line.quantity, line.unit_cost_minor) == (600, 700)
    assert [each.verb for each in trail(order)] == ["po.added", "po.line_added", "po.line_changed"]
    assert [each.facts.get("fields") for each in trail(order)][-1] == "quantity, unit_cost_minor"


@pytest.mark.django_db
def test_a_purchase_order_stays_with_its_supplier_product_and_currency(supplier, kettle):
    bought(supplier, kettle)
    lamp = catalogue.upsert_product(sku="L", name="Lamp", actor=SYSTEM)
    other = actions.upsert_supplier(code="X", name="X", currency="EUR", actor=SYSTEM)
    with pytest.raises(actions.OrderOfAnotherSupplier):
        bought(other, kettle)
    with pytest.raises(actions.LineOfAnotherProduct):
        bought(supplier, lamp)
    with pytest.raises(actions.OrderInAnotherCurrency):
        actions.upsert_purchase_order(
            number="PO-1", supplier=supplier, ordered_date=date(2025, 1, 1), currency="EUR", lines=[], actor=SYSTEM
        )
    assert (PurchaseOrder.objects.count(), POLine.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_where_a_batch_came_from(supplier, kettle):
    line = bought(supplier, kettle)
    batch = catalogue.upsert_batch(product=kettle, number="B-1", actor=SYSTEM)
    actions.ship_batch(batch=batch, po_line=line, reference="SB-1", shipped_date=date(2025, 2, 1), actor=SYSTEM)
    actions.ship_batch(
        batch=batch, po_line=line, reference="SB-1", received_date=date(2025, 3, 1), how="scanned", actor=SYSTEM
    )
    shipment = ShipmentBatch.objects.get()
    assert (shipment.shipped_date, shipment.received_date) == (date(2025, 2, 1), date(2025, 3, 1))
    assert [each.verb for each in trail(batch)] == ["batch.added", "batch.sourced", "batch.source_changed"]
    came = queries.source_of(product=kettle, batch=batch, batch_how="declared")
    assert (came.supplier, came.po_line, came.shipment_batch, came.how) == (supplier, line, shipment, "declared")


@pytest.mark.django_db
def test_a_batch_of_another_product_cannot_come_on_the_line(supplier, kettle):
    line = bought(supplier, kettle)
    lamp = catalogue.upsert_product(sku="L", name="Lamp", actor=SYSTEM)
    foreign = catalogue.upsert_batch(product=lamp, number="B-1", actor=SYSTEM)
    with pytest.raises(actions.LineOfAnotherProduct):
        actions.ship_batch(batch=foreign, po_line=line, reference="SB-1", actor=SYSTEM)
    assert (BatchSource.objects.count(), ShipmentBatch.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_the_serial_outranks_the_batch_and_the_dates(supplier, kettle):
    first, second = bought(supplier, kettle), bought(supplier, kettle, "PO-2", day=date(2025, 6, 1))
    one, two = (catalogue.upsert_batch(product=kettle, number=number, actor=SYSTEM) for number in ("B-1", "B-2"))
    actions.ship_batch(batch=one, po_line=first, how="scanned", actor=SYSTEM)
    actions.ship_batch(batch=two, po_line=second, actor=SYSTEM)
    serial = catalogue.register_serial(product=kettle, number="S1", batch=one, actor=SYSTEM)
    loose = catalogue.register_serial(product=kettle, number="S2", actor=SYSTEM)
    by_serial = queries.source_of(product=kettle, serial=serial, batch=two, batch_how="scanned")
    assert (by_serial.po_line, by_serial.how) == (first, "scanned")
    assert queries.source_of(product=kettle, serial=loose, batch=two, batch_how="").po_line == second
    by_dates = queries.source_of(product=kettle, serial=loose, left=date(2025, 2, 1))
    assert (by_dates.po_line, by_dates.how, by_dates.sure) == (first, "inferred", 0.5)
    nobody = queries.source_of(product=kettle, left=date(2025, 12, 1))
    assert (nobody.supplier, nobody.po_line, nobody.sure) == (None, None, 0)
    assert "2 purchase order lines" in nobody.because


@pytest.mark.django_db
def test_what_is_not_here_is_said(supplier, kettle):
    with pytest.raises(queries.UnknownSupplier):
        queries.supplier("X")
    with pytest.raises(queries.UnknownPOLine):
        queries.po_line(number="PO-1", sku="K")
    bought(supplier, kettle)
    bought(supplier, kettle, position=2)
    with pytest.raises(queries.UnknownPOLine):
        queries.po_line(number="PO-1", sku="K")
    assert queries.po_line(number="PO-1", sku="K", position=2).position == 2
    assert [order.number for order in queries.purchase_orders(of=supplier)] == ["PO-1"]


@pytest.mark.django_db
def test_a_batch_on_a_foreign_line_or_delivery_is_found(supplier, kettle):
    line, other = bought(supplier, kettle), bought(supplier, kettle, "PO-2")
    batch = catalogue.upsert_batch(product=kettle, number="B-1", actor=SYSTEM)
    source = actions.ship_batch(batch=batch, po_line=line, reference="SB-1", actor=SYSTEM)
    assert list(batches_came_on_a_line_of_their_product()) == []
    BatchSource.objects.filter(pk=source.pk).update(po_line=other)
    assert [found.subject for found in batches_came_on_a_line_of_their_product()] == ["B-1"]
    lamp = catalogue.upsert_product(sku="L", name="Lamp", actor=SYSTEM)
    BatchSource.objects.filter(pk=source.pk).update(po_line=bought(supplier, lamp, "PO-3"), shipment_batch=None)
    assert "another product" in next(batches_came_on_a_line_of_their_product()).sentence


def without_position(supplier, product, *, quantity=100):
    ordered = actions.Ordered(position=None, product=product, quantity=quantity, unit_cost=Money(735, "USD"))
    return actions.upsert_purchase_order(
        number="PO-1", supplier=supplier, ordered_date=date(2025, 1, 1), currency="USD", lines=[ordered], actor=SYSTEM
    )


@pytest.mark.django_db
def test_a_line_without_a_position_finds_its_own_or_gets_the_next(supplier, kettle):
    lamp = catalogue.upsert_product(sku="LAMP", name="Lamp", actor=SYSTEM)
    for product, quantity in ((kettle, 500), (lamp, 200), (kettle, 400)):
        order = without_position(supplier, product, quantity=quantity)
    lines = order.lines.order_by("position").values_list("position", "product__sku", "quantity")
    assert list(lines) == [(1, kettle.sku, 400), (2, "LAMP", 200)]


@pytest.mark.django_db
def test_of_two_lines_for_one_product_only_a_position_tells(supplier, kettle):
    bought(supplier, kettle, position=1)
    bought(supplier, kettle, position=2)
    before = list(POLine.objects.order_by("position").values())
    with pytest.raises(actions.PositionNeeded) as refused:
        without_position(supplier, kettle)
    assert "Give the position" in refused.value.say()
    assert list(POLine.objects.order_by("position").values()) == before
