"""Judge one photo: accept it, or ask for another with a reason that a person can act on.

Light is judged first (a nearly black photo has no edges to speak of), then sharpness. Every number comes from
gate/rules.json, which training/fit_gate.py makes. Between the two thresholds the photo is accepted, and said to be
near the line: a needless retake costs a customer more than a photo that is a little soft.
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
    dark and bright (1 = very much so); ``features`` the measures; ``near_line`` accepted, but only just.
    """

    result: Literal["accept", "retake"]
    reasons: tuple[str, ...]
    sentence: str
    scores: dict[str, float]
    features: dict[str, int] = field(repr=False)
    near_line: bool
    rules_version: str


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
    near_line = not firm and _near(millionths, rules["advice"])
    return Verdict(
        result="retake" if firm else "accept",
        reasons=firm,
        sentence=sentence_for(firm, near_line=near_line),
        scores={name: value / MILLION for name, value in millionths.items()},
        features=features,
        near_line=near_line,
        rules_version=str(rules["version"]),
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
    firm = rules["firm"]
    if min(shape) < rules["least_side"]:
        return ("tiny",)
    dark, bright = scores["dark"] >= firm["dark"], scores["bright"] >= firm["bright"]
    light = (("too_dark",) if dark else ()) + (("overexposed",) if bright else ())
    if _is_blank(features, rules["blank"]):
        return light or ("blank",)
    blurred = scores["sharp"] <= firm["sharp"]
    return light + ((_kind_of_blur(features, rules["motion"]),) if blurred else ())


def _is_blank(features: Mapping[str, int], blank: Mapping[str, int]) -> bool:
    """Hardly an edge anywhere and hardly any difference in light: a covered lens, a wall, the floor."""
    spread = features["light990"] - features["light10"]
    return features["small_edges16"] < blank["edges"] and spread < blank["spread"]


def _kind_of_blur(features: Mapping[str, int], motion: Mapping[str, Any]) -> str:
    """Movement blurs one direction more than the others; a lens out of focus blurs all alike."""
    usual, worst = features["middle_steep32_75"], features["middle_worst32_75"]
    uneven = usual > 0 <= worst and (usual - worst) * 1000 >= motion["gap"] * usual
    return "motion" if uneven else "defocus"


def _near(scores: Mapping[str, int], advice: Mapping[str, int]) -> bool:
    light = scores["dark"] >= advice["dark"] or scores["bright"] >= advice["bright"]
    return light or scores["sharp"] <= advice["sharp"]
