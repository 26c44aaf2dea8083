"""The lines of a Shopify order: what was bought, under which SKU, and what it cost."""

from __future__ import annotations

import re
from dataclasses import dataclass

from recoup.channels.reading import Source
from recoup.channels.shopify.sums import Bought, total_of


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line as it was read; ``left`` is how many are still on the order after edits, None when it is not said."""

    source: Source
    external_id: str
    sku: str
    title: str
    quantity: int
    left: int | None
    bought: Bought


def read_lines(order: Source, currency: str, *, included: bool) -> list[ReadLine]:
    """Every line of goods. Tips are charges, and a line of nothing is left out with a warning."""
    lines = []
    for number, line in enumerate(order.parts("line_items"), start=1):
        quantity = line.whole("quantity")
        if quantity is None and not line.has("quantity"):
            line.lacks("quantity", "quantity")
        if line.has("tip"):
            continue
        if quantity == 0:
            said = "This line is of nothing; it was left out."
            line.say("quantity", "structure.nothing", "warn", said, "Nothing to do.")
        elif quantity:
            lines.append(_line(line, number, quantity, currency, included))
    return lines


def tips(order: Source, currency: str) -> int:
    """What was given as a tip, whether as a line or as a total of its own."""
    as_lines = total_of(
        (price_of(line, currency) or 0) * (line.whole("quantity") or 0)
        for line in order.parts("line_items")
        if line.has("tip")
    )
    return as_lines or order.amount("total_tip_received", currency) or 0


def _line(line: Source, number: int, quantity: int, currency: str, included: bool) -> ReadLine:
    price = price_of(line, currency)
    if price is None and not line.has("price"):
        line.lacks("price", "price")
    gross = (price or 0) * quantity
    return ReadLine(
        source=line,
        external_id=_id(line, number),
        sku=_sku(line),
        title=line.text("name", limit=300) or line.text("title", limit=300),
        quantity=quantity,
        left=line.whole("current_quantity"),
        bought=Bought(gross, _discount(line, gross, currency), taxes(line, currency), included),
    )


def price_of(source: Source, currency: str) -> int | None:
    """The price of one, in the shop's currency; None when there is none or it is odd."""
    name = "price" if source.has("price") or not source.has("price_set") else ""
    price = source.amount(name, currency) if name else shop_money(source, "price_set", currency)
    if price is not None and price < 0:
        source.say(
            "price", "arithmetic.negative", "block", "The price is below zero.", "Correct the line in the shop.",
        )  # fmt: skip
        return None
    return price


def shop_money(source: Source, name: str, currency: str) -> int | None:
    """The amount in the shop's currency out of a money set such as ``price_set``."""
    return source.part(name).part("shop_money").amount("amount", currency)


def taxes(source: Source, currency: str) -> int:
    return total_of(tax.amount("price", currency) for tax in source.parts("tax_lines"))


def allocated(source: Source, currency: str) -> int:
    return total_of(part.amount("amount", currency) for part in source.parts("discount_allocations"))


def _discount(line: Source, gross: int, currency: str) -> int:
    """Allocations hold every discount, ``total_discount`` the line's own ones only; old orders have just the latter."""
    discount = max(allocated(line, currency), line.amount("total_discount", currency) or 0)
    if discount > gross:
        line.say(
            "total_discount", "arithmetic.discount_above_price", "hold",
            "The discount is more than the price; the line counts as free.", "Compare with the order in the shop.",
        )  # fmt: skip
    return min(discount, gross)


def _id(line: Source, number: int) -> str:
    given = line.key("id", limit=120)
    if not given:
        line.say(
            "id", "completeness.line_id", "warn", "The line has no id; its place in the order stands in for it.",
            "Nothing to do, as long as the shop keeps the order of the lines.",
        )  # fmt: skip
    return given or f"position:{number}"


def _sku(line: Source) -> str:
    """The SKU; where the shop has none, a reference that the product can be added under."""
    before = len(line.problems)
    sku = line.key("sku", limit=80)
    if sku or len(line.problems) > before:
        return sku
    sku = _stand_in(line)
    line.say(
        "sku", "references.no_sku", "warn", f"The line has no SKU; “{sku}” stands in for it.",
        "Give the variant a SKU in the shop, or add a product under this name.",
    )  # fmt: skip
    return sku


def _stand_in(line: Source) -> str:
    if variant := line.text("variant_id", limit=60):
        return f"shopify:variant:{variant}"
    if product := line.text("product_id", limit=60):
        return f"shopify:product:{product}"
    title = line.text("title", limit=300) or line.text("name", limit=300)
    return f"shopify:custom:{re.sub('[^a-z0-9]+', '-', title.lower()).strip('-')[:60] or 'item'}"
