"""Is the evidence enough for this supplier? What is missing, line by line, before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

WARN_DAYS = 30  # a deadline this near is said early


@dataclass(frozen=True, slots=True)
class SupplierRules:
    """What one supplier asks of a claim. Money in minor units of the claim's currency, times in days."""

    required_shots: tuple[str, ...] = ()
    minimum_quantity: int = 0
    minimum_minor: int = 0
    deadline_days: int | None = None
    reply_days: int = 14
    handling_minor: int = 0


def read_rules(stored: Mapping[str, Any]) -> SupplierRules:
    """The rules as kept on the supplier; what is not said there has no effect."""
    return SupplierRules(
        required_shots=tuple(stored.get("required_shots", ())),
        minimum_quantity=int(stored.get("minimum_quantity", 0)),
        minimum_minor=int(stored.get("minimum_minor", 0)),
        deadline_days=None if stored.get("deadline_days") is None else int(stored["deadline_days"]),
        reply_days=int(stored.get("reply_days", 14)),
        handling_minor=int(stored.get("handling_minor", 0)),
    )


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """One photo of a line. ``copy`` is the state of its redacted copy: none, proposed, signed, rejected."""

    shot: str
    copy: str
    residue: int = 0


@dataclass(frozen=True, slots=True)
class LineFacts:
    """``gap``: what came back otherwise than claimed, in a few words, while nobody has said that the line stays."""

    line_id: UUID
    case: str
    quantity: int
    claimed_minor: int
    photos: tuple[PhotoFacts, ...]
    gap: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing to do before sending. ``case`` is '' for the claim as a whole; only ``blocks`` stops it."""

    code: str
    case: str
    sentence: str
    blocks: bool = True


def missing(
    lines: Sequence[LineFacts], rules: SupplierRules, *, received: date | None, today: date, has_contact: bool
) -> tuple[Missing, ...]:
    """Everything that is missing, the claim's own matters first, then line by line. Empty: it is enough."""
    found = [*_of_claim(lines, rules), *_of_deadline(rules, received, today)]
    if not has_contact:
        text = "The supplier has no e-mail address. Add one, or hand the link over yourself after sending."
        found.append(Missing("no_contact", "", text, blocks=False))
    for line in lines:
        found.extend(_of_line(line, rules))
    return tuple(found)


def _of_claim(lines: Sequence[LineFacts], rules: SupplierRules) -> Iterator[Missing]:
    units, value = sum(line.quantity for line in lines), sum(line.claimed_minor for line in lines)
    if not lines:
        yield Missing("no_lines", "", "There is no return in this claim yet.")
    if lines and units < rules.minimum_quantity:
        yield Missing(
            "below_quantity",
            "",
            f"This supplier takes claims from {rules.minimum_quantity} units on; here are {units}.",
        )
    if lines and value < rules.minimum_minor:
        yield Missing(
            "below_value",
            "",
            "The claimed amount is below the smallest that this supplier takes. Wait for more returns.",
        )


def _of_deadline(rules: SupplierRules, received: date | None, today: date) -> Iterator[Missing]:
    if rules.deadline_days is None or received is None:
        return
    last = received + timedelta(days=rules.deadline_days)
    if today > last:
        text = f"The last day for a claim was {last:%d %B %Y}, {rules.deadline_days} days after receipt. The supplier may refuse it."
        yield Missing("deadline_passed", "", text, blocks=False)
    elif today > last - timedelta(days=WARN_DAYS):
        yield Missing("deadline_near", "", f"The last day for this claim is {last:%d %B %Y}.", blocks=False)


def _of_line(line: LineFacts, rules: SupplierRules) -> Iterator[Missing]:
    if line.gap:
        text = f"{line.case}: {line.gap}. Under “What happened?” take the line out, or say why it stays."
        yield Missing("not_as_claimed", line.case, text)
    if not line.photos:
        yield Missing("no_photos", line.case, f"{line.case} has no photo. Take the line out under “What happened?”.")
    undone = [photo for photo in line.photos if photo.copy == "none"]
    if undone:
        yield Missing(
            "not_redacted",
            line.case,
            f"{line.case}: {_photos(len(undone))} not redacted yet. It happens by itself; wait.",
        )
    unsigned = [photo for photo in line.photos if photo.copy == "proposed"]
    if unsigned:
        yield Missing(
            "unsigned",
            line.case,
            f"{line.case}: {_photos(len(unsigned))} not signed off. Look at each, sign it or reject it.",
        )
    signed = {photo.shot for photo in line.photos if photo.copy == "signed"}
    pending = {photo.shot for photo in line.photos if photo.copy in ("none", "proposed")}
    for shot in rules.required_shots:
        if shot not in signed | pending:
            text = f"{line.case}: this supplier asks for the shot “{shot.replace('_', ' ')}”, and there is none. Take the line out under “What happened?”."
            yield Missing("shot_missing", line.case, text)
    if line.photos and not signed and not pending:
        yield Missing(
            "all_rejected",
            line.case,
            f"{line.case}: every redacted photo was rejected. Cover one again, or take the line out under “What happened?”.",
        )


def _photos(count: int) -> str:
    return "one photo is" if count == 1 else f"{count} photos are"
