"""Reading suppliers and purchases, and the one question claims stand on: where did these goods come from?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from recoup.domain.catalogue.models import Batch, Product, Serial
from recoup.domain.suppliers import rules
from recoup.domain.suppliers.models import BatchSource, POLine, PurchaseOrder, ShipmentBatch, Supplier
from recoup.kit.refusal import Refusal


class UnknownSupplier(Refusal):
    code, status = "suppliers.unknown_supplier", 404
    sentence = "No supplier has the code {code}. Add the supplier first."


class UnknownPOLine(Refusal):
    code, status = "suppliers.unknown_po_line", 404
    sentence = "No line of purchase order {number} fits {sku}. Add the purchase order first."


@dataclass(frozen=True, slots=True)
class Source:
    """Where goods came from. Everything is None, and ``sure`` 0, when nobody can say; ``because`` tells why.

    ``how`` is scanned, declared, allocated or inferred: the weakest link on the way.
    """

    supplier: Supplier | None
    purchase_order: PurchaseOrder | None
    po_line: POLine | None
    shipment_batch: ShipmentBatch | None
    batch: Batch | None
    how: str
    sure: float
    because: str


def source_of(
    *,
    product: Product,
    serial: Serial | None = None,
    batch: Batch | None = None,
    batch_how: str = "",
    left: date | None = None,
) -> Source:
    """Supplier and PO line of a unit: by its serial's batch, else by ``batch``, else by the dates.

    ``batch`` and ``batch_how`` are what the return line or order line says; ``left`` is when the goods were sent to
    the customer (None: not known).
    """
    if serial is not None and serial.batch is not None:
        return _from_batch(serial.batch, "scanned")
    if batch is not None:
        return _from_batch(batch, batch_how)
    lines = POLine.objects.filter(product=product, quantity__gt=0).select_related("purchase_order")
    verdict = rules.from_dates([_candidate(line) for line in lines], sku=product.sku, left=left)
    return _source(verdict, None)


def _from_batch(batch: Batch, batch_how: str) -> Source:
    links = _links(BatchSource.objects.filter(batch=batch))
    candidates = [
        rules.Candidate(
            po_line_id=link.po_line_id, supplier_id=link.po_line.purchase_order.supplier_id,
            purchase_order=link.po_line.purchase_order.number, arrived=None, how=link.how,
        )
        for link in links
    ]  # fmt: skip
    verdict = rules.from_batch(candidates, batch=batch.number, batch_how=batch_how)
    return _source(verdict, batch)


def _candidate(line: POLine) -> rules.Candidate:
    """The line can have brought goods since its order was made, or since its first delivery arrived."""
    order = line.purchase_order
    arrived = (
        ShipmentBatch.objects.filter(purchase_order=order)
        .annotate(there=Coalesce(F("received_date"), F("shipped_date")))
        .exclude(there=None)
        .order_by("there")
        .values_list("there", flat=True)
        .first()
    )
    return rules.Candidate(line.pk, order.supplier_id, order.number, arrived or order.ordered_date)


def _source(verdict: rules.Verdict, batch: Batch | None) -> Source:
    if verdict.po_line_id is None:
        return Source(None, None, None, None, batch, "", 0.0, verdict.because)
    line = POLine.objects.select_related("purchase_order__supplier", "product").get(pk=verdict.po_line_id)
    link = _links(BatchSource.objects.filter(batch=batch, po_line=line)).first() if batch else None
    order = line.purchase_order
    shipment = link.shipment_batch if link else None
    return Source(order.supplier, order, line, shipment, batch, verdict.how, verdict.sure, verdict.because)


def _links(found: QuerySet[BatchSource]) -> QuerySet[BatchSource]:
    return found.select_related("po_line__purchase_order__supplier", "shipment_batch")


def supplier(code: str) -> Supplier:
    """Raises UnknownSupplier."""
    found = Supplier.objects.filter(code=code).first()
    if found is None:
        raise UnknownSupplier(code=code)
    return found


def suppliers() -> list[Supplier]:
    return list(Supplier.objects.order_by("name"))


def po_line(*, number: str, sku: str, position: int | None = None) -> POLine:
    """The line of that order for that product; with several, ``position`` must tell. Raises UnknownPOLine."""
    lines = POLine.objects.filter(purchase_order__number=number, product__sku=sku)
    lines = lines.select_related("purchase_order__supplier", "product")
    found = list(lines.filter(position=position) if position is not None else lines[:2])
    if len(found) != 1:
        raise UnknownPOLine(number=number, sku=sku)
    return found[0]


def purchase_orders(*, of: Supplier) -> list[PurchaseOrder]:
    """The supplier's orders, the latest first, with their lines."""
    return list(of.purchase_orders.order_by("-ordered_date", "number").prefetch_related("lines__product"))


def known_codes(codes: Iterable[str]) -> dict[str, Supplier]:
    return {each.code: each for each in Supplier.objects.filter(code__in=set(codes))}
