"""The sample company's CSV files, written as a company would write them; every date hangs on today."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta

PLAN, KETTLE, TRAVEL, THERMO, STOVE = "HOUSE-24", "KETTLE-17", "TRAVEL-3", "THERMO-2", "STOVE-5"
SERIALS = r"SN-\d{6}"  # of products that only a given order names
KETTLE_BATCH, TRAVEL_BATCH, THERMO_BATCH = "KB-117", "RB-9", "TB-40"


def reference_files(today: date) -> dict[str, bytes]:
    """File name → CSV, in the order in which they stand on each other."""
    return {
        "plans.csv": plans(),
        "suppliers.csv": suppliers(),
        "products.csv": products(),
        "purchase-orders.csv": purchase_orders(today),
        "batches.csv": batches(today),
    }


def plans() -> bytes:
    return _csv(
        "plan version jurisdiction contracts_from months pro_rata source",
        [PLAN, 1, "EU", "2014-06-13", 24, "", "Directive 1999/44/EC, article 5"],
        [PLAN, 2, "EU", "2022-01-01", 24, "", "Directive (EU) 2019/771, article 10"],
        [PLAN, 1, "", "2000-01-01", 12, "", "Our own guarantee outside the Union"],
    )


def suppliers() -> bytes:
    return _csv(
        "supplier name currency contact email language warranty_months required_shots minimum_quantity reply_days",
        ["KESTREL", "Kestrel Kettle Works", "USD", "Ms Wen", "claims@kestrel.example", "en", 24, "overall|close_up", 1, 14],
        ["SOLVIND", "Solvind Kitchenware", "EUR", "Mr Aas", "returns@solvind.example", "en", 24, "overall", 1, 10],
        ["MORNING", "Morning Kitchen Company", "USD", "Ms Roy", "quality@morning.example", "en", 24, "overall", 1, 14],
    )  # fmt: skip


def products() -> bytes:
    return _csv(
        "sku name gtin serial_format warranty_plan allowed_words",
        [KETTLE, "Kettle 1.7 l", "4006381333931", r"K17-\d{6}", PLAN, "Aquila|220-240V|2200W"],
        [TRAVEL, "Travel kettle 0.5 l", "", "", PLAN, "Aquila"],
        [THERMO, "Kettle with thermostat", "", "", PLAN, "Aquila"],
        # Nobody has said yet how long this one is covered: a person decides.
        [STOVE, "Kettle for the stove", "", "", "", "Aquila"],
    )


def purchase_orders(today: date) -> bytes:
    ordered = today - timedelta(days=300)
    return _csv(
        "purchase_order supplier ordered_date currency position sku quantity unit_cost",
        ["PO-041", "KESTREL", ordered, "USD", 10, KETTLE, 500, "7.35"],
        ["PO-058", "SOLVIND", ordered, "EUR", 1, TRAVEL, 200, "11.20"],
        ["PO-063", "MORNING", ordered, "USD", 1, THERMO, 300, "9.10"],
    )


def batches(today: date) -> bytes:
    made, sent, came = (today - timedelta(days=days) for days in (290, 270, 230))
    return _csv(
        "sku batch made_date purchase_order position shipment shipped_date received_date quantity how",
        [KETTLE, KETTLE_BATCH, made, "PO-041", 10, "SB-311", sent, came, 500, "scanned"],
        [TRAVEL, TRAVEL_BATCH, made, "PO-058", 1, "SB-340", sent, came, 200, "declared"],
        [THERMO, THERMO_BATCH, made, "PO-063", 1, "SB-352", sent, came, 300, "scanned"],
    )


def serials(sold: dict[str, str]) -> bytes:
    """``sold``: serial → number of the order that it was sold on; '' while it lies on the shelf."""
    rows = [[KETTLE, serial, KETTLE_BATCH, order, "", "scanned"] for serial, order in sold.items()]
    return _csv("sku serial batch order line how", *rows)


def units(rows: Sequence[Sequence[object]]) -> bytes:
    """Units as the warehouse scanned them when they went out: SKU, serial, batch, order, line, how it is known."""
    return _csv("sku serial batch order line how", *rows)


def purchase(*, sku: str, batch: str, currency: str, today: date, place: int) -> dict[str, bytes]:
    """Where a batch that an order names came from, when nobody has brought that in."""
    ordered, came = today - timedelta(days=20_000), today - timedelta(days=19_900)
    supplier, order = "FARAWAY", f"PO-{900 + place}"
    return {
        "suppliers.csv": _csv(
            "supplier name currency contact email language warranty_months required_shots minimum_quantity reply_days",
            [supplier, "Faraway Trading", currency, "Mx Gray", "claims@faraway.example", "en", 24, "overall", 1, 14],
        ),
        "purchase-orders.csv": _csv(
            "purchase_order supplier ordered_date currency position sku quantity unit_cost",
            [order, supplier, ordered, currency, 1, sku, 100, "12.00"],
        ),
        "batches.csv": _csv(
            "sku batch made_date purchase_order position shipment shipped_date received_date quantity how",
            [sku, batch, ordered, order, 1, f"SB-{900 + place}", ordered, came, 100, "declared"],
        ),
    }  # fmt: skip


def catalogue_row(*, sku: str, name: str, numbered: bool) -> bytes:
    """``numbered``: its units carry serials of our form; else what they carry is not known."""
    form = SERIALS if numbered else ""
    return _csv("sku name gtin serial_format warranty_plan allowed_words", [sku, name or sku, "", form, PLAN, ""])


def _csv(header: str, *rows: Sequence[object]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([header.split(), *rows])
    return out.getvalue().encode()
