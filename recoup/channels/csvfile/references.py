"""Rows of the files that orders stand on, into drafts: products, suppliers, purchases, batches, serials, plans."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError

from recoup.channels.csvfile import table
from recoup.channels.csvfile.orders import currency_of, listed, refused
from recoup.channels.csvfile.table import Row
from recoup.channels.reading import Source
from recoup.domain.catalogue.canonical import PlanDraft, ProductDraft, SerialDraft
from recoup.domain.suppliers.canonical import BatchDraft, POLineDraft, SupplierDraft
from recoup.kit.problem import Blocked, Problem, blocking


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """``draft`` is None when a problem blocks the row. ``extra``: for serials, the order and line they were sold on."""

    pointer: str
    draft: BaseModel | None
    problems: tuple[Problem, ...]
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReferenceFile:
    """``kind`` is products, suppliers, purchase_orders, batches, serials or plans; '' when the file cannot be read."""

    kind: str
    rows: tuple[ReferenceRow, ...]
    problems: tuple[Problem, ...]


def kind_of(raw: bytes) -> str:
    """Which kind of table it is: 'orders' or one of the reference kinds; '' when that cannot be told."""
    try:
        return table.read(raw).kind.name
    except Blocked:
        return ""


def translate(raw: bytes) -> ReferenceFile:
    """Every row by itself: a bad one does not stop the good ones."""
    try:
        read = table.read(raw)
    except Blocked as blocked:
        return ReferenceFile("", (), (blocked.problem,))
    if read.kind.name not in _READERS:
        said = "This is a file of orders."
        return ReferenceFile("orders", (), (Problem("structure.orders", "", "block", said, "Bring it in as orders."),))
    if read.rows and read.rows[-1].end == "file":
        # No person looks between a cost that was cut off and the money that is claimed for it.
        read.rows[-1].source.say(
            "", "structure.cut_off", "block", f"Row {read.rows[-1].number}, the last one, has no line break after it, "
            "so it may be cut off.", "Bring in the whole file. If this is all of it, end its last line with a line break.",
        )  # fmt: skip
    if read.kind.name == "purchase_orders":
        _say_twice(read.rows)
    rows = tuple(_row(_READERS[read.kind.name], row.source) for row in read.rows)
    return ReferenceFile(read.kind.name, rows, tuple(read.problems))


def _say_twice(rows: Sequence[Row]) -> None:
    """Of two lines for one product, only positions tell which is which: the second must not take the first's place."""
    seen: set[tuple[str, str]] = set()
    for row in rows:
        bought = (row.source.text("purchase_order", limit=10_000), row.source.text("sku", limit=10_000))
        if bought in seen and not row.source.has("position"):
            row.source.say(
                "position", "completeness.position", "block",
                f"Purchase order {bought[0][:60]} has {bought[1][:80]} on several lines, and this one has no position.",
                "Fill in “position” on each line of the order.",
            )  # fmt: skip
        seen.add(bought)


def _row(reader: Callable[[Source], BaseModel], row: Source) -> ReferenceRow:
    extra = {name: row.text(name, limit=120) for name in ("order", "line", "how") if row.has(name)}
    draft: BaseModel | None = None
    try:
        draft = reader(row)
    except ValidationError as error:
        # What the reading itself found says it better than the draft's limits do.
        if not blocking(row.problems):
            row.problems += refused(error, row.at)
    problems = tuple(dict.fromkeys(row.problems))
    return ReferenceRow(row.at, None if blocking(problems) else draft, problems, extra)


def _product(row: Source) -> ProductDraft:
    words = row.text("allowed_words", limit=2000).split("|")
    return ProductDraft(
        sku=row.needed("sku", limit=80, what="SKU"),
        name=row.needed("name", limit=200, what="name"),
        gtin=re.sub(r"[\s-]", "", row.key("gtin", limit=40)),
        serial_format=row.key("serial_format", limit=120),
        warranty_plan=row.key("warranty_plan", limit=40),
        allowed_words=tuple(word.strip()[:60] for word in words if word.strip()),
    )


def _supplier(row: Source) -> SupplierDraft:
    currency = currency_of(row)
    numbers = {name: row.whole(name) for name in ("minimum_quantity", "deadline_days", "reply_days")}
    rules: dict[str, Any] = {name: number for name, number in numbers.items() if number is not None}
    amounts = {"minimum_minor": "minimum_amount", "handling_minor": "handling_amount"}
    rules |= {rule: minor for rule, column in amounts.items() if (minor := row.amount(column, currency)) is not None}
    if shots := listed(row, "required_shots"):
        rules["required_shots"] = shots
    months = row.whole("warranty_months")
    return SupplierDraft(
        code=row.needed("supplier", limit=40, what="supplier code"),
        name=row.needed("name", limit=200, what="name"),
        contact_name=row.text("contact", limit=200),
        email=row.key("email", limit=254),
        currency=currency,
        language=row.text("language", limit=8).lower() or "en",
        warranty_months=24 if months is None else months,
        claim_rules=rules,
    )


def _po_line(row: Source) -> POLineDraft:
    currency = currency_of(row)
    fields = {
        "number": row.needed("purchase_order", limit=60, what="purchase order number"),
        "supplier": row.needed("supplier", limit=40, what="supplier code"),
        "ordered_date": row.day("ordered_date"),
        "currency": currency,
        "position": row.whole("position") or None,
        "sku": row.needed("sku", limit=80, what="SKU"),
        "quantity": row.whole("quantity"),
        "unit_cost_minor": row.amount("unit_cost", currency),
    }
    for column in ("ordered_date", "quantity", "unit_cost"):
        if not row.has(column):
            row.lacks(column, column.replace("_", " "))
    return POLineDraft.model_validate(fields)


def _batch(row: Source) -> BatchDraft:
    fields = {
        "sku": row.needed("sku", limit=80, what="SKU"),
        "number": row.needed("batch", limit=60, what="batch number"),
        "purchase_order": row.key("purchase_order", limit=60),
        "position": row.whole("position"),
        "shipment": row.key("shipment", limit=60),
        "quantity": row.whole("quantity"),
        "how": row.text("how", limit=20).lower() or "declared",
        **{name: row.day(name) for name in ("made_date", "shipped_date", "received_date")},
    }
    return BatchDraft.model_validate(fields)


def _serial(row: Source) -> SerialDraft:
    return SerialDraft(
        sku=row.needed("sku", limit=80, what="SKU"),
        number=re.sub(r"\s", "", row.needed("serial", limit=60, what="serial number")),
        batch=row.key("batch", limit=60),
    )


def _plan(row: Source) -> PlanDraft:
    fields = {
        "code": row.needed("plan", limit=40, what="plan code"),
        "version": row.whole("version") or 1,
        "jurisdiction": row.text("jurisdiction", limit=8).upper(),
        "contracts_from": row.day("contracts_from"),
        "months": row.whole("months"),
        "pro_rata": _steps(row),
        "source": row.needed("source", limit=200, what="source: the law or agreement it stands on"),
    }
    for column in ("contracts_from", "months"):
        if not row.has(column):
            row.lacks(column, column.replace("_", " "))
    return PlanDraft.model_validate(fields)


def _steps(row: Source) -> list[tuple[int, int]]:
    """'12:100|24:50': from month 12 on 100 percent, from month 24 on 50."""
    steps = []
    for each in listed(row, "pro_rata"):
        match = re.fullmatch(r"(\d{1,4}):(\d{1,3})%?", each)
        if match:
            steps.append((int(match[1]), int(match[2])))
        else:
            row.say(
                "pro_rata", "structure.not_a_step", "block", f"“{each[:40]}” is not a step of months and percent.",
                "Write steps as 12:100|24:50.",
            )  # fmt: skip
    return steps


_READERS: dict[str, Callable[[Source], BaseModel]] = {
    "products": _product,
    "suppliers": _supplier,
    "purchase_orders": _po_line,
    "batches": _batch,
    "serials": _serial,
    "plans": _plan,
}
