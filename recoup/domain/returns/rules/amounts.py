"""What a return is worth: the customer's own share of what was paid, to the cent, however often they come back."""

from __future__ import annotations

from dataclasses import dataclass

from recoup.domain.ledger.rules import fair_share
from recoup.kit.money import Money


@dataclass(frozen=True, slots=True)
class Paid:
    """What was paid for a whole order line, and what has been given back of it.

    ``refunded`` is the channel's figure, ``credited`` ours. The channel may be repeating our own refunds to us,
    so only what it reports beyond ours counts as refunded elsewhere.
    """

    bought: int
    total: Money
    tax: Money
    refunded_units: int
    refunded: Money
    credited_units: int
    credited: Money

    @property
    def units(self) -> int:
        """Units that are ours to credit, credited ones included."""
        return max(self.bought - max(self.refunded_units - self.credited_units, 0), 0)

    @property
    def creditable(self) -> Money:
        """Of the whole line, what is ours to credit, credited amounts included."""
        elsewhere = max(self.refunded.minor - self.credited.minor, 0)
        return Money(max(self.total.minor - elsewhere, 0), self.total.currency)


@dataclass(frozen=True, slots=True)
class Share:
    """What some units are worth: the total, and the tax within it."""

    total: Money
    tax: Money

    @property
    def net(self) -> Money:
        return self.total - self.tax


def share(*, paid: Paid, quantity: int) -> Share:
    """The worth of the next ``quantity`` units. Shares of all units add up to the whole, in money and in tax.

    Never more than is left, even when the channel's figures changed between two returns.
    """
    zero = Money.zero(paid.total.currency)
    before = min(paid.credited_units, paid.units)
    units = min(quantity, paid.units - before)
    if units <= 0 or not paid.creditable:
        return Share(zero, zero)
    tax = paid.tax.share(paid.creditable.minor, paid.total.minor)
    net, tax = fair_share(paid=paid.creditable, tax=tax, quantity=units, whole=paid.units, before=before)
    return _within(Share(net + tax, tax), max(paid.creditable.minor - paid.credited.minor, 0))


def _within(worth: Share, left: int) -> Share:
    if worth.total.minor <= left:
        return worth
    return Share(Money(left, worth.total.currency), worth.tax.share(left, worth.total.minor))
