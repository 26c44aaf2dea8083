"""Pure decisions about the catalogue: which warranty plan counts, which GTIN can be one, where a picture goes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar

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


def fits(number: str, serial_format: str) -> bool:
    """Whether a serial has the form its product's serials have; without a form, any does."""
    return not serial_format or re.fullmatch(serial_format, number) is not None
