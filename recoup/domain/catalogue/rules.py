"""Pure decisions about the catalogue: which warranty plan counts, what a GTIN and a box code say, where a picture goes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar
from urllib.parse import quote, unquote

# Member states of the European Union since 2020. Source: europa.eu, "EU countries".
_EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
EU = frozenset(_EU.split())
MOST_PICTURES = 6  # of one product: each costs about a tenth of a second for every photo that is compared


class PlanVersion(Protocol):
    """One version of a plan: ``jurisdiction`` is a country, 'EU', or '' for anywhere."""

    @property
    def jurisdiction(self) -> str: ...
    @property
    def contracts_from(self) -> date: ...
    @property
    def version(self) -> int: ...


Plan = TypeVar("Plan", bound=PlanVersion)


def jurisdictions(country: str) -> list[str]:
    """Where a plan's version may be from to count for a customer in ``country``, the nearest first."""
    return [place for place in (country, "EU" if country in EU else "") if place] + [""]


def plan_in_force(versions: Iterable[Plan], *, country: str, contract_date: date) -> Plan | None:
    """The version that counts for a contract made on that date, or None when none was in force.

    The nearest jurisdiction that has any version in force wins; within it the latest start, then the highest number.
    """
    begun = [version for version in versions if version.contracts_from <= contract_date]
    for place in jurisdictions(country):
        there = [version for version in begun if version.jurisdiction == place]
        if there:
            return max(there, key=lambda version: (version.contracts_from, version.version))
    return None


def free_place(taken: Iterable[int]) -> int | None:
    """The first of a product's picture places (1 … MOST_PICTURES) that is not taken; None when all are."""
    held = set(taken)
    return next((place for place in range(1, MOST_PICTURES + 1) if place not in held), None)


def is_gtin(text: str) -> bool:
    """Eight, twelve, thirteen or fourteen digits with the right check digit (GS1 General Specifications §7.9)."""
    if not re.fullmatch(r"[0-9]{8}|[0-9]{12,14}", text):
        return False
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(text)))
    return weighted % 10 == 0


def gtin14(text: str) -> str:
    """The GTIN in its one form, of 14 digits: '4006381333931' and '04006381333931' are one. '' when it is none."""
    return text.zfill(14) if is_gtin(text) else ""


def gtin_forms(text: str) -> list[str]:
    """Every way in which the GTIN can be written, the longest first; none when it is none."""
    whole = gtin14(text)
    cut = [whole[14 - length :] for length in (14, 13, 12, 8) if whole]
    return [form for form in cut if form.zfill(14) == whole]


@dataclass(frozen=True, slots=True)
class BoxCode:
    """What the code on a box says; an empty string where it says nothing. Whether ``gtin`` can be one is not known."""

    gtin: str
    batch: str = ""
    serial: str = ""


#: What GS1 calls application identifiers, in the order in which a Digital Link names them.
_SAID = {"01": "gtin", "10": "batch", "21": "serial"}
_LONGEST = 60


def box_path(code: BoxCode) -> str:
    """The path of the code's GS1 Digital Link, such as '/01/04006381333931/10/24-117' (URI syntax 1.4)."""
    said = {"01": gtin14(code.gtin) or code.gtin, "10": code.batch, "21": code.serial}
    return "".join(f"/{key}/{quote(value, safe='')}" for key, value in said.items() if value)


def read_box_path(path: str) -> BoxCode | None:
    """What a Digital Link's path says, as it was sent: still percent-encoded. None when it names no product.

    What else GS1 lets it say is left out, and so is what no number of ours can be: unprintable or endless.
    """
    steps = [unquote(step) for step in path.removeprefix("/").removesuffix("/").split("/")]
    if steps[0] != "01":
        return None
    said = dict(zip(steps[0::2], steps[1::2], strict=False))
    found = {name: said.get(key, "").strip() for key, name in _SAID.items()}
    sound = {name: text for name, text in found.items() if text.isprintable() and len(text) <= _LONGEST}
    return BoxCode(**sound) if sound.get("gtin") else None


def fits(number: str, serial_format: str) -> bool:
    """Whether a serial has the form its product's serials have; without a form, any does."""
    return not serial_format or re.fullmatch(serial_format, number) is not None
