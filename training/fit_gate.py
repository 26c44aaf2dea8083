"""Make gate/rules.json from a folder of photos with a MANIFEST.csv, and print how well it judges each set.

    python -m training.fit_gate FOLDER [--out gate/rules.json] [--jobs 2] [--measures FILE]

Weights are learned from *train* pictures alone, whole and spoilt on purpose, so every AUC on a *judge* picture is of
one never seen. The few thresholds are placed on the judge pictures; the shares that are printed for them come from
two halves, each judged by thresholds that were placed on the other, and from leaving out one whole set at a time.
With --measures the pictures are measured once and read from that file afterwards, which takes seconds.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from recoup.vision.gate import MILLION
from training import gate_report
from training.gate_sets import FINE, JUDGED, ORDINARY, Row, measured, scores, spoilt_as, whole
from training.logistic import Numbers, best_cut, fit
from training.pictures import LEARN_SHARP

VERSION = "2"
# Few measures, each with a reason: how steep edges are in the worst direction, at the picture's own size and at half
# of it (a close-up); how far runs climb (washed-out print does not); how much of the picture has edges at all.
SHARP = (
    "large_worst32_75", "large_worst32_90", "large_worst48_50", "middle_worst32_90", "small_climb_90", "middle_edges16",
)  # fmt: skip
DARK = ("seen_mean", "seen_light950", "tile_brightest", "seen_below_40")
BRIGHT = ("seen_mean", "seen_light500", "light950")
LIGHT = ("dark", "bright")
RIDGES = {"sharp": 50.0, "dark": 3.0, "bright": 3.0}
REAL = 4  # times that an unspoilt photo counts in sharpness: about as much in all as the spoilt copies together
MISSING = {"sharp": -1.0, "dark": 0.0, "bright": 0.0}  # without strong edges: rather blurred

# The most that may be sent back by one firm threshold, of each kind of photo.
ALLOWED = {"label": 0.04, "ordinary": 0.016, "partial": 0.08, "light": 0.0025, "advised": 0.08, "light advised": 0.03}
FIXED: dict[str, Any] = {
    "blank": {"edges": 3, "spread": 24},
    "motion": {"gap": 160},
    "glare": 25,
    "place": {"small": 30, "calm": 100, "cut": 300, "free": 40},
}

Rules = dict[str, Any]


def main(words: Sequence[str] | None = None) -> int:
    options = _options(words)
    started = time.monotonic()
    rows = _rows(options)
    rules = learned(rows)
    place_thresholds(rules, whole(rows))
    options.out.write_text(json.dumps(rules, indent=1) + "\n", encoding="utf-8")
    gate_report.tell(rows, rules, learn=learned, place=place_thresholds)
    print(f"{len(rows)} pictures measured, rules written to {options.out} in {time.monotonic() - started:.0f} s")
    return 0


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path("gate/rules.json"))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--measures", type=Path, help="keep the measures here, and use them next time")
    return parser.parse_args(words)


def _rows(options: argparse.Namespace) -> list[Row]:
    kept: Path | None = options.measures
    if kept and kept.exists():
        return [Row(**row) for row in json.loads(kept.read_text(encoding="utf-8"))]
    rows = measured(options.folder, jobs=options.jobs)
    if kept:
        kept.write_text(json.dumps([asdict(row) for row in rows]), encoding="utf-8")
    return rows


# Learning


def learned(rows: Sequence[Row]) -> Rules:
    """Heads learned from the train pictures among the rows, and the limits that are set by hand; no thresholds yet."""
    train = [row for row in rows if row.use == "train" and (not row.spoilt or row.set in LEARN_SHARP)]
    photos, lit = whole(train), spoilt_as(train, "sharp", "sharp_again")
    ordinary = [row for row in photos if row.set in ORDINARY]
    sharp = lit + REAL * (ordinary + [row for row in photos if row.is_sharp])
    blurred = spoilt_as(train, "defocus", "gauss", "motion", "shake") + REAL * [row for row in photos if row.is_blur]
    dark = spoilt_as(train, "dark", "spot") + [row for row in photos if row.kind == ("exposure_dark", "under")]
    heads = {
        "sharp": _head(sharp, blurred, "sharp", SHARP),
        "dark": _head(dark, ordinary + lit, "dark", DARK),
        "bright": _head(spoilt_as(train, "bright"), ordinary + lit, "bright", BRIGHT),
    }
    return {"version": VERSION, "least_side": 64, "heads": heads, "firm": {}, "advice": {}} | FIXED


def _head(yes: list[Row], no: list[Row], name: str, measures: Sequence[str]) -> dict[str, Any]:
    """Bias, and centre, spread and weight of each measure; a measure that is missing counts as so many spreads."""
    table = np.array([[row.measures[measure] for measure in measures] for row in yes + no], dtype=np.float64)
    present = np.where(table < 0, np.nan, table)
    centre, spread = np.nanmedian(present, axis=0).round(2), (np.nanstd(present, axis=0) + 1e-3).round(3)
    scaled = np.nan_to_num((present - centre) / spread, nan=MISSING[name])
    bias, weights = fit(scaled, np.arange(len(table)) < len(yes), ridge=RIDGES[name])
    each = zip(measures, centre, spread, weights, strict=True)
    return {
        "bias": round(bias, 4),
        "weights": {measure: [float(c), float(s), round(float(w), 4)] for measure, c, s, w in each},
        "missing": dict.fromkeys(measures, MISSING[name]) if MISSING[name] else {},
    }


# Thresholds


def place_thresholds(rules: Rules, rows: Sequence[Row]) -> None:
    """Firm: as strict as the photos that must pass allow. Advice: where sharp and blurred part best, within reason."""
    score = scores(rules["heads"])
    ordinary = [row for row in rows if row.set in ORDINARY]
    firm = min(_low(score(some, "sharp"), ALLOWED[share]) for share, some in _must_pass(rows).items() if some)
    parted = best_cut(
        score([row for row in rows if row.set in JUDGED and row.is_sharp], "sharp"),
        score([row for row in rows if row.set in JUDGED and row.is_blur], "sharp"),
    )
    advice = min(parted, _low(score(ordinary, "sharp"), ALLOWED["advised"]))
    rules["firm"] = {"sharp": _millionths(firm)} | _light(score, rows, ALLOWED["light"])
    rules["advice"] = {"sharp": _millionths(max(advice, firm))} | _light(score, rows, ALLOWED["light advised"])


def _must_pass(rows: Sequence[Row]) -> dict[str, list[Row]]:
    return {
        "label": [row for row in rows if row.set == "blur_label" and row.is_sharp],
        "ordinary": [row for row in rows if row.set in ORDINARY],
        "partial": [row for row in rows if row.set == "blur_partial"],
    }


def _low(values: Numbers, share: float) -> float:
    """A score that at most this share of the values does not exceed."""
    return float(np.sort(values)[int(share * len(values))]) - 2 / MILLION


def _light(score: Callable[[Sequence[Row], str], Numbers], rows: Sequence[Row], share: float) -> dict[str, int]:
    """The same shares for both kinds of light, among ordinary photos and among partly focused ones."""
    fine = [row for row in rows if row.set in ORDINARY or row.kind == FINE]
    partial = [row for row in rows if row.set == "blur_partial"]
    return {name: max(_high(score(fine, name), share), _high(score(partial, name), 4 * share)) for name in LIGHT}


def _high(values: Numbers, share: float) -> int:
    return max(MILLION // 2, _millionths(-_low(-values, share)))


def _millionths(score: float) -> int:
    return max(0, min(MILLION, round(score * MILLION)))


if __name__ == "__main__":
    raise SystemExit(main())
