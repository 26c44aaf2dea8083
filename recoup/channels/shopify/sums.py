"""What was paid for each thing on an order: price, discount, tax, in minor units. Pure arithmetic.

Old and cut-down orders state a discount or a tax for the whole order and none on the lines. It is spread over the
lines only when the order's own total proves that it belongs there; what is not proven stays as it came, and the
arithmetic gate says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from recoup.kit.money import Money


@dataclass(frozen=True, slots=True)
class Bought:
    """One line or shipping line. ``included``: the price holds the tax already."""

    gross: int
    discount: int
    tax: int
    included: bool

    @property
    def net(self) -> int:
        return max(self.gross - self.discount, 0)

    @property
    def paid(self) -> int:
        return self.net if self.included else self.net + self.tax


@dataclass(frozen=True, slots=True)
class Sums:
    lines: tuple[Bought, ...]
    shipping: tuple[Bought, ...]
    other: int

    @property
    def total(self) -> int:
        return sum(each.paid for each in (*self.lines, *self.shipping)) + self.other


def proven(sums: Sums, *, total: int | None, discount: int, tax: int) -> tuple[Sums, bool]:
    """The sums with what the order states and its lines do not, where the total proves it; and whether any was spread.

    ``discount`` and ``tax`` are what the order states as a whole.
    """
    more_discount = max(discount - sum(each.discount for each in (*sums.lines, *sums.shipping)), 0)
    more_tax = max(tax - sum(each.tax for each in (*sums.lines, *sums.shipping)), 0)
    for with_discount, with_tax in ((0, 0), (0, more_tax), (more_discount, 0), (more_discount, more_tax)):
        tried = with_tax_spread(with_discount_spread(sums, with_discount), with_tax)
        if total is not None and abs(tried.total - total) <= len(sums.lines) and _tells_all(tried, tax):
            return tried, tried != sums
    return sums, False


def _tells_all(sums: Sums, tax: int) -> bool:
    """With the tax in the price, the total proves nothing about it, but the order's tax must be somewhere."""
    inside = [each for each in (*sums.lines, *sums.shipping) if each.included and each.net]
    return not inside or sum(each.tax for each in (*sums.lines, *sums.shipping)) >= tax


def with_discount_spread(sums: Sums, discount: int) -> Sums:
    shares = spread(discount, [line.net for line in sums.lines])
    lines = tuple(replace(line, discount=line.discount + share) for line, share in zip(sums.lines, shares, strict=True))
    return replace(sums, lines=lines)


def with_tax_spread(sums: Sums, tax: int) -> Sums:
    everything = (*sums.lines, *sums.shipping)
    shares = spread(tax, [each.net for each in everything])
    taxed = tuple(replace(each, tax=each.tax + share) for each, share in zip(everything, shares, strict=True))
    return replace(sums, lines=taxed[: len(sums.lines)], shipping=taxed[len(sums.lines) :])


def spread(amount: int, weights: Sequence[int]) -> list[int]:
    """The amount shared by weight, to the last cent; all zero when there is nothing to weigh or to share."""
    if not amount or sum(weights) <= 0:
        return [0] * len(weights)
    return [share.minor for share in Money(amount, "XXX").split(weights)]


def spread_within(amount: int, room: Sequence[int]) -> list[int]:
    """Shared by room, none getting more than its room; what does not fit anywhere is left out."""
    return spread(min(amount, sum(room)), room)


def total_of(amounts: Iterable[int | None]) -> int:
    return sum(amount or 0 for amount in amounts)
