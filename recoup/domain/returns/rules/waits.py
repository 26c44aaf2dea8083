"""What a case that came to an agent may still wait for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

ON_THE_WAY = ("awaiting", "in_transit")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case with its lines: their decisions, where the goods of the approved ones are, and what became of their remedies."""

    who: str
    order_known: bool
    decisions: Collection[str]
    goods: Collection[str]
    remedies: Collection[str]


def may_go_on(case: Waiting) -> str:
    """'order' or 'goods' when an agent has the case for want of them alone, and waiting on is one way out; else ''."""
    if case.who != "agent":
        return ""
    if "open" in case.decisions:
        return "" if case.order_known else "order"
    coming = any(each in ON_THE_WAY for each in case.goods)
    return "goods" if coming and "errored" not in case.remedies else ""
