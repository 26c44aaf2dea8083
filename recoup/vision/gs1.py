"""GS1's two ways to write a product, batch and serial into one code: element strings and Digital Link."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

GROUP = "\x1d"
GTIN, BATCH, SERIAL = "01", "10", "21"
FIXED = {  # application identifiers whose length is fixed by GS1: identifier -> length of the value
    "00": 18, "01": 14, "02": 14, "03": 14, "11": 6, "12": 6, "13": 6, "15": 6, "16": 6, "17": 6, "20": 2,
    "410": 13, "411": 13, "412": 13, "413": 13, "414": 13, "415": 13, "416": 13, "417": 13,
}  # fmt: skip
VARIABLE = re.compile(r"(10|21|22|30|37|235|240|241|242|243|250|251|253|254|255|400|401|403|420|421|422|9[0-9])")
MEASURE = re.compile(r"(3[1-6]\d\d)")  # weights and lengths: four-digit identifier, six-digit value
BRACKETED = re.compile(r"\((\d{2,4})\)([^(]+)")


@dataclass(frozen=True)
class Gs1:
    """What one GS1 code names; an empty string where it says nothing. ``gtin`` has 14 digits."""

    gtin: str = ""
    batch: str = ""
    serial: str = ""


def parse(text: str) -> Gs1 | None:
    """Read an element string (bracketed, or with group separators) or a Digital Link; None when it is neither."""
    elements = _bracketed(text) or _linked(text) or _element_string(text)
    if not elements or not _gtin_is_right(elements.get(GTIN, "")):
        return None
    return Gs1(elements[GTIN].zfill(14), elements.get(BATCH, ""), elements.get(SERIAL, ""))


def _gtin_is_right(gtin: str) -> bool:
    """The last digit checks the others: weights 3 and 1 from the right must sum to a multiple of ten."""
    if not gtin.isascii() or not gtin.isdigit() or len(gtin) not in (8, 12, 13, 14):
        return False
    digits = [int(digit) for digit in gtin[::-1]]
    return (sum(digits[0::2]) + 3 * sum(digits[1::2])) % 10 == 0


def _bracketed(text: str) -> dict[str, str]:
    return dict(BRACKETED.findall(text)) if re.fullmatch(r"(\(\d{2,4}\)[^(]+)+", text) else {}


def _linked(text: str) -> dict[str, str]:
    if not text.lower().startswith(("http://", "https://")):
        return {}
    try:
        parts = urlsplit(text)
    except ValueError:
        return {}
    steps = [unquote(step) for step in parts.path.split("/") if step]
    if GTIN not in steps:
        return {}
    from_gtin = steps[steps.index(GTIN) :]
    return dict(zip(from_gtin[0::2], from_gtin[1::2], strict=False))


def _element_string(text: str) -> dict[str, str]:
    rest = text.removeprefix("]d2").removeprefix("]C1").removeprefix("]Q3").removeprefix("]e0").lstrip(GROUP)
    found: dict[str, str] = {}
    while rest:
        taken = _fixed(rest) or _variable(rest)
        if taken is None:
            return {}
        identifier, value, rest = taken
        found[identifier] = value
        rest = rest.lstrip(GROUP)
    return found


def _fixed(rest: str) -> tuple[str, str, str] | None:
    measure = MEASURE.match(rest)
    identifier = measure[1] if measure else next((ai for ai in FIXED if rest.startswith(ai)), None)
    if identifier is None:
        return None
    end = len(identifier) + (6 if measure else FIXED[identifier])
    value = rest[len(identifier) : end]
    return (identifier, value, rest[end:]) if value.isdigit() and len(rest) >= end else None


def _variable(rest: str) -> tuple[str, str, str] | None:
    match = VARIABLE.match(rest)
    if match is None:
        return None
    value, _, after = rest[match.end() :].partition(GROUP)
    return (match[1], value, after) if 0 < len(value) <= 90 else None
