"""What is known of the case: who must not be named (matched fuzzily), and which words may be shown (matched exactly).

The two directions differ on purpose. A reading that is nearly the customer's name hides; a reading that is nearly
the SKU shows nothing. Identifiers win over allowed words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

# Signs that readers take for one another, folded into one.
CONFUSED = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "!": "l", "5": "s", "8": "b", "2": "z", "6": "g"})
# Words that say what follows; they are shown only beside an allowed word.
LABELS = frozenset(
    (
        "sku gtin ean upc lot batch charge serial sn s n no nr number po order purchase model type item art ref id "
        "product part pn p"
    ).split()
)
# Words of addresses that name nobody by themselves.
PLAIN = frozenset("street strasse road avenue lane apartment floor unit house city state post gmbh".split())
ENOUGH = 0.85  # reading confidence below which nothing is shown
CARD = re.compile(r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)")


@dataclass(frozen=True)
class Known:
    """``identifiers``: name, address, phone, e-mail, order and tracking numbers of this case. ``allow``: its SKU,
    GTIN, batch, serial and PO, the model's words, and words a person chose to keep."""

    identifiers: Sequence[str] = ()
    allow: Sequence[str] = ()

    @cached_property
    def allowed_words(self) -> frozenset[str]:
        return frozenset(word for entry in self.allow for word in words(entry))

    @cached_property
    def needles(self) -> tuple[str, ...]:
        """The identifiers whole, and those of their words that are long enough to mean somebody."""
        whole = [folded(entry) for entry in self.identifiers]
        parts = [folded(word) for entry in self.identifiers for word in words(entry) if _telling(word)]
        return tuple(dict.fromkeys(needle for needle in [*whole, *parts] if len(needle) >= 4))

    def shows(self, text: str, *, score: float) -> bool:
        """May this line be seen? Only if every word is allowed (or announces an allowed one) and was read surely."""
        allowed = any(word in self.allowed_words for word in words(text))
        return score >= ENOUGH and allowed and self.harmless(text)

    def harmless(self, text: str) -> bool:
        """Nothing but allowed words and words that announce one: what a reader may find in a copy."""
        return not self.names(text) and all(word in self.allowed_words or word in LABELS for word in words(text))

    def names(self, text: str) -> bool:
        """Does this reading hold one of the identifiers, give or take a misread sign in five?"""
        hay = folded(text)
        return any(_holds(hay, needle) for needle in self.needles)


def words(text: str) -> list[str]:
    """Lower-case words without accents; a word keeps its inner dashes and dots, as a SKU has them."""
    return re.findall(r"[^\W_](?:[^\W_]|[-./](?=[^\W_]))*", _plain(text))


def folded(text: str) -> str:
    """Letters and digits only, without accents, with signs that look alike made one."""
    letters = re.sub(r"[\W_]", "", _plain(text))
    return letters.replace("vv", "w").replace("rn", "m").translate(CONFUSED)


def card_like(text: str) -> bool:
    """Thirteen to nineteen digits that pass the check of payment cards (Luhn)."""
    return any(_luhn([int(sign) for sign in found if sign.isdigit()]) for found in CARD.findall(text))


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _telling(word: str) -> bool:
    return word not in PLAIN and len(word) >= 4


def _luhn(digits: list[int]) -> bool:
    doubled = [2 * digit - 9 * (digit > 4) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0 and len(set(digits)) > 1


def _holds(hay: str, needle: str) -> bool:
    if needle in hay:
        return True
    slips = len(needle) // 5
    return slips > 0 and len(hay) >= len(needle) - slips and min(_distances(hay, needle)) <= slips


def _distances(hay: str, needle: str) -> Iterator[int]:
    """Sellers' algorithm: per end in the hay, the fewest edits from some piece ending there to the needle."""
    column = list(range(len(needle) + 1))
    yield column[-1]
    for sign in hay:
        above, column[0] = column[0], 0
        for place, wanted in enumerate(needle, start=1):
            change = min(above + (sign != wanted), column[place] + 1, column[place - 1] + 1)
            above, column[place] = column[place], change
        yield column[-1]
