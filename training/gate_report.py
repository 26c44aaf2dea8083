"""Prints how well rules judge each set of photos. No photo is judged by a threshold that it helped to place.

"Sent back" comes from two halves, each judged by the thresholds of the other. "Set left out" is accuracy with weights
and one threshold from all other sets. Brackets are 95 % bootstrap intervals, or the bound that so few photos prove.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from recoup.vision.gate import judge_measures
from training.gate_sets import BRIGHT, DARK, FINE, JUDGED, ORDINARY, REFLECTED, Row, scores, whole
from training.logistic import accuracy, auc, best_cut, interval, share_interval

Rules = dict[str, Any]
Learn = Callable[[Sequence[Row]], Rules]
Place = Callable[[Rules, Sequence[Row]], None]
SQUARE = (1000, 1000)  # a size that is never tiny: the shape of a picture plays no part here


def tell(rows: Sequence[Row], rules: Rules, *, learn: Learn, place: Place) -> None:
    photos = whole(rows)
    said = _verdicts(photos, rules, place)
    print(f"firm {rules['firm']}, advice {rules['advice']} (millionths)\n")
    _tell_blur(rows, photos, said, rules, learn)
    _tell_light(photos, said, rules)
    _tell_passing(photos, said)
    _tell_reflections(photos, rules)


def _verdicts(photos: Sequence[Row], rules: Rules, place: Place) -> dict[str, tuple[str, ...]]:
    """File → reasons to send it back, by thresholds that were placed on the other half."""
    said: dict[str, tuple[str, ...]] = {}
    for half in (0, 1):
        others = {**rules}
        place(others, [row for row in photos if row.half != half])
        for row in photos:
            if row.half == half:
                said[row.file] = judge_measures(dict(row.measures), shape=SQUARE, rules=others).reasons
    return said


def _tell_blur(
    rows: Sequence[Row], photos: list[Row], said: dict[str, tuple[str, ...]], rules: Rules, learn: Learn
) -> None:
    score = scores(rules["heads"])
    print(f"{'sharpness':14}{'sharp/blur':>11}  AUC [95 %]            best   set left out   sharp back  blurred back")
    for name in (*JUDGED, "blur_grocery", "pooled"):
        sharp, blur = _sides(photos, JUDGED if name == "pooled" else (name,))
        high, low = score(sharp, "sharp"), score(blur, "sharp")
        alone = accuracy(high, low, best_cut(high, low))
        left_out = f"{_left_out(rows, name, learn):8.3f}" if name in JUDGED else f"{'':8}"
        print(
            f"{name:14}{len(sharp):6}/{len(blur):<4}  {auc(high, low):.3f} {_bracket(interval(high, low))}"
            f"{alone:9.3f}{left_out}{_back(sharp, said):>18}{_back(blur, said):>12}"
        )


def _sides(photos: Sequence[Row], names: Sequence[str]) -> tuple[list[Row], list[Row]]:
    chosen = [row for row in photos if row.set in names]
    return [row for row in chosen if row.is_sharp], [row for row in chosen if row.is_blur]


def _left_out(rows: Sequence[Row], name: str, learn: Learn) -> float:
    """Accuracy on one set of weights, and of one threshold, that come from the other sets alone."""
    score = scores(learn([row for row in rows if row.set != name])["heads"])
    sides = _sides(whole(rows), [other for other in JUDGED if other != name])
    cut = best_cut(*(score(side, "sharp") for side in sides))
    high, low = (score(side, "sharp") for side in _sides(whole(rows), (name,)))
    return accuracy(high, low, cut)


def _tell_light(photos: list[Row], said: dict[str, tuple[str, ...]], rules: Rules) -> None:
    score = scores(rules["heads"])
    fine = [row for row in photos if row.set in ORDINARY or row.kind == FINE]
    print(f"\n{'light':10}{'set':16}{'photos':>7}  AUC against {len(fine)} well-lit ones   sent back for it")
    for name, reason, kinds in (("dark", "too_dark", DARK), ("bright", "overexposed", BRIGHT)):
        usual = score(fine, name)
        for kind in (*sorted(kinds), ("all", "")):
            bad = [row for row in photos if (row.kind in kinds if kind[0] == "all" else row.kind == kind)]
            given = score(bad, name)
            back = float(np.mean([reason in said[row.file] for row in bad])) if bad else float("nan")
            print(
                f"{name:10}{kind[0]:16}{len(bad):7}  {auc(given, usual):.3f} {_bracket(interval(given, usual))}"
                f"{back:22.3f}"
            )


def _tell_passing(photos: list[Row], said: dict[str, tuple[str, ...]]) -> None:
    print(f"\n{'should pass':20}{'photos':>7}   sent back [95 %]          for")
    groups: dict[str, list[Row]] = {name: [row for row in photos if row.set == name] for name in ORDINARY}
    groups["all of these"] = [row for row in photos if row.set in ORDINARY]
    groups["partly focused"] = [row for row in photos if row.set == "blur_partial"]
    groups["well lit"] = [row for row in photos if row.kind == FINE]
    for name, mine in groups.items():
        why = [said[row.file][0] for row in mine if said[row.file]]
        counts = ", ".join(f"{reason} {why.count(reason)}" for reason in sorted(set(why)))
        print(f"{name:20}{len(mine):7}   {_back(mine, said, wide=True)}   {counts}")


def _tell_reflections(photos: list[Row], rules: Rules) -> None:
    usual = [row.measures["glare"] for row in photos if row.set in ORDINARY]
    shown = [row.measures["glare"] for row in photos if row.set == "glare" and row.label in REFLECTED]
    told = [float(np.mean([value >= rules["glare"] for value in some])) for some in (shown, usual)]
    print(
        f"\nreflections: AUC {auc(np.array(shown, float), np.array(usual, float)):.3f}; advice on {told[0]:.3f} of "
        f"{len(shown)}, and on {told[1]:.3f} of {len(usual)} ordinary photos"
    )


def _back(rows: Sequence[Row], said: dict[str, tuple[str, ...]], *, wide: bool = False) -> str:
    flags = np.array([bool(said[row.file]) for row in rows])
    share = f"{flags.mean():.3f}" if len(flags) else "-"
    return f"{share} {_bracket(share_interval(flags))}" if wide else share


def _bracket(ends: tuple[float, float]) -> str:
    return f"[{ends[0]:.3f} {ends[1]:.3f}]"
