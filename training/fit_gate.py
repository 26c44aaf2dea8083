"""Make gate/rules.json from a folder of photos with a MANIFEST.csv, and print how well it judges each set.

    python -m training.fit_gate FOLDER [--out gate/rules.json] [--jobs 2]

Weights are learned from *train* pictures alone, whole and spoilt on purpose, so every AUC on a *judge* picture is of
one never seen. The few thresholds are placed on the judge pictures; the shares that are printed for them come from
two halves, each judged by thresholds that were placed on the other.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import zlib
from collections.abc import Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from recoup.vision.decode import Unreadable, decode
from recoup.vision.gate import chance
from recoup.vision.measures import measure
from training.logistic import auc, fit, interval
from training.pictures import Entry, is_learned_sharp, manifest, spoilt

VERSION = "1"
SHARP = [
    f"{size}_{kind}{climb}_{share}"
    for size in ("large", "middle", "small")
    for kind in ("steep", "worst")
    for climb in (16, 32)
    for share in (50, 75, 90)
]
DARK = ["seen_mean", "seen_light500", "seen_light750", "seen_light950", "seen_light990", "light950"]
BRIGHT = ["seen_mean", "seen_light10", "seen_light50", "seen_light250", "seen_light500", "seen_above_239", "light10"]
RIDGES = {"sharp": 300.0, "dark": 3.0, "bright": 3.0}

ORDINARY = {
    "product_natural", "product_shop", "product_catalog", "rel_goods", "defect_phone", "defect_tile",
    "damage_phone", "damage_can", "damage_label", "parcel",
}  # fmt: skip
BLUR = ("blur_label", "blur_gopro", "blur_photo", "blur_receipt", "blur_grocery", "blur_misc")
DARK_SETS = {("exposure_dark", "under"), ("exposure_seq", "under"), ("exposure", "under")}
BRIGHT_SETS = {("exposure_seq", "over"), ("exposure", "over")}
ALLOWED = {"label": 0.04, "ordinary": 0.011, "partial": 0.08, "light": 0.005, "advised": 0.06}

Row = dict[str, Any]


def main(words: Sequence[str] | None = None) -> int:
    options = _options(words)
    started = time.monotonic()
    rows = _measured(options.folder, options.jobs)
    rules = _learned(rows)
    _place_thresholds(rules, rows)
    options.out.write_text(_as_text(rules), encoding="utf-8")
    report(rows, rules)
    print(f"{len(rows)} pictures measured, rules written to {options.out} in {time.monotonic() - started:.0f} s")
    return 0


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path("gate/rules.json"))
    parser.add_argument("--jobs", type=int, default=2)
    return parser.parse_args(words)


# Measuring


def _measured(folder: Path, jobs: int) -> list[Row]:
    """One row for each judged picture and each spoilt copy: set, label, use, place (which half it falls into)."""
    known = ORDINARY | set(BLUR) | {"blur_partial", "exposure", "exposure_dark", "exposure_seq", "glare"}
    entries = [entry for entry in manifest(folder) if entry.set in known]
    with get_context("spawn").Pool(jobs) as pool:
        found = pool.starmap(_measure_one, [(folder, entry) for entry in entries], chunksize=8)
    rows = [row for some in found for row in some]
    for row in rows:
        row["place"] = zlib.crc32(row["file"].encode())
    return rows


def _measure_one(folder: Path, entry: Entry) -> list[Row]:
    try:
        pixels = decode((folder / entry.file).read_bytes()).pixels
    except Unreadable as refusal:
        print(f"{entry.file}: {refusal}", file=sys.stderr)
        return []
    about = {"file": entry.file, "set": entry.set, "label": entry.label, "use": entry.use, "spoilt": ""}
    rows: list[Row] = [about | {"measures": measure(pixels)}]
    if is_learned_sharp(entry):
        copies = spoilt(pixels, name=entry.file)
        rows += [about | {"set": "spoilt", "spoilt": how, "measures": measure(copy)} for how, copy in copies.items()]
    return rows


# Learning


def _learned(rows: list[Row]) -> dict[str, Any]:
    train = [row for row in rows if row["use"] == "train"]
    whole = [row for row in train if not row["spoilt"] and row["set"] in ORDINARY]
    blurred = [row for row in train if row["spoilt"] in ("defocus", "gauss", "motion") or _is_blur(row)]
    sharp = whole + [row for row in train if row["spoilt"] == "sharp" or _is_sharp(row)]
    heads = {
        "sharp": _head(sharp, blurred, SHARP, RIDGES["sharp"]),
        "dark": _head(_of(train, "dark"), whole + _of(train, "sharp"), DARK, RIDGES["dark"]),
        "bright": _head(_of(train, "bright"), whole + _of(train, "sharp"), BRIGHT, RIDGES["bright"]),
    }
    return {
        "version": VERSION,
        "least_side": 64,
        "heads": heads,
        "firm": {},
        "advice": {},
        "blank": {"edges": 3, "spread": 24},
        "motion": {"gap": 130},
    }


def _of(rows: list[Row], how: str) -> list[Row]:
    return [row for row in rows if row["spoilt"] == how]


def _is_blur(row: Row) -> bool:
    return row["set"] in BLUR and str(row["label"]).startswith("blur")


def _is_sharp(row: Row) -> bool:
    return row["set"] in BLUR and row["label"] == "sharp"


def _head(yes: list[Row], no: list[Row], names: list[str], ridge: float) -> dict[str, Any]:
    """Centre, spread and weight of each measure. A measure that is missing counts as an average one."""
    table = np.array([[row["measures"][name] for name in names] for row in yes + no], dtype=np.float64)
    present = np.where(table < 0, np.nan, table)
    centre, spread = np.nanmedian(present, axis=0), np.nanstd(present, axis=0) + 1e-6
    scaled = np.nan_to_num((present - centre) / spread, nan=0.0)
    bias, weights = fit(scaled, np.arange(len(table)) < len(yes), ridge=ridge)
    each = zip(names, centre, spread, weights, strict=True)
    return {
        "bias": round(bias, 4),
        "weights": {name: [round(float(c), 2), round(float(s), 3), round(float(w), 4)] for name, c, s, w in each},
        "missing": {},
    }


# Thresholds


def _place_thresholds(rules: dict[str, Any], rows: list[Row]) -> None:
    half = [row for row in rows if not row["spoilt"]]
    score = _scorer(rules)
    ordinary = [row for row in half if row["set"] in ORDINARY]
    limits = [
        (ALLOWED["label"], [row for row in half if row["set"] == "blur_label" and row["label"] == "sharp"]),
        (ALLOWED["ordinary"], ordinary),
        (ALLOWED["partial"], [row for row in half if row["set"] == "blur_partial"]),
    ]
    firm = min(float(np.quantile(score(some, "sharp"), share, method="lower")) for share, some in limits) - 1e-6
    advice = _best_cut(
        score([r for r in half if _is_sharp(r)], "sharp"), score([r for r in half if _is_blur(r)], "sharp")
    )
    advice = min(advice, float(np.quantile(score(ordinary, "sharp"), ALLOWED["advised"], method="lower")))
    rules["firm"] = {"sharp": round(firm, 6)} | {
        name: round(float(np.quantile(score(ordinary, name), 1 - ALLOWED["light"], method="higher")) + 1e-6, 6)
        for name in ("dark", "bright")
    }
    rules["firm"] |= {name: max(rules["firm"][name], 0.5) for name in ("dark", "bright")}
    rules["advice"] = {"sharp": round(max(advice, firm), 6)} | {
        name: round(rules["firm"][name] * 0.6, 6) for name in ("dark", "bright")
    }


def _best_cut(sharp: np.ndarray[Any, np.dtype[np.float64]], blur: np.ndarray[Any, np.dtype[np.float64]]) -> float:
    """The score that parts sharp from blurred with the best mean of both rates."""
    cuts = np.unique(np.concatenate([sharp, blur]))
    return float(max(cuts, key=lambda cut: (sharp > cut).mean() + (blur <= cut).mean()))


def _scorer(rules: dict[str, Any]) -> Any:
    def scores(rows: list[Row], name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        return np.array([chance(row["measures"], rules["heads"][name]) for row in rows])

    return scores


def _as_text(rules: dict[str, Any]) -> str:
    return json.dumps(rules, indent=1) + "\n"


# Telling


def report(rows: list[Row], rules: dict[str, Any]) -> None:
    """Figures for each set. Every row is given the verdicts of thresholds that it did not help to place."""
    whole = [row for row in rows if not row["spoilt"]]
    for half in (0, 1):
        others = {**rules}
        _place_thresholds(others, [row for row in rows if row["place"] % 2 != half])
        for row in whole:
            if row["place"] % 2 == half:
                row["said"] = _said(row, others)
    print(f"{'sharpness':16} AUC [95 %]             sharp/blur  sharp sent back  blur sent back")
    for name in BLUR:
        _tell_blur(name, [row for row in whole if row["set"] == name], rules)
    _tell_blur("judge, pooled", [row for row in whole if row["set"] in BLUR and row["use"] == "judge"], rules)
    _tell_share("partly focused, sent back for blur", [r for r in whole if r["set"] == "blur_partial"], "sharp")
    _tell_light(whole, rules)
    _tell_ordinary(whole)


def _said(row: Row, rules: dict[str, Any]) -> dict[str, bool]:
    scores = {name: chance(row["measures"], head) for name, head in rules["heads"].items()}
    firm = rules["firm"]
    said = {"sharp": scores["sharp"] <= firm["sharp"], "advised": scores["sharp"] <= rules["advice"]["sharp"]}
    return said | {name: scores[name] >= firm[name] for name in ("dark", "bright")}


def _share(rows: list[Row], what: str) -> float:
    return float(np.mean([row["said"][what] for row in rows])) if rows else float("nan")


def _tell_share(name: str, rows: list[Row], what: str) -> None:
    print(f"{name}: {_share(rows, what):.3f} of {len(rows)}")


def _tell_blur(name: str, rows: list[Row], rules: dict[str, Any]) -> None:
    sharp, blur = [row for row in rows if _is_sharp(row)], [row for row in rows if _is_blur(row)]
    if not sharp or not blur:
        return
    high, low = _scorer(rules)(sharp, "sharp"), _scorer(rules)(blur, "sharp")
    least, most = interval(high, low)
    right = sum(not row["said"]["advised"] for row in sharp) + sum(row["said"]["advised"] for row in blur)
    print(
        f"{name:16} {auc(high, low):.3f} [{least:.3f} {most:.3f}]    {len(sharp):4}/{len(blur):<4}"
        f"{_share(sharp, 'sharp'):15.3f}{_share(blur, 'sharp'):16.3f}{'':5}(at advice: {right / len(rows):.3f})"
    )


def _tell_light(whole: list[Row], rules: dict[str, Any]) -> None:
    fine = [row for row in whole if row["set"] in ORDINARY or (row["set"], row["label"]) == ("exposure_seq", "ok")]
    for name, groups in (("dark", DARK_SETS), ("bright", BRIGHT_SETS)):
        usual = _scorer(rules)(fine, name)
        for group in sorted(groups):
            bad = [row for row in whole if (row["set"], row["label"]) == group]
            against = auc(_scorer(rules)(bad, name), usual)
            print(f"{name:7}{group[0]:14} AUC {against:.3f}, sent back {_share(bad, name):.3f} of {len(bad)}")


def _tell_ordinary(whole: list[Row]) -> None:
    print(f"{'ordinary photos sent back':26}{'blur':>8}{'dark':>8}{'bright':>8}{'any':>8}{'of':>6}")
    for name in [*sorted(ORDINARY), "all"]:
        mine = [row for row in whole if row["set"] == name or (name == "all" and row["set"] in ORDINARY)]
        shares = [_share(mine, what) for what in ("sharp", "dark", "bright")]
        any_of = float(np.mean([any(row["said"][w] for w in ("sharp", "dark", "bright")) for row in mine]))
        print(f"{name:26}" + "".join(f"{share:8.3f}" for share in [*shares, any_of]) + f"{len(mine):6}")


if __name__ == "__main__":
    raise SystemExit(main())
