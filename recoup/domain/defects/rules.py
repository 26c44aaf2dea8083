"""What a shot is, and whom a known pattern touches: pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

#: What weighs most first: a stop for safety outranks sending it to a person, and both outrank approving.
WEIGHT = {"stop": 0, "route": 1, "approve": 2}


@dataclass(frozen=True, slots=True)
class Shot:
    """One photo to ask for; ``shot`` is overall, close_up, serial_label or packaging."""

    shot: str
    instruction: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Pattern:
    """A described defect; None and '' match anything. Serials run from ``serial_from`` to ``serial_to``, both in."""

    code: str
    action: str
    product_id: UUID | None = None
    batch_id: UUID | None = None
    defect_type: str = ""
    serial_from: str = ""
    serial_to: str = ""
    sold_from: date | None = None
    sold_to: date | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """What is known of the returned unit; '' and None where nothing is."""

    product_id: UUID
    defect_type: str
    batch_id: UUID | None = None
    serial: str = ""
    sold: date | None = None


def touches(pattern: Pattern, unit: Unit) -> bool:
    """Whether the pattern is about this unit. What the pattern asks for and nobody knows does not match."""
    return (
        pattern.product_id in (None, unit.product_id)
        and pattern.batch_id in (None, unit.batch_id)
        and pattern.defect_type in ("", unit.defect_type)
        and _in_serials(pattern, unit.serial)
        and _in_dates(pattern, unit.sold)
    )


def _in_serials(pattern: Pattern, serial: str) -> bool:
    if not pattern.serial_from and not pattern.serial_to:
        return True
    if not serial:
        return False
    number = counted(serial)
    after = not pattern.serial_from or counted(pattern.serial_from) <= number
    return after and (not pattern.serial_to or number <= counted(pattern.serial_to))


def _in_dates(pattern: Pattern, sold: date | None) -> bool:
    if pattern.sold_from is None and pattern.sold_to is None:
        return True
    if sold is None:
        return False
    return (pattern.sold_from or date.min) <= sold <= (pattern.sold_to or date.max)


def counted(serial: str) -> list[tuple[int, int, str]]:
    """A serial as its letters and numbers, so that K-9 comes before K-10."""
    parts = re.findall(r"\d+|[A-Z]+", serial.upper())
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts]
