"""What Shopify gave back already, line by line, so that nothing is paid back twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recoup.channels.reading import Source
from recoup.channels.shopify.lines import ReadLine, shop_money
from recoup.channels.shopify.sums import Bought, spread_within, total_of
from recoup.kit.money import Money


@dataclass
class Returned:
    """Of one line: how many came back or were taken off the order, and how much money was given back for them."""

    quantity: int = 0
    minor: int = 0


def given_back(
    order: Source, lines: Sequence[ReadLine], bought: Sequence[Bought], *, currency: str
) -> list[Returned]:  # fmt: skip
    """One entry per line, never more than there was.

    Money that a refund names no line for is spread over the lines by what is left of them, with a held problem.
    """
    back = {line.external_id: Returned() for line in lines}
    included = any(each.included for each in bought)
    loose = sum(_book(refund, back, currency, included) for refund in order.parts("refunds"))
    result = [back[line.external_id] for line in lines]
    for line, sold, returned in zip(lines, bought, result, strict=True):
        _taken_off(line, sold, returned)
        _cap(line, sold, returned)
    _spread_loose(order, loose, bought, result, currency)
    _all_when_refunded(order, lines, bought, result)
    return result


def _book(refund: Source, back: dict[str, Returned], currency: str, included: bool) -> int:
    """Book the refund's lines; returns the money that went back without a line or shipping to stand for it."""
    named = sum(_book_line(item, back, currency, included) for item in refund.parts("refund_line_items"))
    paid = _transferred(refund, currency)
    loose = paid - named - _shipping(refund, currency)
    if loose < 0 and paid:
        said = Money(-loose, currency)
        refund.say(
            "transactions", "arithmetic.refund_below_lines", "warn",
            f"{said} less was transferred than the refund's lines come to; the lines count.", "Nothing to do.",
        )  # fmt: skip
    return max(loose, 0)


def _book_line(item: Source, back: dict[str, Returned], currency: str, included: bool) -> int:
    """The subtotal holds the tax where prices do."""
    line_id = item.text("line_item_id", limit=120) or item.part("line_item").text("id", limit=120)
    amount = _either(item, "subtotal", currency) + (0 if included else _either(item, "total_tax", currency))
    if line_id not in back:
        item.say(
            "line_item_id", "references.refunded_line", "hold", "The refund is for a line that is not on the order.",
            "Compare the refunds in the shop before money is paid back.",
        )  # fmt: skip
        return amount
    back[line_id].quantity += item.whole("quantity") or 0
    back[line_id].minor += amount
    return amount


def _transferred(refund: Source, currency: str) -> int:
    """What really went back: refunds that succeeded, in the order's currency."""
    money = 0
    for paid in refund.parts("transactions"):
        if paid.text("kind").lower() != "refund" or paid.text("status").lower() not in ("success", ""):
            continue
        if paid.text("currency").upper() in (currency, ""):
            money += paid.amount("amount", currency) or 0
        else:
            paid.say(
                "currency", "semantics.refund_currency", "hold", "This refund was paid in another currency.",
                "Compare with the shop before money is paid back.",
            )  # fmt: skip
    return money


def _shipping(refund: Source, currency: str) -> int:
    """Shipping that was given back. Adjustments are written as negative amounts."""
    adjustments = [each for each in refund.parts("order_adjustments") if each.text("kind") == "shipping_refund"]
    written = total_of(
        abs(each.amount(name, currency) or 0) for each in adjustments for name in ("amount", "tax_amount")
    )  # fmt: skip
    lines = refund.parts("refund_shipping_lines")
    return written or total_of(shop_money(line, "subtotal_amount_set", currency) for line in lines)


def _either(item: Source, name: str, currency: str) -> int:
    plain = item.amount(name, currency) if item.has(name) else shop_money(item, f"{name}_set", currency)
    return plain or 0


def _taken_off(line: ReadLine, sold: Bought, returned: Returned) -> None:
    """Units that an edit took off the order count as given back, with their share of the money."""
    if line.left is None or line.left >= line.quantity:
        return
    gone = line.quantity - line.left
    returned.quantity = max(returned.quantity, gone)
    returned.minor = max(returned.minor, Money(sold.paid, "XXX").share(gone, line.quantity).minor)


def _cap(line: ReadLine, sold: Bought, returned: Returned) -> None:
    if returned.quantity <= line.quantity and returned.minor <= sold.paid:
        return
    returned.quantity, returned.minor = min(returned.quantity, line.quantity), min(returned.minor, sold.paid)
    line.source.say(
        "", "arithmetic.refund_above_paid", "hold", "More was given back than was bought on this line.",
        "Compare the refunds in the shop; nothing is left to pay back here.",
    )  # fmt: skip


def _spread_loose(
    order: Source, loose: int, bought: Sequence[Bought], result: Sequence[Returned], currency: str
) -> None:  # fmt: skip
    if not loose:
        return
    room = [sold.paid - returned.minor for sold, returned in zip(bought, result, strict=True)]
    for returned, share in zip(result, spread_within(loose, room), strict=True):
        returned.minor += share
    order.say(
        "refunds", "arithmetic.refund_without_line", "hold",
        f"{Money(loose, currency)} was given back without saying for what; it was spread over the lines.",
        "Look up in the shop what the refund was for.",
    )  # fmt: skip


def _all_when_refunded(
    order: Source, lines: Sequence[ReadLine], bought: Sequence[Bought], result: Sequence[Returned]
) -> None:  # fmt: skip
    """The shop says everything went back but lists nothing: then nothing is left to pay back."""
    if order.text("financial_status").lower() != "refunded" or order.parts("refunds"):
        return
    for line, sold, returned in zip(lines, bought, result, strict=True):
        returned.quantity, returned.minor = line.quantity, sold.paid
    order.say(
        "financial_status", "completeness.refunds", "hold", "The order is refunded, but does not list its refunds.",
        "Every line counts as given back; deliver the order with its refunds to be exact.",
    )  # fmt: skip
