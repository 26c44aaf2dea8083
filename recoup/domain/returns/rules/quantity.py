"""Check 2: no more comes back than was bought and is still with the customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from recoup.domain.returns.rules.answer import Answer, Result, are, cut, day, iso, units
from recoup.kit.money import Money


@dataclass(frozen=True, slots=True)
class Purchase:
    """One order line, and what is known to have come back of it.

    ``in_returns`` counts the units of all other live returns (open or approved); ``credited`` are those among
    them that we have credited ourselves. A channel that reports refunds may be reporting exactly those, so the
    two are not simply added up.
    """

    bought: int
    paid: Money
    payment: str = "paid"
    cancelled_on: date | None = None
    refunded: int = 0
    in_returns: int = 0
    credited: int = 0
    #: What still stands against the order, such as sums that do not add up: a person looks before money moves.
    holds: tuple[str, ...] = ()

    @property
    def surely_left(self) -> int:
        """Units left if the channel's refunds and ours are different units."""
        return max(self.bought - self.refunded - self.in_returns, 0)

    @property
    def most_left(self) -> int:
        """Units left if the channel's refunds and ours are the same units."""
        return max(self.bought - max(self.refunded, self.credited) - (self.in_returns - self.credited), 0)


def check_quantity(*, claimed: int, purchase: Purchase | None) -> Answer:
    """fail: more than can be left, or the order was never paid for; unsure: the figures leave room for doubt."""
    if purchase is None:
        return _say("unsure", "How many were bought is known once the order is known.", {"claimed": claimed})
    facts = _facts(claimed, purchase)
    if claimed > purchase.most_left:
        return _say("fail", _too_many(claimed, purchase), facts)
    if claimed > purchase.surely_left:
        doubt = (
            f"The shop has refunded {units(purchase.refunded)} and we have credited {units(purchase.credited)}. "
            "These may be the same, or not. Check before you decide."
        )
        return _say("unsure", doubt, facts)
    return _say(*_paid_for(claimed, purchase), facts)


def _too_many(claimed: int, purchase: Purchase) -> str:
    gone = [
        f"{purchase.refunded} refunded by the shop" if purchase.refunded else "",
        f"{purchase.in_returns} in other returns" if purchase.in_returns else "",
    ]
    said = ", ".join(filter(None, [f"{purchase.bought} bought", *gone]))
    return f"{units(claimed).capitalize()} {are(claimed)} claimed, but only {purchase.most_left} can be left ({said})."


def _paid_for(claimed: int, purchase: Purchase) -> tuple[Result, str]:
    if purchase.cancelled_on:
        return "fail", f"The order was cancelled on {day(purchase.cancelled_on)}."
    if purchase.payment == "voided":
        return "fail", "The payment of this order was voided, so nothing was paid."
    if purchase.payment == "refunded" and not purchase.credited:
        return "fail", "The shop has already refunded this order in full."
    if purchase.payment == "unpaid":
        return "unsure", "This order is not paid yet, so there is no money to give back. A person decides."
    if not purchase.paid:
        return (
            "unsure",
            "Nothing was paid for this item, such as a gift, so there is nothing to refund. A person decides.",
        )
    if purchase.holds:
        return "unsure", f"Something about this order is open: {cut(purchase.holds[0], 300)}"
    left = f"{units(purchase.surely_left)} of {purchase.bought}"
    return "pass", f"{units(claimed).capitalize()} {are(claimed)} claimed; {left} can come back."


def _facts(claimed: int, purchase: Purchase) -> dict[str, Any]:
    return {
        "claimed": claimed,
        "bought": purchase.bought,
        "refunded_by_channel": purchase.refunded,
        "in_other_returns": purchase.in_returns,
        "credited_by_us": purchase.credited,
        "left_at_most": purchase.most_left,
        "left_surely": purchase.surely_left,
        "payment": purchase.payment,
        "cancelled_on": iso(purchase.cancelled_on),
        "paid_minor": purchase.paid.minor,
        "currency": purchase.paid.currency,
        "open_about_the_order": list(purchase.holds),
    }


def _say(result: Result, sentence: str, facts: dict[str, Any]) -> Answer:
    return Answer("quantity", result, sentence, facts)
