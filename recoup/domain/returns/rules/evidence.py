"""Check 7: do the photos show what this kind of defect asks for, and are they good enough?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from recoup.domain.returns.rules.answer import Answer, listed

Standing = Literal["good", "doubtful", "waiting", "missing"]


@dataclass(frozen=True, slots=True)
class Picture:
    """One photo of the line: its shot, its state (arrived, accepted, retake, unreadable), sent anyway or not."""

    shot: str
    state: str
    sent_anyway: bool = False


def standing(shot: str, pictures: Sequence[Picture]) -> Standing:
    """How a shot stands by its best photo."""
    found = {_worth(picture) for picture in pictures if picture.shot == shot}
    order: list[Standing] = ["good", "doubtful", "waiting"]
    return next((each for each in order if each in found), "missing")


def _worth(picture: Picture) -> Standing:
    if picture.state == "accepted":
        return "doubtful" if picture.sent_anyway else "good"
    return "waiting" if picture.state == "arrived" else "missing"


def check_evidence(*, required: Sequence[str], pictures: Sequence[Picture]) -> Answer:
    """fail: a required shot is missing; unsure: sent anyway, still being looked at, or no photo asked or given."""
    stands = {shot: standing(shot, pictures) for shot in required}
    facts: dict[str, Any] = {"required": list(required), "photos": len(pictures)}
    facts |= {kind: [s for s in required if stands[s] == kind] for kind in ("good", "doubtful", "waiting", "missing")}
    if facts["missing"]:
        sentence = f"Still needed: a photo of the {_shots(facts['missing'])} that shows it well."
        return Answer("evidence", "fail", sentence, facts)
    if facts["waiting"]:
        return Answer("evidence", "unsure", f"We are still looking at: {_shots(facts['waiting'])}.", facts)
    if facts["doubtful"]:
        sentence = f"Sent although we asked for a better one: {_shots(facts['doubtful'])}. A person looks."
        return Answer("evidence", "unsure", sentence, facts)
    if not required and not pictures:
        return Answer("evidence", "unsure", "No photo is asked for, and none was sent. A person looks.", facts)
    return Answer("evidence", "pass", f"Every photo we asked for is there and clear: {_shots(required)}.", facts)


def _shots(shots: Sequence[str]) -> str:
    return listed([shot.replace("_", " ").replace("close up", "close-up") for shot in shots]) or "all"
