"""The golden pictures: the judge says of each exactly what is written down. The phone is held to the same file.

After a change of rules or measures that is meant: python -m training.golden
"""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from recoup.vision.gate import in_millionths, judge, rules, squash
from training import golden

EXPECTED: dict[str, Any] = json.loads((golden.FOLDER / "expected.json").read_text(encoding="utf-8"))
CASES = golden.cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_judge_says_what_is_written_down(case: dict[str, Any]) -> None:
    pixels, written = golden.pixels_of(case), EXPECTED["cases"][case["name"]]
    verdict = judge(pixels)
    assert golden.checksum(pixels) == written["pixels"]
    assert {"pixels": written["pixels"]} | golden.plain(verdict) == written
    assert list(verdict.features) == EXPECTED["measures"]


def test_every_case_is_written_down_once_and_for_these_rules() -> None:
    names = [case["name"] for case in CASES]
    assert len(set(names)) == len(names) >= 60
    assert set(EXPECTED["cases"]) == set(names)
    assert EXPECTED["rules_version"] == rules()["version"]


def test_the_cases_reach_every_verdict() -> None:
    """A rule that no golden picture meets could differ on the phone unseen."""
    said = EXPECTED["cases"].values()
    reasons = {reason for case in said for reason in case["reasons"]}
    assert reasons >= {"tiny", "too_dark", "overexposed", "blank", "motion", "defocus"}
    assert any(len(case["reasons"]) > 1 for case in said)
    advice = {reason for case in said for reason in case["advice"]}
    assert advice >= {"too_dark", "overexposed", "glare", "motion", "defocus", "too_small", "cut_off"}
    assert sum(case["verdict"] == "accept" and not case["advice"] for case in said) >= 10
    assert any(-1 in case["measures"] for case in said)


@pytest.mark.parametrize(("total", "score"), [(0, 500_000), (1, 731_059), (-1, 268_941), (9, 999_877), (-99, 0)])
def test_a_score_is_the_logistic_function_in_millionths(total: float, score: int) -> None:
    assert in_millionths(squash(total)) == score


def test_the_logistic_function_is_right_far_beyond_a_millionth() -> None:
    assert all(abs(squash(x / 8) - 1 / (1 + math.exp(-x / 8))) < 1e-12 for x in range(-320, 321))
