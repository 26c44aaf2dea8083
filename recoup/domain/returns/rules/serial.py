"""Check 5: is it the unit that we sold on this order, and is it not coming back twice?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from recoup.domain.returns.rules.answer import Answer, Result, cut, listed

_LOOK_ALIKE = str.maketrans("OQDILZSB", "00011258")


@dataclass(frozen=True, slots=True)
class Told:
    """The serial number we go by: typed by the customer, or read from a photo. '' when there is none."""

    number: str
    how: str
    #: Codes in the photos that look like serials of this product.
    read: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What our records say about a serial number of this product.

    ``sold_here``: on this order line; ``sold_elsewhere``: on another; ``other_return``: the number of another
    live case that has it; ``line_has_serials``: we recorded which units went out on this line.
    """

    exists: bool
    sold_here: bool = False
    sold_elsewhere: bool = False
    other_return: str = ""
    line_has_serials: bool = False


def tidy(number: str) -> str:
    """As we compare serial numbers: upper case, no blanks. Letters stay letters: O is not 0 in every format."""
    return "".join(number.upper().split())


def fits(number: str, pattern: str) -> bool | None:
    """Does the number have the product's format? None when the format itself cannot be read."""
    try:
        return re.fullmatch(pattern, number, re.IGNORECASE) is not None
    except re.error:
        return None


def _look(number: str) -> str:
    """The number by its shapes alone."""
    return tidy(number).translate(_LOOK_ALIKE)


def told(*, pattern: str, typed: str, codes: Sequence[str], printed: Sequence[str] = ()) -> Told:
    """Typed wins; without it, the one number in the photos that has the product's format.

    ``printed`` numbers are read from ink, where O and 0 look alike: one that could be the typed one is taken for it.
    """
    mine = tidy(typed)
    meant = [mine if mine and _look(number) == _look(mine) else number for number in map(tidy, printed)]
    read = tuple(sorted({number for number in [*map(tidy, codes), *meant] if fits(number, pattern)}))
    if tidy(typed):
        return Told(tidy(typed), "typed", read)
    return Told(read[0], "read from a photo", read) if len(read) == 1 else Told("", "", read)


def check_serial(*, pattern: str | None, quantity: int, said: Told, known: Known) -> Answer:
    """``pattern``: the product's serial format; '' when its units carry none, None while the product is unknown."""
    if pattern is None:
        return _say("unsure", "Whether it carries a serial number is known once the order is known.", said, known)
    if not pattern:
        return _say("not_applicable", "This product carries no serial number.", said, known)
    return _say(*(_unreadable(pattern, quantity, said) or _placed(said, known)), said, known)


def _unreadable(pattern: str, quantity: int, said: Told) -> tuple[Result, str] | None:
    if not said.number and len(said.read) > 1:
        return "unsure", f"The photos show {len(said.read)} serial numbers and none was typed. Pick the right one."
    if not said.number:
        return "unsure", "This product carries a serial number, and none was given or could be read from the photos."
    if quantity > 1:
        return "unsure", f"{quantity} units are claimed and only one serial number is given. Ask for the others."
    fitting = fits(said.number, pattern)
    if fitting is None:
        return "unsure", "The serial format of this product cannot be read. Correct it in the catalogue."
    if not fitting:
        return "fail", f"“{cut(said.number, 60)}” does not look like a serial number of this product."
    if said.read and said.number not in said.read:
        seen = listed([f"“{cut(each, 60)}”" for each in said.read[:3]])
        return "unsure", f"The customer typed “{cut(said.number, 60)}”, the photos show {seen}."
    return None


def _placed(said: Told, known: Known) -> tuple[Result, str]:
    number = f"Serial number {cut(said.number, 60)}"
    if known.other_return:
        return "fail", f"{number} is already in return {known.other_return}."
    if known.sold_here:
        return "pass", f"{number} ({said.how}) was sold on this order."
    if known.sold_elsewhere:
        return "fail", f"{number} was sold on another order."
    if known.line_has_serials:
        return "fail", f"{number} is not among those sent with this order."
    if known.exists:
        return "unsure", f"{number} is one of ours, but we did not record which order it went to."
    return "unsure", f"{number} is not in our records."


def _say(result: Result, sentence: str, said: Told, known: Known) -> Answer:
    facts: dict[str, Any] = {
        "number": said.number or None,
        "how": said.how or None,
        "read_from_photos": list(said.read),
        "known": known.exists,
        "sold_on_this_order": known.sold_here,
        "sold_on_another_order": known.sold_elsewhere,
        "other_return": known.other_return or None,
        "order_has_serials": known.line_has_serials,
    }
    return Answer("serial", result, sentence, facts)
