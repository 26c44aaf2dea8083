"""Where something is in the picture: small things, things cut off, and light that burnt a hole."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from recoup.vision.contents import CELL, contents
from recoup.vision.gate import judge
from recoup.vision.gate_sentences import ADVICE, SENTENCES
from recoup.vision.measures import halved
from recoup.vision.tests.pictures import scene


def _on_a_table(thing: tuple[slice, slice]) -> NDArray[np.uint8]:
    """A checked thing on an even grey table, 720 × 960."""
    pixels = np.full((720, 960, 3), 128, np.uint8)
    down, across = np.mgrid[:720, :960]
    checks = np.where((down // 6 + across // 6) % 2, 230, 20).astype(np.uint8)
    pixels[thing] = checks[thing][..., None]
    return pixels


def test_halving_is_the_rounded_mean_of_four() -> None:
    grey = np.array([[0, 1, 9], [1, 0, 9], [7, 7, 7]], np.uint8)
    assert halved(grey, below=3).tolist() == [[1]], "(0 + 1 + 1 + 0 + 2) >> 2; the odd rim is left out"
    assert halved(grey, below=4) is grey
    assert halved(np.zeros((1, 900), np.uint8), below=768).shape == (1, 900)


def test_shares_of_cells_in_thousandths() -> None:
    grey = np.full((10 * CELL, 10 * CELL), 90, np.uint8)
    grey[:CELL, :CELL] = 200
    found = contents(grey)
    assert found == {"filled": 10, "rim_top": 100, "rim_right": 0, "rim_bottom": 0, "rim_left": 100, "glare": 0}


def test_light_amid_darker_things_is_a_reflection_and_paper_around_them_is_not() -> None:
    grey = np.full((10 * CELL, 10 * CELL), 90, np.uint8)
    grey[3 * CELL : 5 * CELL, 3 * CELL : 5 * CELL] = 255
    assert contents(grey)["glare"] == 40
    paper = np.full((10 * CELL, 10 * CELL), 255, np.uint8)
    paper[3 * CELL : 5 * CELL, 3 * CELL : 5 * CELL] = 90
    assert contents(paper)["glare"] == 0


@pytest.mark.parametrize("shape", [(1, 1), (7, 300), (300, 7)])
def test_too_little_to_look_at(shape: tuple[int, int]) -> None:
    assert set(contents(np.zeros(shape, np.uint8)).values()) == {-1}


def test_a_small_thing_is_accepted_with_the_advice_to_go_closer() -> None:
    verdict = judge(_on_a_table((slice(340, 400), slice(440, 520))))
    assert (verdict.result, verdict.advice, verdict.near_line) == ("accept", ("too_small",), True)
    assert verdict.sentence == ADVICE["too_small"]


@pytest.mark.parametrize(
    ("thing", "advice"),
    [
        ((slice(0, 300), slice(200, 760)), ("cut_off",)),
        ((slice(200, 340), slice(0, 300)), ()),
        ((slice(60, 660), slice(0, 300)), ("cut_off",)),
        ((slice(60, 660), slice(700, 960)), ("cut_off",)),
        ((slice(420, 720), slice(200, 760)), ()),
        ((slice(200, 520), slice(300, 660)), ()),
    ],
    ids=["top", "a little on the left", "left", "right", "stands at the bottom", "in the middle"],
)
def test_what_runs_out_of_one_side_is_accepted_with_advice(thing: tuple[slice, slice], advice: tuple[str, ...]) -> None:
    verdict = judge(_on_a_table(thing))
    assert (verdict.result, verdict.advice) == ("accept", advice)


def test_every_advice_has_its_reason_and_two_sentences() -> None:
    assert set(ADVICE) <= set(SENTENCES)
    assert not set(ADVICE.values()) & set(SENTENCES.values())
    assert judge(scene()).advice == ()
