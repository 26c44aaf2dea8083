"""How well relevance judges photos it has not learned from: each set apart, with intervals, and what it gets wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from recoup.vision.decode import Unreadable, decode
from recoup.vision.relevance import measures
from training.logistic import Numbers, auc, interval
from training.pictures import Entry, manifest

# Sets that count: goods and damage to goods against everything else. Train pictures of them are left out.
GOODS = {
    "product_shop", "defect_phone", "defect_tile", "damage_can", "damage_label", "damage_phone", "parcel",
    "rel_goods", "blur_label",
}  # fmt: skip
NOT_GOODS = {"rel_not", "irrelevant"}
# Shown apart, in no sum: learned from (product_natural, product_catalog, label_synth, barcode), or of other nature.
ASIDE_GOODS = {"product_natural", "product_catalog", "label_synth", "barcode"}
ASIDE_NOT = {"faces_mask", "receipt", "scenetext_ic15"}
STRICT = ("product", "defect", "damage", "parcel", "label", "blur_label", "barcode")
ALLOWED, EACH = 0.005, 0.015


@dataclass(frozen=True, eq=False)
class Judged:
    """A picture with its score; ``group`` is its set, for rel_not and irrelevant with the label's word."""

    file: str
    group: str
    goods: bool
    counts: bool
    score: float
    measures: NDArray[np.int32]


def judged(folder: Path, network: Path) -> list[Judged]:
    session = onnxruntime.InferenceSession(str(network), providers=["CPUExecutionProvider"])
    known = GOODS | NOT_GOODS | ASIDE_GOODS | ASIDE_NOT
    entries = [entry for entry in manifest(folder) if entry.set in known]
    return [row for entry in entries for row in _row(folder, entry, session)]


def _row(folder: Path, entry: Entry, session: Any) -> list[Judged]:
    aside = entry.set in ASIDE_GOODS | ASIDE_NOT
    if entry.use == "train" and not aside:
        return []
    try:
        pixels = decode((folder / entry.file).read_bytes()).pixels
    except Unreadable:
        return []
    known = measures(pixels)
    score = float(session.run(None, {"measures": known[None]})[0][0])
    group = f"{entry.set} {entry.label.split(':')[-1]}" if entry.set in NOT_GOODS else entry.set
    return [Judged(entry.file, group, entry.set in GOODS | ASIDE_GOODS, not aside, score, known)]


def firm_threshold(rows: Sequence[Judged]) -> float:
    """The score below which at most ALLOWED of the product, defect, damage and parcel photos lie, and in no goods set
    more than EACH, or a single photo of it.
    """
    strict = np.array([row.score for row in rows if row.goods and row.group.startswith(STRICT)])
    cuts = [float(np.quantile(strict, ALLOWED, method="lower"))]
    for group in {row.group for row in rows if row.goods}:
        scores = sorted(row.score for row in rows if row.group == group)
        cuts.append(scores[min(len(scores) - 1, max(1, int(len(scores) * EACH)))])
    return round(min(cuts), 4)


def report(rows: Sequence[Judged], beside: Mapping[str, Numbers]) -> None:
    scores = {"network": np.array([row.score for row in rows]), **beside}
    goods = np.array([row.goods and row.counts for row in rows])
    rest = np.array([not row.goods and row.counts for row in rows])
    for name, some in scores.items():
        low, high = interval(some[goods], some[rest])
        print(
            f"{name}: AUC {auc(some[goods], some[rest]):.3f} [{low:.3f} {high:.3f}], {goods.sum()} against {rest.sum()}"
        )
    firm = firm_threshold(rows)
    halves, flagged = _flagged_by_halves(rows), np.array([row.score < firm for row in rows])
    strict = np.array([row.goods and row.group.startswith(STRICT) for row in rows])
    print(f"firm below {firm}, placed on these very photos; in brackets when placed on the other half of them:")
    for side, these in (("product, defect, damage, parcel", strict), ("all goods", goods), ("the rest", rest)):
        print(f"   {side}: flagged {_share(flagged[these])} ({_share(halves[these])})")
    print(f"{'set':28} {'n':>4}  flagged [95 %]        AUC against the other side: {', '.join(scores)}")
    for group in sorted({row.group for row in rows}, key=lambda one: (not _is_goods(one, rows), one)):
        these = np.array([row.group == group for row in rows])
        other = rest if _is_goods(group, rows) else goods
        aucs = [_auc(some, these, other, _is_goods(group, rows)) for some in scores.values()]
        print(f"{group:28} {these.sum():4}  {_share(flagged[these])}   " + "  ".join(f"{one:.3f}" for one in aucs))
    _say_worst(rows, firm)


def _is_goods(group: str, rows: Sequence[Judged]) -> bool:
    return next(row.goods for row in rows if row.group == group)


def _auc(scores: Numbers, these: NDArray[np.bool_], other: NDArray[np.bool_], goods: bool) -> float:
    return auc(scores[these], scores[other]) if goods else auc(scores[other], scores[these])


def _flagged_by_halves(rows: Sequence[Judged]) -> NDArray[np.bool_]:
    """Whether each picture lies below the threshold that the other half of the pictures sets."""
    place = np.arange(len(rows)) % 2
    cuts = [firm_threshold([row for row, half in zip(rows, place, strict=True) if half != side]) for side in (0, 1)]
    return np.array([row.score < cuts[half] for row, half in zip(rows, place, strict=True)])


def _share(flags: NDArray[np.bool_]) -> str:
    chance = np.random.default_rng(1)
    draws = [chance.choice(flags, len(flags)).mean() for _ in range(500)]
    low, high = np.percentile(draws, [2.5, 97.5])
    return f"{flags.mean():6.1%} [{low:6.1%} {high:6.1%}]"


def _say_worst(rows: Sequence[Judged], firm: float) -> None:
    ranked = sorted(rows, key=lambda row: row.score)
    print(
        "goods with the lowest scores: "
        + ", ".join(f"{one.file} {one.score:.3f}" for one in [r for r in ranked if r.goods][:12])
    )
    print(
        "others with the highest: "
        + ", ".join(f"{one.file} {one.score:.3f}" for one in [r for r in ranked[::-1] if not r.goods][:12])
    )
    print(f"threshold {firm}")
