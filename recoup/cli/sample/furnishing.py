"""What a given order names and the sample company does not have: products, and where each line's goods came from."""

from __future__ import annotations

import re
from typing import Any

from django.utils import timezone

from recoup.cli.sample import company, tables
from recoup.domain.orders.canonical import OrderDraft


def bring_in_products(draft: OrderDraft, waiting_for: list[str]) -> list[str]:
    """The catalogue rows that a parked order waits for; returns their SKUs. It wakes by itself."""
    missing = {line.sku: line for line in draft.lines if f"product:{line.sku}" in waiting_for}
    for sku, line in missing.items():
        numbered = not any(each.serials for each in draft.lines if each.sku == sku)
        company.bring_in("products.csv", tables.catalogue_row(sku=sku, name=line.title, numbered=numbered))
    return list(missing)


def trace(order: Any) -> list[str]:
    """See that every line's goods have a batch that leads to a purchase; returns what was brought in, in words."""
    said = []
    for place, line in enumerate(order.lines.select_related("product", "batch").order_by("position"), start=1):
        batch = line.batch.number if line.batch else f"FB-{place}"
        if not (line.batch and _bought(line.batch)):
            _buy(line, batch, order.currency, place)
            said.append(f"{line.sku}: batch {batch}, and the purchase it came on")
        serials = [each.serial.number for each in line.serials.select_related("serial")]
        rows = [
            [line.sku, serial, batch, order.number, line.external_id, "scanned"]
            for serial in serials or [_like(line.product.serial_format, place)]
        ]
        company.bring_in("serials.csv", tables.units(rows))
    return said


def _bought(batch: Any) -> bool:
    from recoup.domain.suppliers import queries

    return queries.source_of(product=batch.product, batch=batch).po_line is not None


def _buy(line: Any, batch: str, currency: str, place: int) -> None:
    today = timezone.now().date()
    for name, raw in tables.purchase(sku=line.sku, batch=batch, currency=currency, today=today, place=place).items():
        company.bring_in(name, raw)


def _like(pattern: str, place: int) -> str:
    """A serial of the form that the sample's products have: letters, then so many digits."""
    return re.sub(r"\\d\{(\d+)\}", lambda digits: "9" + f"{place:0{int(digits[1]) - 1}}", pattern or tables.SERIALS)
