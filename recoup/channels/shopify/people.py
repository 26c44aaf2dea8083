"""Who bought, and where it went."""

from __future__ import annotations

import re

from recoup.channels.reading import Source
from recoup.domain.orders.canonical import AddressDraft, CustomerDraft

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def customer(order: Source) -> CustomerDraft:
    person = order.part("customer")
    address = order.part("shipping_address")
    return CustomerDraft(
        email=_email(order),
        name=_name(person) or _name(address) or _name(order.part("billing_address")),
        phone=order.text("phone", limit=60) or person.text("phone", limit=60) or address.text("phone", limit=60),
        language=_language(order),
    )


def ship_to(order: Source) -> AddressDraft:
    address = order.part("shipping_address")
    lines = [address.text(name, limit=200) for name in ("company", "address1", "address2")]
    city = [address.text("city", limit=100), address.text("province_code", limit=10)]
    return AddressDraft(
        name=_name(address),
        lines=tuple(line for line in lines if line),
        postcode=address.text("zip", limit=20),
        city=" ".join(filter(None, city)),
        country=country_of(address),
        phone=address.text("phone", limit=60),
    )


def country(order: Source) -> str:
    """Where the customer is, as ISO 3166: the address it was sent to, else the one that paid, else the home one."""
    home = order.part("customer").part("default_address")
    addresses = (order.part("shipping_address"), order.part("billing_address"), home)
    return next(filter(None, map(country_of, addresses)), "")


def country_of(address: Source) -> str:
    code = address.text("country_code", limit=20).upper()
    return code if re.fullmatch("[A-Z]{2}", code) else ""


def _email(order: Source) -> str:
    given = [source.text("email", limit=254) for source in (order, order.part("customer"))]
    found = [text for text in (given[0], order.text("contact_email", limit=254), given[1]) if text]
    good = [text for text in found if _EMAIL.fullmatch(text)]
    if found and not good:
        order.say(
            "email", "structure.not_an_email", "warn", "The e-mail address is not one; it was left out.",
            "Correct it in the shop.",
        )  # fmt: skip
    return good[0] if good else ""


def _name(source: Source) -> str:
    parts = [source.text("first_name", limit=100), source.text("last_name", limit=99)]
    return " ".join(part for part in parts if part) or source.text("name", limit=200)


def _language(order: Source) -> str:
    locale = order.text("customer_locale", limit=20).lower().replace("_", "-")
    return locale[:8].rstrip("-") if re.match("[a-z]{2}", locale) else "en"
