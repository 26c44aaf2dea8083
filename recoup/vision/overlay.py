"""Lay one picture over another by their keypoints, and see whether they are one photo.

Two photos of one product share keypoints too. But only copies of one photo agree nearly everywhere: background,
shadows, the very place of every crumb. So keypoints only find how the pictures lie; their pixels decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recoup.vision.similar import Numbers, Pixels, Sketch, mirrored_traits

LEAST_INLIERS = 8
NEAREST = 0.85  # a keypoint's best match must be this much nearer than its second best
REACH = 4.0  # pixels by which a keypoint may miss its place
LEAST_SCALE, MOST_SCALE = 0.3, 3.3
TILE = 20  # pixels
SOFT = 1.3  # pixels of blur before tiles are compared
BLACK, WHITE = 8.0, 246.0
TEXTURE = 3.0  # grey levels of spread from which a tile says anything
ALIKE = 0.7  # correlation from which two tiles show the same
LEAST_TILES = 8
LEAST_COMMON = 0.25  # share of the smaller picture that lies on the other
AGREEING = 0.75  # share of the tiles; see bench/similar.py


@dataclass(frozen=True)
class Likeness:
    """How a candidate lies over a photo. ``inliers`` keypoints agree; ``agreeing`` (0 … 1) is the share of their
    common ground that looks alike; ``mirrored``: one is the other's mirror image."""

    inliers: int
    agreeing: float
    mirrored: bool

    @property
    def same_photo(self) -> bool:
        return self.agreeing >= AGREEING


def compare(photo: Sketch, candidate: Sketch) -> Likeness | None:
    """The candidate laid over the photo, or else its mirror image, whichever fits better; None when neither does."""
    straight = _laid(photo, candidate, mirrored=False)
    if straight and straight.same_photo:
        return straight
    tried = (straight, _laid(photo, mirror(candidate), mirrored=True))
    return max((one for one in tried if one), key=lambda one: one.agreeing, default=None)


def mirror(drawn: Sketch) -> Sketch:
    """The sketch of the mirror image."""
    places = np.stack([drawn.grey.shape[1] - 1 - drawn.places[:, 0], drawn.places[:, 1]], axis=-1)
    return Sketch(np.ascontiguousarray(drawn.grey[:, ::-1]), places, mirrored_traits(drawn.traits))


def pairs(one: Sketch, other: Sketch, *, nearest: float = NEAREST) -> NDArray[np.int64]:
    """int[n, 2]: keypoints of ``one`` and, for each, the clearly nearest of ``other``."""
    if len(one.traits) < 2 or len(other.traits) < 2:
        return np.zeros((0, 2), np.int64)
    alike = one.traits @ other.traits.T  # both have length one, so this is the cosine
    two = np.argpartition(-alike, 1, axis=1)[:, :2]
    best = np.take_along_axis(alike, two, axis=1)
    first = two[np.arange(len(two)), best.argmax(axis=1)]
    apart = np.sqrt(np.maximum(2 - 2 * best, 0))
    clear = apart.min(axis=1) < nearest * apart.max(axis=1)
    return np.stack([np.nonzero(clear)[0], first[clear]], axis=-1)


def _laid(photo: Sketch, candidate: Sketch, *, mirrored: bool) -> Likeness | None:
    import cv2

    found = pairs(photo, candidate)
    if len(found) < LEAST_INLIERS:
        return None
    here, there = photo.places[found[:, 0]], candidate.places[found[:, 1]]
    move, inside = cv2.estimateAffinePartial2D(there, here, method=cv2.RANSAC, ransacReprojThreshold=REACH)
    if move is None or int(inside.sum()) < LEAST_INLIERS or not _sane(move):
        return None
    return Likeness(int(inside.sum()), _agreeing(photo.grey, candidate.grey, np.asarray(move, np.float32)), mirrored)


def _sane(move: Numbers) -> bool:
    scale = float(np.hypot(move[0, 0], move[1, 0]))
    return LEAST_SCALE <= scale <= MOST_SCALE


def _agreeing(here: Pixels, there: Pixels, move: Numbers) -> float:
    """The share of the tiles on common ground whose pixels correlate; 0 where the common ground is too small."""
    import cv2

    size = (here.shape[1], here.shape[0])
    laid = cv2.warpAffine(there, move, size, flags=cv2.INTER_AREA)
    ground = cv2.warpAffine(np.full(there.shape, 255, np.uint8), move, size, flags=cv2.INTER_NEAREST) > 0
    scale = float(np.hypot(move[0, 0], move[1, 0]))
    smaller = min(here.size, there.size * scale * scale)
    if ground.sum() < LEAST_COMMON * smaller:
        return 0.0
    likes = _correlations(_soft(here), _soft(laid), ground)
    return float((likes >= ALIKE).mean()) if len(likes) >= LEAST_TILES else 0.0


def _soft(grey: Pixels) -> Numbers:
    """Without the finest detail, which a second JPEG changes."""
    import cv2

    return np.asarray(cv2.GaussianBlur(grey, (0, 0), SOFT), np.float32)


def _correlations(one: Numbers, other: Numbers, ground: NDArray[np.bool_]) -> Numbers:
    """Of every whole tile of common ground in which there is anything to see."""
    whole = _tiles(ground).all(axis=1)
    a, b = _tiles(one)[whole], _tiles(other)[whole]
    spread_a, spread_b = a.std(axis=1), b.std(axis=1)
    telling = (np.maximum(spread_a, spread_b) >= TEXTURE) & ~_wiped(a, spread_a) & ~_wiped(b, spread_b)
    a, b = a - a.mean(axis=1, keepdims=True), b - b.mean(axis=1, keepdims=True)
    likes = (a * b).mean(axis=1) / (spread_a * spread_b + 1e-6)
    return np.asarray(likes[telling], np.float32)


def _wiped(tiles: Numbers, spread: Numbers) -> NDArray[np.bool_]:
    """Tiles so bright or so dark that a little more light, or less, wiped out whatever was there."""
    mean = tiles.mean(axis=1)
    return np.asarray((spread < TEXTURE) & ((mean > WHITE) | (mean < BLACK)))


def _tiles(values: NDArray[Any]) -> NDArray[Any]:
    """[tiles, TILE²] of [h, w]; a ragged right or bottom rim is left out."""
    down, across = values.shape[0] // TILE, values.shape[1] // TILE
    cut = values[: down * TILE, : across * TILE].reshape(down, TILE, across, TILE)
    return cut.swapaxes(1, 2).reshape(down * across, TILE * TILE)
