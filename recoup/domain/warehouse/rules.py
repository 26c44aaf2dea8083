"""Where goods may go: pure decisions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came for one announced line: ``units`` of the announced item, and ``others`` of something else."""

    units: int
    others: int

    def gap(self, announced: int) -> str:
        """What is not as announced, in a few words; '' when every announced unit is here, or nothing came yet."""
        if self.units >= announced or not self.units + self.others:
            return ""
        if not self.units:
            return "another item came instead"
        came = f"{self.units} of {announced} units came"
        return f"{came}, and another item" if self.others else came


def taken_in(receipts: Iterable[tuple[int, str]]) -> TakenIn:
    """From each receipt's (quantity, finding)."""
    counted = list(receipts)
    others = sum(quantity for quantity, found in counted if found == "wrong_item")
    return TakenIn(units=sum(quantity for quantity, _ in counted) - others, others=others)
