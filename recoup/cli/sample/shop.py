"""The sample shop's orders, in Shopify's words; nobody in them exists."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from recoup.cli.sample import tables


@dataclass(frozen=True, slots=True)
class Sale:
    """One order of one item: ``price`` includes 19 percent tax."""

    number: int
    who: str
    sku: str
    title: str
    price: str
    quantity: int = 1
    serial: str = ""
    street: str = "Lindenweg 4"
    days_ago: int = 90
    phone: str = ""

    @property
    def name(self) -> str:
        return f"#{self.number}"

    @property
    def email(self) -> str:
        return f"{self.who.split()[0].lower()}@customer.example"

    @property
    def address(self) -> tuple[str, ...]:
        """As it is printed on the parcel."""
        return (self.who, self.street, "10115 Berlin")


#: Kept free for films: it rings nowhere.
PHONE = "01522 8817386"
SALES = (
    Sale(2001, "Ada Nowak", tables.KETTLE, "Kettle 1.7 l", "34.95", serial="K17-000117"),
    Sale(2002, "Jo Miller", tables.STOVE, "Kettle for the stove", "59.00", street="Hafenstraße 21"),
    Sale(2003, "Lea Sommer", tables.TRAVEL, "Travel kettle 0.5 l", "49.90", street="Am Markt 3"),
    Sale(2004, "Ben Oduya", tables.KETTLE, "Kettle 1.7 l", "34.95", serial="K17-000118", street="Ringweg 12"),
    Sale(2005, "Mia Castell", tables.THERMO, "Kettle with thermostat", "39.90", street="Birkenallee 7"),
    Sale(2006, "Tim Vogel", tables.TRAVEL, "Travel kettle 0.5 l", "49.90", quantity=2, street="Seestraße 40"),
    Sale(
        2007,
        "Eva Lindgren",
        tables.KETTLE,
        "Kettle 1.7 l",
        "34.95",
        serial="K17-000119",
        street="Gartenweg 9",
        phone=PHONE,
    ),
)


def payload(sale: Sale, *, now: datetime) -> bytes:
    """The order as the shop's webhook tells it: paid, sent and delivered."""
    placed = now - timedelta(days=sale.days_ago)
    sum_ = Decimal(sale.price) * sale.quantity
    tax = (sum_ * 19 / 119).quantize(Decimal("0.01"))
    order = {
        "id": 7_000_000_000 + sale.number,
        "name": sale.name,
        "email": sale.email,
        "created_at": _at(placed),
        "updated_at": _at(placed + timedelta(days=4)),
        "currency": "EUR",
        "taxes_included": True,
        "total_price": str(sum_),
        "total_tax": str(tax),
        "total_discounts": "0.00",
        "financial_status": "paid",
        "cancelled_at": None,
        "line_items": [_line(sale, tax)],
        "shipping_lines": [],
        "refunds": [],
        "fulfillments": [_parcel(sale, placed)],
        "shipping_address": _address(sale),
        "customer": {"first_name": sale.who.split()[0], "last_name": sale.who.split()[1], "email": sale.email},
    }
    return json.dumps(order, ensure_ascii=False).encode()


def _line(sale: Sale, tax: Decimal) -> dict[str, object]:
    return {
        "id": 9_000_000_000 + sale.number, "sku": sale.sku, "title": sale.title, "name": sale.title,
        "quantity": sale.quantity, "price": sale.price, "total_discount": "0.00", "discount_allocations": [],
        "tax_lines": [{"price": str(tax), "rate": 0.19, "title": "VAT"}],
    }  # fmt: skip


def _parcel(sale: Sale, placed: datetime) -> dict[str, object]:
    return {
        "id": 8_000_000_000 + sale.number, "status": "success", "shipment_status": "delivered",
        "created_at": _at(placed + timedelta(days=1)), "updated_at": _at(placed + timedelta(days=3)),
        "tracking_numbers": [f"T-{sale.number}-881"],
    }  # fmt: skip


def _address(sale: Sale) -> dict[str, object]:
    first, last = sale.who.split()
    return {
        "first_name": first, "last_name": last, "address1": sale.street, "address2": None, "zip": "10115",
        "city": "Berlin", "province_code": None, "country_code": "DE", "phone": sale.phone or None,
    }  # fmt: skip


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
