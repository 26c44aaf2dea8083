"""Rows of an order file into canonical orders. An order with a bad row waits whole; the others go on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from recoup.channels.csvfile import table
from recoup.channels.csvfile.table import Row, Table
from recoup.channels.reading import ChannelSettings, Part, Source
from recoup.domain.orders.canonical import (
    AddressDraft,
    ChargeDraft,
    CustomerDraft,
    LineDraft,
    OrderDraft,
    Payment,
    Reading,
)
from recoup.kit.problem import Blocked, Problem, blocking, step

# Said once per order; where rows disagree, the first one counts.
_OF_ORDER = (
    "placed_at", "updated_at", "email", "customer", "phone", "language", "currency", "country", "payment",
    "cancelled_at", "shipped_at", "delivered_at", "total", "shipping", "ship_name", "ship_street", "ship_postcode",
    "ship_city", "ship_country", "ship_phone",
)  # fmt: skip
# What of an order we know → the columns that speak of it.
_SAID_BY = {
    "country": ("country", "ship_country"), "payment": ("payment",), "cancelled_at": ("cancelled_at",),
    "shipped_at": ("shipped_at",), "delivered_at": ("delivered_at",), "charges": ("shipping",), "email": ("email",),
    "total_minor": ("total", "shipping"), "name": ("customer", "ship_name"), "phone": ("phone",),
    "language": ("language",), "ship_name": ("ship_name", "customer"), "ship_phone": ("ship_phone",),
    "ship_place": ("ship_street", "ship_postcode", "ship_city", "ship_country"),
}  # fmt: skip
_LINE_SAID_BY = {
    "external_id": "line", "title": "title", "tax_minor": "tax", "refunded_minor": "refunded", "refunded_quantity": "refunded_quantity",
}  # fmt: skip
TAKEN_BACK = "-"
_MAY_BE_TAKEN_BACK = ("cancelled_at", "shipped_at", "delivered_at")
_PAYMENTS: dict[str, Payment] = {
    "": "paid", "paid": "paid", "yes": "paid", "bezahlt": "paid",
    "partly_paid": "partly_paid", "partially_paid": "partly_paid",
    "unpaid": "unpaid", "pending": "unpaid", "open": "unpaid", "no": "unpaid", "offen": "unpaid",
    "refunded": "refunded", "partly_refunded": "partly_refunded", "partially_refunded": "partly_refunded",
    "voided": "voided", "cancelled": "voided",
}  # fmt: skip


def split(raw: bytes) -> list[Part]:
    """Each order's rows as a file of their own; the file itself when it is no table of orders.

    A row without an order stands alone, so that it loses nothing and stops nobody.
    """
    try:
        whole = table.read(raw)
    except Blocked:
        return [Part("", raw)]
    if whole.kind.name != "orders":
        return [Part("", raw)]
    groups: dict[str, list[Row]] = {}
    for row, number in zip(whole.rows, _numbers(whole.rows), strict=True):
        groups.setdefault(number or f"\x00{row.number}", []).append(row)
    return [Part("", table.write(whole, rows)) for rows in groups.values()] or [Part("", raw)]


def _numbers(rows: Sequence[Row]) -> list[str]:
    """Each row's order. A last row that was cut off within its order's number may be one of the order before it."""
    numbers: list[str] = []
    for row in rows:
        number = row.source.text("order", limit=10_000)
        cut = row.short and row.end != "line"
        numbers.append(numbers[-1] if cut and numbers and numbers[-1].startswith(number) else number)
    return numbers


def named(raw: bytes) -> str:
    """Which order it is and where it stood in its file, as far as that can be read; '' when it cannot."""
    try:
        rows = table.read(raw).rows
    except Blocked:
        return ""
    numbers = [number for number in dict.fromkeys(_numbers(rows)) if number]
    places = [f"row{'s' if len(rows) > 1 else ''} {', '.join(str(row.number) for row in rows[:5])}"] if rows else []
    return ", ".join([*(f"order {number[:60]}" for number in numbers[:3]), *places])


def translate(raw: bytes, settings: ChannelSettings) -> Reading:
    """The one order in these rows; problems point to '/row/3/price', the header being row 1."""
    try:
        rows = table.read(raw, zone=settings.zone)
        _of_one_order(rows)
    except Blocked as blocked:
        return Reading(None, (blocked.problem,))
    order = _gathered(rows)
    try:
        draft = _draft(order, rows.rows)
        return Reading(draft, tuple(dict.fromkeys(order.problems)), **_version(order))
    except ValidationError as error:
        return Reading(None, tuple(dict.fromkeys((*order.problems, *refused(error, order.at)))), **_version(order))


def _version(order: Source) -> dict[str, Any]:
    """Which version of which order it is. What is odd about it was said before."""
    silent = replace(order, problems=[])
    updated = silent.moment("updated_at") or silent.moment("placed_at")
    return {"external_id": silent.key("order", limit=120), "source_updated_at": updated}


def _of_one_order(rows: Table) -> None:
    if rows.kind.name != "orders":
        said = f"This is a file of {rows.kind.what}, not of orders."
        raise Blocked(Problem("structure.not_orders", "", "block", said, "Bring it in with “recoup intake csvfile”."))
    numbers = set(_numbers(rows.rows))
    if not rows.rows:
        raise Blocked(Problem("structure.no_orders", "", "block", "There are no orders below the header.", "Add some."))
    if len(numbers) > 1:
        said = f"There are {len(numbers)} orders in one delivery."
        remedy = "Bring it in with “recoup intake csvfile”."
        raise Blocked(Problem("structure.several_orders", "", "block", said, remedy))


def _gathered(rows: Table) -> Source:
    """What the rows say of the order as a whole, and every problem of theirs in one list."""
    first = rows.rows[0].source
    problems = [*rows.problems, *(problem for row in rows.rows for problem in row.source.problems)]
    for row in rows.rows:
        row.source.problems = problems
    values = {"order": first.data.get("order", "")}
    for name in _OF_ORDER:
        said = {row.source.text(name, limit=500): row for row in reversed(rows.rows) if row.source.has(name)}
        if said:
            values[name] = list(said)[-1]
        if len(said) > 1:
            next(iter(said.values())).source.say(
                name, "structure.rows_disagree", "hold", f"The rows of this order disagree on “{name}”.",
                "The first one counted; make them the same.",
            )  # fmt: skip
    return Source(values, first.at, first.zone, problems, written_by_people=True)


def _draft(order: Source, rows: Sequence[Row]) -> OrderDraft | None:
    """None when something blocks; then the problems say what."""
    number = order.needed("order", limit=120, what="order number")
    currency = currency_of(order)
    silent = _unsaid(order, rows)
    order = _taken_back(order)
    placed = order.moment("placed_at")
    if placed is None and not order.has("placed_at"):
        order.lacks("placed_at", "date on which the order was placed")
    lines = [_line(row.source, position, currency) for position, row in enumerate(rows, start=1)]
    total, shipping = order.amount("total", currency), order.amount("shipping", currency)
    moments = {name: order.moment(name) for name in ("updated_at", "cancelled_at", "shipped_at", "delivered_at")}
    payment = _payment(order)
    if blocking(order.problems) or placed is None:
        return None
    tracking = dict.fromkeys(each for row in rows for each in listed(row.source, "tracking") if each != TAKEN_BACK)
    return OrderDraft(
        external_id=number,
        number=number,
        placed_at=placed,
        source_updated_at=moments.pop("updated_at") or placed,
        **moments,
        currency=currency,
        country=country_of(order, "country") or country_of(order, "ship_country"),
        customer=_customer(order),
        ship_to=_ship_to(order),
        stated_total_minor=total,
        payment=payment,
        tracking_numbers=tuple(tracking),
        lines=tuple(line for line in lines if line),
        charges=(ChargeDraft(kind="shipping", amount_minor=shipping),) if shipping else (),
        pointers={name: order.place(name) for name in order.data},
        silent=silent,
        cut_at=rows[-1].source.at if rows[-1].end == "file" else "",
    )


def _unsaid(order: Source, rows: Sequence[Row]) -> frozenset[str]:
    """What neither a cell nor a dash speaks of. A line that has no row was not taken off: ``refunded`` says that."""
    silent = {name for name, columns in _SAID_BY.items() if not any(order.has(column) for column in columns)}
    if not any(row.source.has("tracking") for row in rows):
        silent.add("tracking_numbers")
    return frozenset(silent | {"lines"})


def _taken_back(order: Source) -> Source:
    """A dash says that there is no such value (any more), where an empty cell says nothing."""
    gone = {name: "" for name in _MAY_BE_TAKEN_BACK if order.text(name) == TAKEN_BACK}
    return replace(order, data={**order.data, **gone})


def _line(row: Source, position: int, currency: str) -> LineDraft | None:
    quantity, paid, tax = row.whole("quantity"), _paid(row, currency), row.amount("tax", currency) or 0
    if not row.has("quantity"):
        row.lacks("quantity", "quantity")
    if quantity == 0:
        row.say("quantity", "structure.nothing", "warn", "This row is of nothing; it was left out.", "Nothing to do.")
    sku = row.needed("sku", limit=80, what="SKU")
    refunded = row.amount("refunded", currency) or 0
    if min(paid or 0, tax, refunded) < 0:
        row.say("paid", "arithmetic.negative", "block", "An amount is below zero.", "Correct the row.")
    if not quantity or not sku or paid is None or min(paid, tax, refunded) < 0:
        return None
    return LineDraft(
        external_id=row.key("line", limit=120) or str(position),
        sku=sku,
        title=row.text("title", limit=300) or sku,
        quantity=quantity,
        paid_minor=paid,
        tax_minor=tax,
        refunded_minor=refunded,
        refunded_quantity=row.whole("refunded_quantity") or 0,
        batch=row.key("batch", limit=60),
        serials=tuple(listed(row, "serials")),
        pointer=row.at,
        silent=frozenset(name for name, column in _LINE_SAID_BY.items() if not row.has(column)),
    )


def _paid(row: Source, currency: str) -> int | None:
    """For the whole row: as it says, else price × quantity − discount, with tax."""
    if row.has("paid"):
        return row.amount("paid", currency)
    price, discount = row.amount("price", currency), row.amount("discount", currency) or 0
    if price is None:
        if not row.has("price"):
            row.lacks("price", "price, and nothing in “paid” either")
        return None
    return price * (row.whole("quantity") or 0) - discount


def currency_of(source: Source) -> str:
    currency = source.text("currency").upper()
    if re.fullmatch("[A-Z]{3}", currency):
        return currency
    source.say(
        "currency", "completeness.currency", "block", "There is no currency.",
        "Fill in a three-letter currency, such as EUR.",
    )  # fmt: skip
    return "XXX"


def country_of(source: Source, name: str) -> str:
    """A country as ISO 3166; '' when absent, with a warning when it is something else."""
    code = source.text(name, limit=60).upper()
    if code and not re.fullmatch("[A-Z]{2}", code):
        source.say(
            name, "structure.not_a_country", "warn", f"“{code}” is not a country of two letters; it was left out.",
            "Write DE, FR, US …",
        )  # fmt: skip
        return ""
    return code


def listed(source: Source, name: str) -> list[str]:
    """Several values in one cell, with | or spaces or semicolons between them."""
    return [each[:80] for each in re.split(r"[|;\s]+", source.text(name, limit=10_000)) if each]


def _payment(order: Source) -> Payment:
    word = re.sub(r"[\s-]+", "_", order.text("payment").lower())
    if word in _PAYMENTS:
        return _PAYMENTS[word]
    order.say(
        "payment", "semantics.payment_word", "hold", f"“{word[:40]}” is not a state of payment we know.",
        "Write paid, partly_paid, unpaid, refunded, partly_refunded or voided; it counts as unpaid.",
    )  # fmt: skip
    return "unpaid"


def _customer(order: Source) -> CustomerDraft:
    email = order.text("email", limit=254)
    if email and not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        order.say(
            "email", "structure.not_an_email", "warn", "The e-mail address is not one; it was left out.", "Correct it.",
        )  # fmt: skip
        email = ""
    language = order.text("language", limit=8).lower()
    return CustomerDraft(
        email=email,
        name=order.text("customer", limit=200) or order.text("ship_name", limit=200),
        phone=order.text("phone", limit=60),
        language=language if re.match("[a-z]{2}", language) else "en",
    )


def _ship_to(order: Source) -> AddressDraft:
    street = order.text("ship_street", limit=200)
    return AddressDraft(
        name=order.text("ship_name", limit=200) or order.text("customer", limit=200),
        lines=(street,) if street else (),
        postcode=order.text("ship_postcode", limit=20),
        city=order.text("ship_city", limit=100),
        country=country_of(order, "ship_country"),
        phone=order.text("ship_phone", limit=60),
    )


def refused(error: ValidationError, at: str) -> list[Problem]:
    """What a draft's own limits refuse, as problems of the row."""
    return [
        Problem(
            "structure.out_of_range", at + "".join(step(name) for name in fault["loc"]), "block", f"{fault['msg']}.",
            "Correct the row and bring it in again.",
        )
        for fault in error.errors(include_url=False, include_input=False)[:20]
    ]  # fmt: skip
