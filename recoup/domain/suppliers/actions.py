"""Every write about suppliers, purchase orders and the deliveries that batches came in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from recoup.domain.catalogue.models import Batch, Product
from recoup.domain.suppliers.models import BatchSource, POLine, PurchaseOrder, ShipmentBatch, Supplier
from recoup.foundation.audit import actions as audit
from recoup.foundation.database.changes import change
from recoup.kit.actor import Actor
from recoup.kit.money import Money
from recoup.kit.refusal import Refusal

CLAIM_RULES = frozenset(
    {"required_shots", "minimum_quantity", "minimum_minor", "handling_minor", "deadline_days", "reply_days"}
)


class UnknownClaimRule(Refusal):
    code, status = "suppliers.unknown_claim_rule", 400
    sentence = "“{names}” is not a rule that a supplier can have. Rules are: {known}."


class OrderOfAnotherSupplier(Refusal):
    code = "suppliers.order_of_another_supplier"
    sentence = "The purchase order {number} is with {supplier} already. Give the new one another number."


class OrderInAnotherCurrency(Refusal):
    code = "suppliers.order_in_another_currency"
    sentence = "The purchase order {number} is in {currency}. Give its costs in that, or make a new order."


class LineOfAnotherProduct(Refusal):
    code = "suppliers.line_of_another_product"
    sentence = (
        "Line {position} of purchase order {number} is for {sku}, not for {given}. Give {given} the position of its own "
        "line, or leave the position out."
    )


class PositionNeeded(Refusal):
    code = "suppliers.position_needed"
    sentence = "Purchase order {number} has {sku} on several lines. Give the position of the line that is meant."


@dataclass(frozen=True, slots=True)
class Ordered:
    """One line of a purchase order: ``unit_cost`` in the order's currency.

    Without a ``position`` it is the order's line for this product or, when it has none, the next one.
    """

    position: int | None
    product: Product
    quantity: int
    unit_cost: Money


@transaction.atomic
def upsert_supplier(
    *,
    code: str,
    name: str,
    currency: str,
    contact_name: str = "",
    email: str = "",
    language: str = "en",
    warranty_months: int = 24,
    claim_rules: Mapping[str, Any] | None = None,
    actor: Actor,
) -> Supplier:
    """Add the supplier, or change it. ``claim_rules``: see the model; raises UnknownClaimRule or NotAllowed."""
    actor.must("buyer")
    rules = dict(claim_rules or {})
    if unknown := rules.keys() - CLAIM_RULES:
        raise UnknownClaimRule(names=", ".join(sorted(unknown)), known=", ".join(sorted(CLAIM_RULES)))
    fields = {
        "name": name, "currency": currency, "contact_name": contact_name, "email": email, "language": language,
        "warranty_months": warranty_months, "claim_rules": rules,
    }  # fmt: skip
    supplier, added = Supplier.objects.get_or_create(code=code, defaults=fields)
    if added:
        audit.record(verb="supplier.added", subject=supplier, actor=actor, code=code)
    elif changed := change(supplier, **fields):
        audit.record(verb="supplier.changed", subject=supplier, actor=actor, code=code, fields=", ".join(changed))
    return supplier


@transaction.atomic
def upsert_purchase_order(
    *, number: str, supplier: Supplier, ordered_date: date, currency: str, lines: Sequence[Ordered], actor: Actor
) -> PurchaseOrder:
    """Add the order with its lines, or change what differs; a line that is not given stays.

    Raises OrderOfAnotherSupplier, OrderInAnotherCurrency, LineOfAnotherProduct, PositionNeeded or NotAllowed.
    """
    actor.must("buyer")
    fields = {"ordered_date": ordered_date, "currency": currency, "supplier": supplier}
    order, added = PurchaseOrder.objects.get_or_create(number=number, defaults=fields)
    if order.supplier_id != supplier.pk:
        raise OrderOfAnotherSupplier(number=number, supplier=order.supplier.name)
    if order.currency != currency or any(line.unit_cost.currency != currency for line in lines):
        raise OrderInAnotherCurrency(number=number, currency=order.currency)
    if added:
        audit.record(
            verb="po.added", subject=order, actor=actor, number=number, supplier=supplier.code, lines=len(lines)
        )  # fmt: skip
    elif changed := change(order, ordered_date=ordered_date):
        audit.record(verb="po.changed", subject=order, actor=actor, number=number, fields=", ".join(changed))
    for line in lines:
        _upsert_line(order, line, actor)
    return order


def _upsert_line(order: PurchaseOrder, given: Ordered, actor: Actor) -> None:
    position = given.position or _position_of(order, given.product)
    fields = {"quantity": given.quantity, "unit_cost_minor": given.unit_cost.minor}
    line, added = POLine.objects.get_or_create(
        purchase_order=order, position=position, defaults={**fields, "product": given.product}
    )  # fmt: skip
    _same_product(line, given.product)
    if added:
        audit.record(verb="po.line_added", subject=order, actor=actor, number=order.number, position=position)
    elif changed := change(line, **fields):
        audit.record(
            verb="po.line_changed", subject=order, actor=actor, number=order.number, position=position,
            fields=", ".join(changed),
        )  # fmt: skip


def _position_of(order: PurchaseOrder, product: Product) -> int:
    """Where this product stands on the order, else the place after the last line; two at once get two places."""
    PurchaseOrder.objects.select_for_update().get(pk=order.pk)
    lines = dict(order.lines.values_list("position", "product_id"))
    of_product = [position for position, product_id in lines.items() if product_id == product.pk]
    if len(of_product) > 1:
        raise PositionNeeded(number=order.number, sku=product.sku)
    return of_product[0] if of_product else max(lines, default=0) + 1


def _same_product(line: POLine, product: Product) -> None:
    if line.product_id != product.pk:
        raise LineOfAnotherProduct(
            position=line.position, number=line.purchase_order.number, sku=line.product.sku, given=product.sku
        )  # fmt: skip


@transaction.atomic
def ship_batch(
    *,
    batch: Batch,
    po_line: POLine,
    reference: str = "",
    shipped_date: date | None = None,
    received_date: date | None = None,
    quantity: int | None = None,
    how: str = "declared",
    actor: Actor,
) -> BatchSource:
    """Say that a batch came on a PO line, in the delivery ``reference`` ('' = which one is not known), and how we know.

    Said again, it changes what differs; what is not known this time stays. Raises LineOfAnotherProduct or NotAllowed.
    """
    actor.must("buyer", "warehouse", "quality")
    _same_product(po_line, batch.product)
    shipment = _upsert_shipment(po_line, reference, shipped_date, received_date, actor) if reference else None
    known = {"shipment_batch": shipment, "quantity": quantity}
    fields = {"how": how, **{name: value for name, value in known.items() if value is not None}}
    source, added = BatchSource.objects.get_or_create(batch=batch, po_line=po_line, defaults=fields)
    number = po_line.purchase_order.number
    if added:
        audit.record(
            verb="batch.sourced", subject=batch, actor=actor, batch=batch.number, position=po_line.position,
            number=number, how=how,
        )  # fmt: skip
    elif changed := change(source, **fields):
        audit.record(
            verb="batch.source_changed", subject=batch, actor=actor, batch=batch.number, fields=", ".join(changed)
        )  # fmt: skip
    return source


def _upsert_shipment(
    po_line: POLine, reference: str, shipped_date: date | None, received_date: date | None, actor: Actor
) -> ShipmentBatch:  # fmt: skip
    dates = {"shipped_date": shipped_date, "received_date": received_date}
    known = {name: value for name, value in dates.items() if value is not None}
    order = po_line.purchase_order
    shipment, added = ShipmentBatch.objects.get_or_create(purchase_order=order, reference=reference, defaults=known)
    if added:
        audit.record(verb="shipment.added", subject=shipment, actor=actor, reference=reference, number=order.number)
    elif changed := change(shipment, **known):
        audit.record(
            verb="shipment.changed", subject=shipment, actor=actor, reference=reference, fields=", ".join(changed)
        )  # fmt: skip
    return shipment
