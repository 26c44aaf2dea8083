"""The judge: sharp and blurred, dark and bright, and the sentence that goes with each."""

from __future__ import annotations

import json

import numpy as np
import pytest

from recoup.vision import rules_folder
from recoup.vision.decode import decode
from recoup.vision.gate import judge, rules
from recoup.vision.gate_sentences import ADVICE, SENTENCES
from recoup.vision.luma import block_mean, luma, shrink, working_luma
from recoup.vision.measures import measure, percentile
from recoup.vision.tests.pictures import blurred, moved, scene
from tests.sample_data import sample


def test_luma_is_the_integer_formula() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (64, 80, 3)).astype(np.uint8)
    red, green, blue = (pixels[..., channel].astype(int) for channel in range(3))
    assert np.array_equal(luma(pixels), (77 * red + 150 * green + 29 * blue + 128) >> 8)
    assert luma(np.full((1, 1, 3), 255, np.uint8))[0, 0] == 255


def test_shrinking_is_the_exact_area_average() -> None:
    grey = np.random.default_rng(2).integers(0, 256, (7, 10)).astype(np.uint8)
    small = shrink(grey, long_side=4)
    fine = np.repeat(np.repeat(grey.astype(int), 3, axis=0), 4, axis=1)  # 21 × 40: both divide evenly
    expected = [[_rounded(fine[r * 7 : r * 7 + 7, c * 10 : c * 10 + 10]) for c in range(4)] for r in range(3)]
    assert small.tolist() == expected


def _rounded(values: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> int:
    return (2 * int(values.sum()) + values.size) // (2 * values.size)


def test_blocks_average_whole_squares_and_leave_the_rim() -> None:
    pixels = np.arange(5 * 5 * 3, dtype=np.uint8).reshape(5, 5, 3)
    assert block_mean(pixels, 2).shape == (2, 2, 3)
    assert block_mean(pixels, 2)[0, 0, 0] == (0 + 3 + 15 + 18 + 2) // 4


@pytest.mark.parametrize("shape", [(1, 30_000), (30_000, 1), (3000, 4000), (1, 1), (1025, 3)])
def test_the_working_size_is_kept(shape: tuple[int, int]) -> None:
    small = working_luma(np.full((*shape, 3), 90, np.uint8), long_side=1024)
    assert max(small.shape) == min(1024, max(shape)) and min(small.shape) >= 1
    assert set(np.unique(small)) == {90}


def test_a_percentile_is_a_whole_number_and_needs_enough() -> None:
    histogram = np.zeros(256, np.int64)
    histogram[[10, 20]] = 50
    assert percentile(histogram, 50) == 10
    assert percentile(histogram, 51) == 20
    assert percentile(histogram // 10, 50) == -1


def test_a_sharp_scene_is_accepted() -> None:
    verdict = judge(scene())
    assert (verdict.result, verdict.reasons, verdict.near_line) == ("accept", (), False)
    assert verdict.scores["sharp"] > 0.9 and verdict.scores["dark"] < 0.1
    assert verdict.sentence == SENTENCES["good"]


def test_blur_is_told_from_movement() -> None:
    assert judge(blurred(scene())).reasons == ("defocus",)
    assert judge(moved(scene())).reasons == ("motion",)


def test_one_sharp_half_is_enough() -> None:
    pixels = blurred(scene(960, 720))
    pixels[:, 300:700] = scene(960, 720)[:, 300:700]
    assert judge(pixels).result == "accept"


def test_light_is_judged_first() -> None:
    dark = judge((scene() * 0.15).astype(np.uint8))
    bright = judge(np.clip(scene().astype(int) * 2 + 150, 0, 255).astype(np.uint8))
    assert dark.result == "retake" and dark.reasons[0] == "too_dark"
    assert bright.result == "retake" and bright.reasons[0] == "overexposed"
    assert dark.sentence == SENTENCES["too_dark"]
    dim = judge((scene() * 0.2).astype(np.uint8))
    assert dim.reasons == ("too_dark", "defocus"), "what is blurred for want of light is told so"


@pytest.mark.parametrize(("grey", "light"), [(0, ("too_dark",)), (90, ()), (140, ()), (255, ("overexposed",))])
def test_nothing_to_see_is_told_first(grey: int, light: tuple[str, ...]) -> None:
    assert judge(np.full((480, 640, 3), grey, np.uint8)).reasons == ("blank", *light)


@pytest.mark.parametrize("shape", [(1, 1), (1, 30_000), (63, 5000)])
def test_too_small_to_judge(shape: tuple[int, int]) -> None:
    assert judge(np.zeros((*shape, 3), np.uint8)).reasons == ("tiny",)


def test_near_the_line_it_accepts_and_says_so() -> None:
    verdicts = [judge(blurred(scene(), radius=step / 10)) for step in range(2, 60)]
    results = [verdict.result for verdict in verdicts]
    between = [verdict for verdict in verdicts if verdict.near_line]
    assert results == sorted(results), "more blur never turns a retake into an accept"
    assert between and {verdict.advice for verdict in between} <= {("defocus",), ("motion",)}
    assert all(verdict.sentence == ADVICE[verdict.advice[0]] for verdict in between)
    assert {verdict.result for verdict in between} == {"accept"}
    assert all(not verdict.advice for verdict in verdicts if verdict.result == "retake")


def test_the_same_pixels_give_the_same_verdict() -> None:
    assert judge(scene()) == judge(scene().copy())
    assert all(isinstance(value, int) for value in measure(scene()).values())


def test_the_rules_name_measures_that_exist() -> None:
    known = measure(scene(128, 96))
    for head in rules()["heads"].values():
        assert set(head["weights"]) <= set(known)
    assert rules()["firm"]["sharp"] < rules()["advice"]["sharp"]
    assert json.loads((rules_folder() / "rules.json").read_text()) == rules()


def test_another_folder_of_rules_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("RECOUP_GATE", str(tmp_path))
    with pytest.raises(FileNotFoundError):
        judge(scene())


def test_real_photos_of_one_scene_in_and_out_of_focus() -> None:
    folder = sample("photos/blur_photo")
    scores = {path.stem: judge(decode(path.read_bytes()).pixels).scores["sharp"] for path in folder.glob("kw_*.jpg")}
    for name in {stem[:-2] for stem in scores}:
        assert scores[f"{name}_S"] > 0.9
        assert scores[f"{name}_F"] < 0.3


def test_real_sharp_label_photos_are_not_sent_back() -> None:
    files = sorted(sample("photos/blur_label").glob("*nominal*"))
    sent_back = [path.name for path in files if judge(decode(path.read_bytes()).pixels).result == "retake"]
    assert len(files) > 10
    assert len(sent_back) <= 0.05 * len(files)
