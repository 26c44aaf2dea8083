"""Each promise is silent while it is kept and names exactly what breaks it, whatever the trail has no seal of."""

from __future__ import annotations

import pytest

from recoup.domain.claims import actions as claims
from recoup.domain.claims import invariants
from recoup.domain.claims.models import ClaimLine, Packet
from recoup.domain.claims.tests import factories
from recoup.domain.suppliers.models import POLine, PurchaseOrder
from recoup.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db


def test_a_packet_that_nobody_sent_does_not_count_as_sent() -> None:
    claim = factories.approved()
    packet = claims.build_packet(claim=claim, actor=SYSTEM)
    assert list(invariants.packets_left_as_told()) == []
    Packet.objects.filter(pk=packet.pk).update(sent_at=factories.NOW)
    [found] = invariants.packets_left_as_told()
    assert found.subject == f"claim {claim.pk}"
    assert found.sentence == "Packet 1 counts as sent, and nobody sent it."


def test_a_packet_that_was_sent_is_missed_when_it_is_gone() -> None:
    _, packet, _ = factories.sent()
    assert list(invariants.packets_left_as_told()) == []
    packet.delete()
    [found] = invariants.packets_left_as_told()
    assert found.sentence == "Packet 1 was sent, and it no longer says so or is gone."


def test_a_claim_moved_to_another_supplier_is_named() -> None:
    claim, other = factories.gathered(), factories.supplier(name="Another Works")
    assert list(invariants.claims_are_on_their_orders_supplier()) == []
    type(claim).objects.filter(pk=claim.pk).update(supplier=other)
    [found] = invariants.claims_are_on_their_orders_supplier()
    said = f"It is on Another Works, but {claim.purchase_order.number} is with {claim.supplier.name}."
    assert (found.subject, found.sentence) == (claim.number, said)


def test_a_line_that_came_on_another_order_is_named() -> None:
    claim = factories.gathered()
    line = factories.lines(claim)[0]
    other = PurchaseOrder.objects.create(
        number="PO-OTHER", supplier=claim.supplier, ordered_date=factories.NOW.date(), currency="USD"
    )
    elsewhere = POLine.objects.create(
        purchase_order=other, position=1, product=line.po_line.product, quantity=1, unit_cost_minor=1
    )
    ClaimLine.objects.filter(pk=line.pk).update(po_line=elsewhere)
    [found] = invariants.claims_are_on_their_orders_supplier()
    assert found.sentence == f"It came on PO-OTHER, not on {claim.purchase_order.number}."
