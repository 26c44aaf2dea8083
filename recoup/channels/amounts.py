"""Amounts as people and machines write them, into minor units. No float on the way."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import NamedTuple

from recoup.domain.orders.canonical import LARGEST_MINOR
from recoup.kit.money import exponent

_SIGNS = "€$£¥₹"
_SPACES = re.compile(r"[\s\u00a0\u202f']")


class Amount(NamedTuple):
    """``rounded``: the text had digits that the currency does not know, and they were not zero."""

    minor: int
    rounded: bool


def machine(text: str, currency: str) -> Amount:
    """A decimal as machines write it, '199.00' or '1.99E2'. Raises ValueError."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError("not a decimal amount") from None
    if not value.is_finite() or value.adjusted() > 15:
        raise ValueError("not an amount that an order can have")
    scaled = value.scaleb(exponent(currency))
    whole = scaled.to_integral_value(rounding=ROUND_HALF_UP)
    if abs(whole) > LARGEST_MINOR:
        raise ValueError("not an amount that an order can have")
    return Amount(int(whole), whole != scaled)


def person(text: str, currency: str) -> Amount:
    """A decimal as people write it: '49,90', '1.249,90 EUR', '1,249.90'. Raises ValueError, also if ambiguous."""
    bare = _SPACES.sub("", text.upper().replace(currency, "") if currency else text).strip(_SIGNS)
    return machine(_plain(bare, exponent(currency)), currency)


def _plain(text: str, places: int) -> str:
    """With a point for the decimals and nothing for the thousands."""
    marks = [mark for mark in text if mark in ".,"]
    if not marks:
        return text
    if len(set(marks)) == 2:
        decimal = marks[-1]
        if marks.count(decimal) > 1:
            raise ValueError("neither of the two marks can be the decimal one")
        return _grouped(text, "," if decimal == "." else ".", decimal)
    if len(marks) > 1:
        return _grouped(text, marks[0], "")
    after = len(text) - text.index(marks[0]) - 1
    if after == 3 and places != 3:
        raise ValueError(f"“{marks[0]}” could mean thousands or decimals")
    return text.replace(",", ".")


def _grouped(text: str, thousands: str, decimal: str) -> str:
    whole, _, fraction = text.partition(decimal) if decimal else (text, "", "")
    first, *groups = whole.lstrip("-").split(thousands)
    if not 1 <= len(first) <= 3 or any(len(group) != 3 for group in groups):
        raise ValueError("the thousands are not in groups of three")
    return whole.replace(thousands, "") + ("." + fraction if decimal else "")
