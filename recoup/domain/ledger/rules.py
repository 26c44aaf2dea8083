"""Pure arithmetic of memos and bookings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from recoup.kit.money import Money


@dataclass(frozen=True, slots=True)
class MemoLine:
    """One line to credit. ``paid`` is what the customer paid for the whole order line and has not had back."""

    line_id: UUID
    description: str
    sku: str
    quantity: int
    net: Money
    tax: Money
    paid: Money

    @property
    def total(self) -> Money:
        return self.net + self.tax


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of a booking: debit positive, credit negative."""

    account: str
    amount: Money
    party_id: UUID | None = None


def tax_rate_bp(*, net: Money, tax: Money) -> int:
    """The rate in basis points that the order's own amounts show: 19.00 on 100.00 is 1900; 0 when nothing is net."""
    return round(tax.minor * 10_000 / net.minor) if net.minor > 0 else 0


def balanced(legs: Sequence[Leg]) -> bool:
    """True when every currency's legs add up to zero and no leg is zero."""
    sums: dict[str, int] = {}
    for leg in legs:
        sums[leg.amount.currency] = sums.get(leg.amount.currency, 0) + leg.amount.minor
    return bool(legs) and all(leg.amount for leg in legs) and not any(sums.values())


def transfer(*, debit: str, credit: str, amount: Money, party_id: UUID | None = None) -> list[Leg]:
    """``amount`` moves from the credited to the debited account; nothing to book for zero."""
    return [Leg(debit, amount, party_id), Leg(credit, -amount, party_id)] if amount else []


def fair_share(*, paid: Money, tax: Money, quantity: int, whole: int, before: int) -> tuple[Money, Money]:
    """(net, tax) of ``quantity`` units of a line of ``whole`` units, ``before`` of which were credited already.

    Units are counted from the first, so that crediting one by one gives back exactly what was paid, to the cent,
    whatever the order or grouping of the credits. What was paid is shared out first and its tax within it: so half
    of 99.80 is 49.90, and never two roundings apart.
    """
    if not 0 < quantity <= whole - before:
        raise ValueError(f"{quantity} units after {before} of {whole} is not a share of this line.")
    until, since = paid.share(before + quantity, whole), paid.share(before, whole)
    part = _tax_in(until, paid=paid, tax=tax) - _tax_in(since, paid=paid, tax=tax)
    return until - since - part, part


def _tax_in(amount: Money, *, paid: Money, tax: Money) -> Money:
    return tax.share(amount.minor, paid.minor) if paid else tax
