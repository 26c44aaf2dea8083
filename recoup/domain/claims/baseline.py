"""The nine baseline documents, as the system itself can state them: typed fields and rows, nothing personal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from recoup.domain.claims.claim_file import ClaimFile, FiledLine, FiledPhoto
from recoup.kit.money import Money

Fields = dict[str, Any]


def baseline(file: ClaimFile) -> dict[str, Fields]:
    """Document kind → fields, for every kind that has something to say already."""
    stated = {kind: state(file) for kind, state in _STATED.items()}
    return {kind: fields for kind, fields in stated.items() if fields}


def _joined(words: Iterable[str]) -> str:
    return ", ".join(sorted({word for word in words if word}))


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _products(file: ClaimFile) -> str:
    return _joined(line.sku for line in file.lines)


def _batch(file: ClaimFile) -> str:
    return file.claim.batch.number if file.claim.batch else ""


def _shipment(file: ClaimFile) -> str:
    return file.shipment.reference if file.shipment else ""


def _money(file: ClaimFile, field: str = "claimed") -> str:
    return str(file.total(field))


def _typed(file: ClaimFile, *, party: str = "", value: str = "", **more: Any) -> Fields:
    """The six fields that decide a claim, then what the kind needs besides."""
    six = {"party": party, "product": _products(file), "quantity": str(file.quantity), "value": value}
    return {**six, "label": _batch(file), "shipment": _shipment(file), **more}


def _return_record(file: ClaimFile) -> Fields:
    def row(line: FiledLine) -> Fields:
        return {
            "case": line.case, "rma_number": line.rma_number, "sku": line.sku, "batch": line.batch,
            "serial": line.serial, "quantity": line.row.quantity, "defect": line.defect,
            "returned": _day(line.submitted), "approved": _day(line.approved),
        }  # fmt: skip

    return _typed(file, value=_money(file), rows=[row(line) for line in file.lines])


def _product_sku(file: ClaimFile) -> Fields:
    products = {line.sku: {"sku": line.sku, "name": line.product, "gtin": line.gtin} for line in file.lines}
    return _typed(file, rows=[products[sku] for sku in sorted(products)])


def _order_date(file: ClaimFile) -> Fields:
    """When each was bought; the order's own number is the customer's and stays here."""
    return _typed(file, rows=[{"case": line.case, "ordered": _day(line.ordered)} for line in file.lines])


def _defect_photos(file: ClaimFile) -> Fields:
    def row(photo: FiledPhoto) -> Fields:
        return {
            "case": photo.case, "sku": photo.sku, "shot": photo.shot, "taken_in": _day(photo.arrived),
            "original_sha256": photo.original_sha256,
        }  # fmt: skip

    rows = [row(photo) for photo in file.photos]
    return _typed(file, rows=rows) if rows else {}


def _shipment_batch(file: ClaimFile) -> Fields:
    if not (file.claim.batch or file.shipment):
        return {}
    delivery, batch = file.shipment, file.claim.batch
    return _typed(
        file,
        party=file.claim.supplier.name,
        shipped_quantity=file.shipped,
        made=_day(batch.made_date if batch else None),
        shipped=_day(delivery.shipped_date if delivery else None),
        received=_day(delivery.received_date if delivery else None),
        how_known=_joined(line.row.source_how for line in file.lines),
    )


def _purchase_order(file: ClaimFile) -> Fields:
    order = file.claim.purchase_order
    po_lines = {line.row.po_line.position: line.row.po_line for line in file.lines}
    rows = [
        {
            "position": position, "sku": each.product.sku, "quantity": each.quantity,
            "unit_cost": str(Money(each.unit_cost_minor, order.currency)),
        }
        for position, each in sorted(po_lines.items())
    ]  # fmt: skip
    value = Money.total(
        (Money(each.unit_cost_minor, order.currency) * each.quantity for each in po_lines.values()), order.currency
    )
    fields = _typed(file, party=order.supplier.name, value=str(value), ordered=_day(order.ordered_date), rows=rows)
    return {**fields, "quantity": str(sum(each.quantity for each in po_lines.values())), "label": order.number}


def _redaction_record(file: ClaimFile) -> Fields:
    """What was hidden in each outgoing photo, and that a person signed for its bytes."""

    def row(photo: FiledPhoto) -> Fields:
        copy = photo.copy
        assert copy is not None
        kinds = [str(cover.get("kind", "")) for cover in copy.covers]
        return {
            "case": photo.case, "shot": photo.shot, "version": copy.version, "sha256": copy.sha256,
            "covers": {kind: kinds.count(kind) for kind in sorted(set(kinds))}, "rules": copy.rules_version,
            "state": copy.state, "signed": copy.signed_at.isoformat() if copy.signed_at else "",
        }  # fmt: skip

    rows = [row(photo) for photo in file.photos if photo.copy]
    return _typed(file, rows=rows) if rows else {}


def _claim_summary(file: ClaimFile) -> Fields:
    claim = file.claim
    return _typed(
        file,
        party=claim.supplier.name,
        value=_money(file),
        claim=claim.number,
        purchase_order=claim.purchase_order.number,
        defect=claim.defect_type.name,
        cases=len(file.lines),
        supplement_to=claim.supplements.number if claim.supplements else "",
    )


def _supplier_response(file: ClaimFile) -> Fields:
    """The latest answer to each line."""
    rows = [
        {
            "case": line.case, "verdict": line.latest.verdict, "reason": line.latest.reason,
            "accepted": str(Money(line.latest.accepted_minor, file.claim.currency)),
            "answered": _day(line.latest.created_at.date()),
        }
        for line in file.lines
        if line.latest
    ]  # fmt: skip
    if not rows:
        return {}
    return _typed(file, party=file.claim.supplier.name, value=_money(file, "accepted"), rows=rows)


_STATED: dict[str, Callable[[ClaimFile], Fields]] = {
    "return_record": _return_record,
    "product_sku": _product_sku,
    "order_date": _order_date,
    "defect_photos": _defect_photos,
    "shipment_batch": _shipment_batch,
    "purchase_order": _purchase_order,
    "redaction_record": _redaction_record,
    "claim_summary": _claim_summary,
    "supplier_response": _supplier_response,
}
TITLES = {
    "return_record": "Customer return record",
    "product_sku": "Product SKU",
    "order_date": "Order date",
    "defect_photos": "Defect photos",
    "shipment_batch": "Shipment batch",
    "purchase_order": "Supplier purchase order",
    "redaction_record": "Privacy redaction record",
    "claim_summary": "Claim summary",
    "supplier_response": "Supplier response",
}
