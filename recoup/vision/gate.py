"""Judge one photo: accept it, or ask for another with a reason that a person can act on.

Told in this order: nothing there, too dark, overexposed, a reflection, movement, out of focus, too small, cut off.
Light comes before sharpness, as a nearly black photo has no edges to speak of. Every number comes from
gate/rules.json, which training/fit_gate.py makes. Between the two thresholds the photo is accepted, and said to be
near the line: a needless retake costs a customer more than a photo that is a little soft. What an item's place in
the picture or a reflection tell is never firm.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from recoup.vision import rules_folder
from recoup.vision.gate_sentences import sentence_for
from recoup.vision.measures import measure

MILLION = 1_000_000


@dataclass(frozen=True)
class Verdict:
    """``result`` accept or retake; ``reasons`` ordered codes (empty when accepted); ``scores`` 0..1 for sharp,
    dark and bright (1 = very much so); ``features`` the measures; ``near_line`` accepted, but only just, for what
    ``advice`` says (ordered codes; empty unless near the line).
    """

    result: Literal["accept", "retake"]
    reasons: tuple[str, ...]
    sentence: str
    scores: dict[str, float]
    features: dict[str, int] = field(repr=False)
    near_line: bool
    rules_version: str
    advice: tuple[str, ...] = ()


def judge(pixels: NDArray[np.uint8]) -> Verdict:
    """The verdict on uint8[h, w, 3] upright RGB pixels of any size. Same pixels and rules, same verdict."""
    return judge_measures(measure(pixels), shape=(pixels.shape[0], pixels.shape[1]), rules=rules())


def rules() -> Mapping[str, Any]:
    """The rules in force, read once for each state of the file."""
    path = rules_folder() / "rules.json"
    return _read_rules(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read_rules(path: Path, changed: int) -> Mapping[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


def judge_measures(features: dict[str, int], *, shape: tuple[int, int], rules: Mapping[str, Any]) -> Verdict:
    """The decision alone, from measures and the picture's height and width. Only whole numbers are compared."""
    millionths = {name: in_millionths(chance(features, rules["heads"][name])) for name in ("sharp", "dark", "bright")}
    firm = _reasons(features, millionths, shape, rules)
    advice = () if firm else _advice(features, millionths, rules)
    return Verdict(
        result="retake" if firm else "accept",
        reasons=firm,
        sentence=sentence_for(firm, advice=advice),
        scores={name: value / MILLION for name, value in millionths.items()},
        features=features,
        near_line=bool(advice),
        rules_version=str(rules["version"]),
        advice=advice,
    )


def chance(features: Mapping[str, int], head: Mapping[str, Any]) -> float:
    """A logistic head: the weighted sum of scaled measures, squashed into 0..1. A missing measure counts as usual."""
    total = float(head["bias"])
    for name, (centre, spread, weight) in head["weights"].items():
        value = features[name]
        total += weight * ((value - centre) / spread if value >= 0 else float(head["missing"].get(name, 0.0)))
    return squash(total)


def squash(total: float) -> float:
    """1 / (1 + e^-total) from sums, products and quotients alone.

    Those come out the same to the last bit on every machine and in every browser; an exp of a library does not.
    """
    step = -max(-40.0, min(40.0, total)) / 1024
    term = power = 1.0
    for number in range(1, 9):
        term = term * step / number
        power += term
    for _ in range(10):
        power *= power
    return 1.0 / (1.0 + power)


def in_millionths(share: float) -> int:
    """0..1 as 0..1,000,000, halves up: what thresholds are compared with, so that two runtimes cannot disagree."""
    return math.floor(share * MILLION + 0.5)


def _reasons(
    features: Mapping[str, int], scores: Mapping[str, int], shape: tuple[int, int], rules: Mapping[str, Any]
) -> tuple[str, ...]:
    if min(shape) < rules["least_side"]:
        return ("tiny",)
    blur = _blur(features, scores, rules["firm"], rules["motion"])
    # Of a photo that must be taken again anyway, doubtful light is told too, and first: it may be why it is blurred.
    light = _light(scores, rules["advice" if blur else "firm"])
    return ("blank", *_light(scores, rules["firm"])) if _is_blank(features, rules["blank"]) else light + blur


def _advice(features: Mapping[str, int], scores: Mapping[str, int], rules: Mapping[str, Any]) -> tuple[str, ...]:
    reflection = ("glare",) if features["glare"] >= rules["glare"] else ()
    blur = _blur(features, scores, rules["advice"], rules["motion"])
    return _light(scores, rules["advice"]) + reflection + blur + _place(features, rules["place"])


def _light(scores: Mapping[str, int], limits: Mapping[str, int]) -> tuple[str, ...]:
    named = (("dark", "too_dark"), ("bright", "overexposed"))
    return tuple(reason for name, reason in named if scores[name] >= limits[name])


def _blur(
    features: Mapping[str, int], scores: Mapping[str, int], limits: Mapping[str, int], motion: Mapping[str, int]
) -> tuple[str, ...]:
    return (_kind_of_blur(features, motion),) if scores["sharp"] <= limits["sharp"] else ()


def _is_blank(features: Mapping[str, int], blank: Mapping[str, int]) -> bool:
    """Hardly an edge anywhere and hardly any difference in light: a covered lens, a wall, the floor."""
    spread = features["light990"] - features["light10"]
    return features["small_edges16"] < blank["edges"] and spread < blank["spread"]


def _kind_of_blur(features: Mapping[str, int], motion: Mapping[str, int]) -> str:
    """Movement blurs one direction more than the others; a lens out of focus blurs all alike."""
    usual, worst = features["middle_steep32_75"], features["middle_worst32_75"]
    uneven = usual > 0 <= worst and (usual - worst) * 1000 >= motion["gap"] * usual
    return "motion" if uneven else "defocus"


def _place(features: Mapping[str, int], place: Mapping[str, int]) -> tuple[str, ...]:
    """Something small amid plain surroundings, or running out of the picture on one side only.

    At the bottom things stand on something, so that side says nothing.
    """
    top, right, bottom, left = (features[f"rim_{side}"] for side in ("top", "right", "bottom", "left"))
    if 0 <= features["filled"] < place["small"] and max(top, right, bottom, left) <= place["calm"]:
        return ("too_small",)
    sides = ((top, bottom, max(left, right)), (right, left, max(top, bottom)), (left, right, max(top, bottom)))
    cut = any(
        side >= place["cut"] and opposite <= place["free"] and beside <= place["calm"]
        for side, opposite, beside in sides
    )
    return ("cut_off",) if cut else ()
