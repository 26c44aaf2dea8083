"""What the gate's weights and thresholds are learned with, and how good photos are spoilt on purpose."""

from __future__ import annotations

import numpy as np
import pytest

from recoup.vision.gate import judge, rules
from recoup.vision.tests.pictures import scene
from training.fit_gate import learned, place_thresholds
from training.gate_sets import Row
from training.logistic import accuracy, auc, best_cut, share_interval
from training.pictures import disc, path, spoilt


def test_the_best_cut_lies_amid_the_gap() -> None:
    high, low = np.array([0.6, 0.8, 0.9]), np.array([0.1, 0.2])
    assert best_cut(high, low) == pytest.approx(0.4)
    assert accuracy(high, low, 0.4) == 1.0 and auc(high, low) == 1.0


def test_with_nothing_to_send_back_everything_passes() -> None:
    high = np.array([0.1, 0.9])
    assert accuracy(high, np.array([]), best_cut(high, np.array([]))) == 1.0


def test_no_mistake_among_few_proves_little() -> None:
    low, high = share_interval(np.zeros(59, bool))
    assert low == 0 and high == pytest.approx(0.05, abs=0.002)
    assert share_interval(np.ones(59, bool)) == pytest.approx((0.95, 1.0), abs=0.002)


def test_blur_moves_light_and_loses_none() -> None:
    chance = np.random.default_rng(1)
    for spread in (disc(3.3), path(20, bend=0.02, chance=chance), path(20, bend=0.25, chance=chance)):
        assert spread.sum() == pytest.approx(1, abs=1e-5) and spread.min() >= 0


def test_spoiling_is_the_same_each_time_and_is_seen_by_the_judge() -> None:
    copies = spoilt(scene(640, 480), name="a scene")
    again = spoilt(scene(640, 480), name="a scene")
    assert all(np.array_equal(copies[how], again[how]) for how in copies)
    scores = {how: judge(copy).scores for how, copy in copies.items()}
    blurred = [scores[how]["sharp"] for how in ("gauss", "defocus", "motion", "shake")]
    assert min(scores["sharp"]["sharp"], scores["sharp_again"]["sharp"]) > max(blurred)
    assert max(scores, key=lambda how: scores[how]["bright"]) == "bright"
    assert {"dark", "spot"} == set(sorted(scores, key=lambda how: -scores[how]["dark"])[:2])


def _rows(count: int) -> list[Row]:
    """Made measures: sharp, blurred, dark and bright photos that differ in every measure a head may use."""
    chance = np.random.default_rng(2)
    names = {name for head in rules()["heads"].values() for name in head["weights"]} | {"glare"}
    kinds = {
        ("product_natural", "sku", ""): 150, ("blur_gopro", "sharp", ""): 150, ("blur_gopro", "blur_motion", ""): 60,
        ("blur_label", "sharp", ""): 150, ("blur_label", "blur", ""): 60, ("blur_partial", "partial", ""): 150,
        ("product_natural", "sku", "defocus"): 60, ("product_natural", "sku", "dark"): 20,
        ("product_natural", "sku", "bright"): 240,
    }  # fmt: skip
    return [
        Row(
            f"{where}/{number}{how}", where, label, "train", how, {name: int(chance.normal(level, 8)) for name in names}
        )
        for (where, label, how), level in kinds.items()
        for number in range(count)
    ]


def test_what_is_learned_parts_the_kinds_and_advice_is_never_stricter_than_firm() -> None:
    rows = _rows(40)
    made = learned(rows)
    place_thresholds(made, [row for row in rows if not row.spoilt])
    assert set(made["heads"]) == {"sharp", "dark", "bright"}
    assert made["firm"]["sharp"] <= made["advice"]["sharp"]
    assert all(made["advice"][name] <= made["firm"][name] for name in ("dark", "bright"))
    assert all(isinstance(value, int) and 0 <= value <= 1_000_000 for value in made["firm"].values())
    assert set(made) == set(rules())
