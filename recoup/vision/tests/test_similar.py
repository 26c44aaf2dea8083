"""The same photo again is found, however it was changed; another photo of the same thing is not it."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest

from recoup.vision import overlay
from recoup.vision.catalogue_match import closely, match
from recoup.vision.decode import decode
from recoup.vision.similar import (
    BITS,
    TABLES,
    Fingerprint,
    Pixels,
    Sketch,
    _words,
    distance,
    fingerprint,
    phash,
    sketch,
    sketch_of_view,
)
from recoup.vision.tests.pictures import packed, scene
from recoup.vision.views import derive


def crop(pixels: Pixels, share: float) -> Pixels:
    down, across = (round(side * share) for side in pixels.shape[:2])
    return np.ascontiguousarray(pixels[:-down, across:])


def turned(pixels: Pixels, degrees: float) -> Pixels:
    height, width = pixels.shape[:2]
    move = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(pixels, move, (width, height)), np.uint8)


def lit(pixels: Pixels, factor: float) -> Pixels:
    return np.asarray(np.clip(pixels * factor, 0, 255), np.uint8)


def stranger(seed: int = 23) -> Pixels:
    chance = np.random.default_rng(seed)
    pixels = np.full((600, 800, 3), 150, np.uint8)
    for _ in range(150):
        x, y, radius = int(chance.integers(800)), int(chance.integers(600)), int(chance.integers(5, 50))
        cv2.circle(pixels, (x, y), radius, tuple(int(one) for one in chance.integers(0, 256, 3)), -1)
    return pixels


COPIES = {
    "cut 5 %": lambda pixels: crop(pixels, 0.05),
    "small JPEG": lambda pixels: decode(derive(pixels, 480, 55)).pixels,
    "brighter": lambda pixels: lit(pixels, 1.2),
    "cut 20 %": lambda pixels: crop(pixels, 0.2),
    "turned": lambda pixels: turned(pixels, 5),
    "mirrored": lambda pixels: np.ascontiguousarray(pixels[:, ::-1]),
    "on its side": lambda pixels: np.ascontiguousarray(np.rot90(pixels)),
    "cut, turned and mirrored": lambda pixels: np.ascontiguousarray(turned(crop(pixels, 0.2), 5)[:, ::-1]),
}


def shared(asked: Fingerprint, kept: Fingerprint) -> int:
    return len(set(kept.words) & {*asked.words, *asked.mirrored})


@cache
def photo() -> tuple[Pixels, Sketch]:
    original = scene(800, 600)
    return original, sketch(original)


@cache
def kettle() -> Sketch:
    """A reference picture."""
    return closely(scene(500, 400))


@pytest.mark.parametrize("kind", COPIES)
def test_a_copy_is_a_candidate_and_confirmed(kind: str) -> None:
    original, drawn = photo()
    copy = COPIES[kind](original)
    copied = sketch(copy)
    assert shared(fingerprint(copy, copied), fingerprint(original, drawn)) >= 10
    likeness = overlay.compare(copied, drawn)
    assert likeness is not None and likeness.same_photo
    assert likeness.mirrored == ("mirrored" in kind)


def test_a_stranger_is_neither() -> None:
    (original, drawn), other = photo(), sketch(stranger())
    assert shared(fingerprint(stranger(), other), fingerprint(original, drawn)) < 4
    likeness = overlay.compare(other, drawn)
    assert likeness is None or not likeness.same_photo


def test_the_same_thing_before_another_background_is_another_photo() -> None:
    """A label shares all its keypoints with itself; the table around it decides."""
    label = scene(300, 200)
    one, other = stranger(1), stranger(2)
    one[200:400, 250:550] = label
    other[150:350, 300:600] = label
    likeness = overlay.compare(sketch(one), sketch(other))
    assert likeness is not None and likeness.inliers >= overlay.LEAST_INLIERS
    assert not likeness.same_photo


def test_eight_orientations_are_asked_for() -> None:
    original = scene(800, 600)
    kept = fingerprint(original)
    assert kept.phash == phash(original) == kept.turned[0] and len(set(kept.turned)) == 8
    for face in (original, original[:, ::-1]):
        for quarters in range(4):
            asked = fingerprint(np.ascontiguousarray(np.rot90(face, quarters)))
            assert min(distance(one, kept.phash) for one in asked.turned) <= 2


def test_words_fit_the_database_and_are_the_same_for_ever() -> None:
    words = fingerprint(scene(800, 600)).words
    assert words == tuple(sorted(set(words))) and words[0] >= 0 and words[-1] < TABLES << BITS <= 2**31
    traits = np.linspace(0, 1, 128, dtype=np.float32)[None]
    assert _words(traits) == (218146311, 398396209, 774514997, 905661151)


@pytest.mark.parametrize("shape", [(1, 1), (3, 5000), (40, 40)])
def test_pictures_with_nothing_to_see(shape: tuple[int, int]) -> None:
    plain = np.full((*shape, 3), 120, np.uint8)
    assert fingerprint(plain).words == ()
    assert overlay.compare(sketch(plain), photo()[1]) is None
    assert match(plain, {"K-17": [kettle()]}) is None


def in_perspective(reference: Pixels, ground: Pixels) -> Pixels:
    """The reference as a flat thing lying on the ground, seen from the side."""
    height, width = reference.shape[:2]
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    places = np.array([(240, 150), (560, 190), (600, 460), (200, 430)], np.float32)
    view = cv2.getPerspectiveTransform(corners, places)
    laid = cv2.warpPerspective(reference, view, (ground.shape[1], ground.shape[0]))
    mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), view, (ground.shape[1], ground.shape[0]))
    return np.where(mask[..., None] > 0, laid, ground)


def test_the_product_of_the_order_is_recognised_and_another_is_not() -> None:
    lamp = closely(stranger(5)[:400, :500])
    taken = in_perspective(scene(500, 400), stranger(6))
    found = match(taken, {"lamp": [lamp], "kettle": [kettle()]})
    assert found is not None and found.sku == "kettle" and found.inliers >= 22
    x, y, width, height = found.box
    assert 190 <= x <= 320 and 140 <= y <= 250 and x + width <= 610 and y + height <= 470
    assert match(taken, {"lamp": [lamp]}) is None
    assert match(taken, {}) is None


def test_a_mirrored_product_is_no_match() -> None:
    """Print is never mirrored: what fits only so fits by chance."""
    assert match(np.ascontiguousarray(scene(500, 400)[:, ::-1]), {"kettle": [kettle()]}) is None


def test_a_copy_that_went_through_a_file_is_still_one() -> None:
    original = scene(1200, 900)
    copy = decode(packed(lit(crop(original, 0.05), 0.8), quality=55)).pixels
    likeness = overlay.compare(sketch(copy), sketch_of_view(derive(original, 1600)))
    assert likeness is not None and likeness.same_photo
