"""Check 9: was one of the photos sent before? It only ever asks a person to look, and blames nobody.

The same picture in two cases can have a good reason: a second try at one return, two units in one photo, a family.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from recoup.domain.returns.rules.answer import Answer, cut, listed


@dataclass(frozen=True, slots=True)
class Seen:
    """A photo of this line that came before: its shot here, and the case it came with, '' when with none."""

    shot: str
    case: str


def check_reuse(*, photos: int, seen: Sequence[Seen]) -> Answer:
    """not applicable: no photos; unsure: a person looks at the two pictures side by side."""
    facts: dict[str, Any] = {
        "photos": photos,
        "seen_before": [{"shot": one.shot, "case": one.case or None} for one in seen],
    }
    if not photos:
        return Answer("reuse", "not_applicable", "No photo to compare with other cases.", facts)
    if not seen:
        return Answer("reuse", "pass", "None of the photos came with another case.", facts)
    return Answer("reuse", "unsure", _sentence(seen), facts)


def _sentence(seen: Sequence[Seen]) -> str:
    shots = sorted({one.shot.replace("_", " ") for one in seen if one.shot})
    which = f"The {listed(shots)} photo" if len(shots) == 1 else "More than one photo" if shots else "A photo"
    cases = sorted({one.case for one in seen if one.case})
    where = f"with {listed([cut(case, 40) for case in cases[:3]])}" if cases else "through another link"
    return f"{which} came before, {where}. There may be a good reason; a person compares them."
