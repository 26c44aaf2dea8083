"""Where goods may go: pure decisions."""

from __future__ import annotations

#: Which bin a disposition leads to. No disposition leads to 'sellable': goods from quarantine
#: become sellable only through refurbishing and regrading under a graded SKU.
TARGET_BIN = {"scrap": "scrap", "return_to_vendor": "return_to_vendor", "to_customer": "outside", "donate": "outside"}


def finding(*, expected: int, counted: int, right_item: bool) -> str:
    """What receiving found: as_declared, short, undeclared (more than announced) or wrong_item."""
    if not right_item:
        return "wrong_item"
    if counted < expected:
        return "short"
    return "undeclared" if counted > expected else "as_declared"
