"""What a line is worth to us, and to which lines money that came back belongs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from recoup.kit.money import Money


def claimed(*, quantity: int, unit_cost: Money, handling_minor: int = 0) -> Money:
    """What we ask for a line: its units at the purchase order's cost, and the agreed handling for each.

    ``handling_minor`` is in minor units of the cost's currency, per unit. Raises ValueError for less than one unit.
    """
    if quantity < 1 or unit_cost.minor < 0 or handling_minor < 0:
        raise ValueError("A claimed line has at least one unit and no negative cost.")
    return (unit_cost + Money(handling_minor, unit_cost.currency)) * quantity


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A claim line that still waits for ``open_minor``; ``since`` orders the lines, oldest first."""

    line_id: UUID
    open_minor: int
    since: date


@dataclass(frozen=True, slots=True)
class Match:
    """So much of a recovery belongs to this line."""

    line_id: UUID
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """How an amount would be shared out; ``unmatched_minor`` found no line."""

    matches: tuple[Match, ...]
    unmatched_minor: int


def propose_matches(lines: Sequence[OpenLine], amount_minor: int) -> Proposal:
    """Share an amount over open lines: a line it meets exactly first, else the oldest open line first."""
    waiting = sorted((line for line in lines if line.open_minor > 0), key=lambda line: (line.since, str(line.line_id)))
    exact = next((line for line in waiting if line.open_minor == amount_minor), None)
    matches, left = [], amount_minor
    for line in [exact] if exact else waiting:
        share = min(line.open_minor, left)
        if share > 0:
            matches.append(Match(line.line_id, share))
            left -= share
    return Proposal(tuple(matches), left)


def not_matchable(matches: Sequence[Match], *, left_minor: int, open_by_line: dict[UUID, int]) -> str:
    """Why these matches cannot be booked, or '' when they can."""
    total: dict[UUID, int] = {}
    for match in matches:
        total[match.line_id] = total.get(match.line_id, 0) + match.amount_minor
    if not matches or any(match.amount_minor <= 0 for match in matches):
        return "Each match needs a line and an amount above zero."
    if set(total) - set(open_by_line):
        return "One of the lines does not belong to this claim."
    if sum(total.values()) > left_minor:
        return "The matches add up to more than is left of the credit."
    if any(amount > open_by_line[line_id] for line_id, amount in total.items()):
        return "One of the lines would get more than is open on it."
    return ""
