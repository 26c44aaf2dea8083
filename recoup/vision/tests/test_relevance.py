"""Relevance: its input is exact, every size gets an answer, and what no lens has seen is told from goods."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from PIL import Image, ImageDraw

from recoup.vision import gate
from recoup.vision.decode import decode
from recoup.vision.gate_sentences import SENTENCES
from recoup.vision.relevance import LAYOUT, STAMP, STATISTICS, Relevance, joined, judge, layout, measures, stamp
from recoup.vision.tests.pictures import scene
from tests.sample_data import sample


def test_a_stamp_is_the_exact_area_average():
    pixels = np.random.default_rng(5).integers(0, 256, (131, 203, 3)).astype(np.uint8)
    seen = stamp(pixels)
    for row, column in ((0, 0), (17, 40), (50, 95), (95, 3), (95, 95)):
        for channel in range(3):
            assert seen[row, column, channel] == _average(pixels[..., channel], row, column)


def _average(values, row, column):
    """By fractions: the part of the picture that becomes one pixel of the stamp, rounded half up."""
    height, width = values.shape
    total = Fraction(0)
    for y in range(height):
        down = _overlap(Fraction(row * height, STAMP), Fraction((row + 1) * height, STAMP), y)
        for x in range(width) if down else ():
            across = _overlap(Fraction(column * width, STAMP), Fraction((column + 1) * width, STAMP), x)
            total += down * across * int(values[y, x])
    return int(total / Fraction(height * width, STAMP * STAMP) + Fraction(1, 2))


def _overlap(start, end, at):
    return max(Fraction(0), min(end, Fraction(at + 1)) - max(start, Fraction(at)))


def test_one_colour_stays_that_colour():
    pixels = np.full((70, 1001, 3), (13, 200, 77), np.uint8)
    assert (stamp(pixels) == (13, 200, 77)).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (3000, 1), (2, 2), (96, 96), (1200, 1600)])
def test_every_size_gets_an_answer(shape):
    pixels = np.random.default_rng(1).integers(0, 256, (*shape, 3)).astype(np.uint8)
    found = judge(pixels)
    assert 0 <= found.score <= 1
    assert measures(pixels).shape == (len(STATISTICS) + LAYOUT,)


def test_the_same_pixels_get_the_same_score():
    pixels = np.random.default_rng(2).integers(0, 256, (300, 400, 3)).astype(np.uint8)
    assert judge(pixels) == judge(pixels.copy())


def test_a_drawn_page_is_flat_and_a_noisy_photo_is_not():
    named = _named(_page())
    noise = _named(_noisy())
    assert named["flat"] > 800
    assert noise["flat"] < 100
    assert named["first_colour"] > noise["first_colour"]


def _named(pixels):
    return dict(zip(STATISTICS, measures(pixels), strict=False))


def test_level_edges_fill_their_own_direction():
    bars = np.zeros((STAMP, STAMP, 3), np.uint8)
    bars[STAMP // 8 :: STAMP // 4] = 255  # one bright row in each part
    by_direction = layout(bars)[: LAYOUT // 3].reshape(-1, 6).sum(axis=0)
    assert by_direction[3] > 0
    assert by_direction[[0, 1, 2, 4, 5]].sum() == 0
    assert np.array_equal(layout(bars.swapaxes(0, 1))[: LAYOUT // 3].reshape(4, 4, 6)[..., 0].sum(), by_direction[3])


def test_a_screen_is_no_goods():
    assert judge(_page()).score < 0.3


def test_the_reason_is_given_for_an_otherwise_good_photo_only():
    good, none_seen = gate.judge(scene()), Relevance(score=0.01, firm=True)
    retake = joined(good, none_seen)
    assert (good.result, retake.result, retake.reasons) == ("accept", "retake", ("not_goods",))
    assert retake.sentence == SENTENCES["not_goods"]
    assert retake.scores == good.scores | {"relevant": 0.01}
    dark = gate.judge(scene() // 40)
    assert dark.result == "retake"
    assert joined(dark, none_seen).reasons == dark.reasons
    assert joined(good, Relevance(score=0.2, firm=False)).result == "accept"


def _page():
    image = Image.new("RGB", (360, 720), (250, 250, 250))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 360, 56), fill=(30, 90, 200))
    for top in range(70, 700, 46):
        draw.ellipse((10, top, 40, top + 30), fill=(180, 60, 60))
        draw.text((52, top), "Order status and settings", fill=(20, 20, 20))
        draw.line((0, top + 40, 360, top + 40), fill=(200, 200, 200))
    return np.asarray(image, dtype=np.uint8)


def _noisy():
    return np.clip(np.random.default_rng(9).normal(120, 12, (300, 400, 3)), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("folder", ["product_natural", "parcel", "damage_can", "damage_label", "defect_tile"])
def test_hardly_any_goods_are_flagged(folder):
    files = sorted(path for path in sample(f"photos/{folder}").iterdir() if path.suffix in {".jpg", ".jpeg", ".png"})
    photos = [path for path in files if not path.name.endswith(".mask.png")][:40]
    flagged = [path.name for path in photos if judge(decode(path.read_bytes()).pixels).firm]
    assert len(flagged) * 50 <= len(photos)
