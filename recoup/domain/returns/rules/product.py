"""Check 10: do the photos look like the product that comes back? Only a likeness says something, its absence nothing.

What looks more like another product of the same order was mixed up, or photographed beside it: a person asks or checks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from recoup.domain.returns.rules.answer import Answer, cut

_LONGEST = 80  # letters of a product's name in a sentence


@dataclass(frozen=True, slots=True)
class Named:
    """A product as a sentence says it."""

    sku: str
    name: str

    def __str__(self) -> str:
        return f"{cut(self.name, _LONGEST)} ({cut(self.sku, 40)})"


@dataclass(frozen=True, slots=True)
class Likeness:
    """A photo that shows ``product`` as a picture of the catalogue does: ``points`` of the two agree.

    ``returned``: the case returns this product, on this line or another of its lines. ``compared``: the line's own
    product has reference pictures too, so that "more like" can be said of another.
    """

    shot: str
    product: Named
    points: int
    returned: bool
    compared: bool = True


def said(likeness: Likeness, *, instead_of: Named | None) -> str:
    """What stands beside the photo; ``instead_of`` is the line's own product, None while the order is unknown."""
    if likeness.returned or instead_of is None:
        return f"Shows the {likeness.product} as in the catalogue: {likeness.points} points agree."
    if likeness.compared:
        return f"Looks more like the {likeness.product} than the {instead_of}: ask or check."
    return (
        f"Looks like the {likeness.product} of the same order; the {instead_of} has no picture to compare with: "
        "ask or check."
    )


def check_product(*, likenesses: Sequence[Likeness], line: Named | None) -> Answer:
    """not applicable: nothing looks like a reference picture; unsure: one looks like what was not sent back."""
    facts: dict[str, Any] = {
        "photos_like_the_catalogue": [
            {"shot": one.shot, "sku": one.product.sku, "points": one.points} for one in likenesses
        ]
    }
    other = next((one for one in likenesses if line and not one.returned), None)
    if other:
        return Answer("product", "unsure", _photo(other.shot, said(other, instead_of=line)), facts)
    if line and likenesses:
        best = max(likenesses, key=lambda one: one.points)
        return Answer("product", "pass", _photo(best.shot, said(best, instead_of=line)), facts)
    return Answer("product", "not_applicable", "No photo was known by a picture of the catalogue.", facts)


def _photo(shot: str, saying: str) -> str:
    """'The packaging photo looks more like …'"""
    return f"The {shot.replace('_', ' ')} photo {saying[0].lower()}{saying[1:]}"
