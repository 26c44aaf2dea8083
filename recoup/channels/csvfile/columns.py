"""The columns of each kind of file: what they are called, what else people call them, which must be there."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

#: In a file that was cut into orders, this column keeps the number that the row had.
ROW = "recoup_row"


@dataclass(frozen=True, slots=True)
class Kind:
    """``needed`` columns tell the kind of a file; ``others`` may be there."""

    name: str
    what: str
    needed: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return self.needed + self.others


# The first kind whose needed columns are all there is it, so the more particular ones come first.
KINDS = (
    Kind("plans", "warranty plans", ("plan", "contracts_from", "months"),
         ("version", "jurisdiction", "pro_rata", "source")),
    Kind("purchase_orders", "purchase orders", ("purchase_order", "supplier", "sku", "quantity", "unit_cost"),
         ("ordered_date", "currency", "position")),
    Kind("orders", "orders", ("order", "sku", "quantity"), (
        "placed_at", "updated_at", "email", "customer", "phone", "language", "currency", "country", "payment",
        "cancelled_at", "shipped_at", "delivered_at", "tracking", "ship_name", "ship_street", "ship_postcode",
        "ship_city", "ship_country", "ship_phone", "total", "shipping", "line", "title", "price", "discount", "paid",
        "tax", "refunded", "refunded_quantity", "batch", "serials", ROW,
    )),
    Kind("suppliers", "suppliers", ("supplier", "name", "currency"), (
        "contact", "email", "language", "warranty_months", "required_shots", "minimum_quantity", "minimum_amount",
        "handling_amount", "deadline_days", "reply_days",
    )),
    Kind("serials", "serials", ("sku", "serial"), ("batch", "order", "line", "how")),
    Kind("batches", "batches", ("sku", "batch"), (
        "made_date", "purchase_order", "position", "shipment", "shipped_date", "received_date", "quantity", "how",
    )),
    Kind("products", "products", ("sku", "name"), ("gtin", "serial_format", "warranty_plan", "allowed_words")),
)  # fmt: skip

# What other programs and people write, in the form that ``plain`` gives.
ALIASES = {
    "order": "order_number order_id order_no ordernumber orderid bestellnummer bestellnr auftrag auftragsnummer",
    "placed_at": "order_date ordered_at date created_at purchase_date bestelldatum datum",
    "updated_at": "modified_at last_modified changed_at",
    "email": "e_mail mail email_address customer_email",
    "customer": "customer_name buyer kunde kundenname",
    "currency": "currency_code waehrung wahrung",
    "country": "country_code land laendercode",
    "payment": "payment_status financial_status",
    "shipped_at": "ship_date shipping_date shipped_date versanddatum",
    "delivered_at": "delivery_date delivered lieferdatum",
    "tracking": "tracking_number tracking_no sendungsnummer",
    "ship_street": "ship_address street address address1 strasse",
    "ship_postcode": "postcode zip postal_code plz",
    "ship_city": "city ort stadt",
    "ship_country": "shipping_country",
    "total": "order_total total_price gesamt gesamtbetrag",
    "shipping": "shipping_cost shipping_price versandkosten",
    "line": "line_id line_number position_id",
    "sku": "product_sku item_sku article article_number artikelnummer artikelnr item_number",
    "title": "product_name product item item_name artikel",
    "quantity": "qty amount_of_units menge anzahl stueck",
    "price": "unit_price price_per_unit einzelpreis preis stueckpreis",
    "paid": "line_total line_paid zeilensumme",
    "tax": "line_tax vat mwst steuer",
    "serials": "serial_numbers serial_number seriennummern",
    "batch": "lot batch_number lot_number charge",
    "serial": "serial_number sn serial_no seriennummer",
    "name": "product_name supplier_name bezeichnung",
    "gtin": "ean upc barcode gtin13",
    "supplier": "supplier_code vendor vendor_code lieferant lieferantennummer code",
    "contact": "contact_name contact_person ansprechpartner",
    "purchase_order": "po po_number purchase_order_number bestellung po_no",
    "position": "po_position po_line pos",
    "unit_cost": "cost unit_price cost_price einkaufspreis ek",
    "ordered_date": "po_date order_date date",
    "shipment": "shipment_batch delivery shipment_reference container lieferung",
    "shipped_date": "ship_date etd",
    "received_date": "receipt_date received arrival_date eingangsdatum",
    "made_date": "production_date manufactured made produced_on",
    "plan": "plan_code warranty_plan code",
    "contracts_from": "from valid_from in_force_from",
    "months": "duration_months warranty_months",
    "jurisdiction": "country",
    "source": "law basis",
}
_UMLAUTS = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"}
_NAMES = {column: (column, *words.split()) for column, words in ALIASES.items()}


def plain(header: str) -> str:
    """A header as we compare it: small letters, digits, underscores."""
    folded = header.lower().translate(_UMLAUTS)
    return re.sub(r"[^a-z0-9]+", "_", folded).strip("_")


def recognise(headers: Collection[str]) -> Kind | None:
    """The kind of file with these headers; None when no kind's needed columns are all there."""
    return next((kind for kind in KINDS if set(kind.needed) <= set(named(headers, kind).values())), None)


def named(headers: Collection[str], kind: Kind) -> dict[str, str]:
    """Header → the kind's column, for those it knows. Its own names come before what else people call them."""
    plainly = {header: plain(header) for header in headers}
    found = {header: name for header, name in plainly.items() if name in kind.columns}
    for column in kind.columns:
        if column in found.values():
            continue
        for alias in _NAMES.get(column, ()):
            match = next((header for header, name in plainly.items() if header not in found and name == alias), None)
            if match is not None:
                found[match] = column
                break
    return found


def nearest(headers: Collection[str]) -> tuple[Kind, list[str]]:
    """The kind that lacks the fewest columns, and which they are: for saying what is missing."""
    lacking = [(kind, _lacking(headers, kind)) for kind in KINDS]
    return min(lacking, key=lambda each: (len(each[1]) / len(each[0].needed), len(each[1])))


def _lacking(headers: Collection[str], kind: Kind) -> list[str]:
    there = set(named(headers, kind).values())
    return [need for need in kind.needed if need not in there]
