"""Read found lines. Reading only decides what may be shown and says why something is hidden."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from recoup.vision.redact import engines
from recoup.vision.redact.covers import Pixels, Points

HEIGHT = 48
LONGEST = 48 * 40  # a line longer than forty times its height is cut down to this width
BATCH = 6


@dataclass(frozen=True)
class Reading:
    text: str
    score: float


def read_lines(pixels: Pixels, lines: list[Points]) -> list[Reading]:
    """What each rectangle (corners float[4, 2]) says, and the mean confidence of its signs, 0 … 1.

    A standing line is read both ways and the surer reading is taken.
    """
    tried = [(number, crop) for number, points in enumerate(lines) for crop in _crops(pixels, points)]
    best = [Reading("", 0.0)] * len(lines)
    # Lines of like length go together, so that little of a batch is padding.
    tried.sort(key=lambda one: one[1].shape[1])
    for start in range(0, len(tried), BATCH):
        part = tried[start : start + BATCH]
        for (number, _), reading in zip(part, _read([crop for _, crop in part]), strict=True):
            best[number] = max(best[number], reading, key=lambda one: one.score)
    return best


def _crops(pixels: Pixels, points: Points) -> list[Pixels]:
    straight = _straight(pixels, points)
    if straight.shape[0] < 1.5 * straight.shape[1]:
        return [_fit(straight)]
    return [_fit(np.rot90(straight, turns)) for turns in (1, 3)]


def _straight(pixels: Pixels, points: Points) -> Pixels:
    """The rectangle cut out and laid level, the way a person would hold it: top left corner first."""
    corners = _from_top_left(points)
    width = max(1, round(float(np.linalg.norm(corners[1] - corners[0]))))
    height = max(1, round(float(np.linalg.norm(corners[3] - corners[0]))))
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    turn = cv2.getPerspectiveTransform(corners, target)
    cut = cv2.warpPerspective(pixels, turn, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cut, np.uint8)


def _from_top_left(points: Points) -> Points:
    left = points[np.argsort(points[:, 0], kind="stable")]
    top_left, bottom_left = left[:2][np.argsort(left[:2, 1], kind="stable")]
    top_right, bottom_right = left[2:][np.argsort(left[2:, 1], kind="stable")]
    return np.array([top_left, top_right, bottom_right, bottom_left], np.float32)


def _fit(crop: Pixels) -> Pixels:
    width = min(LONGEST, max(8, round(crop.shape[1] * HEIGHT / crop.shape[0])))
    return np.asarray(cv2.resize(crop, (width, HEIGHT)), np.uint8)


def _read(crops: list[Pixels]) -> list[Reading]:
    width = max(320, *(crop.shape[1] for crop in crops))
    batch = np.zeros((len(crops), 3, HEIGHT, width), np.float32)
    for place, crop in enumerate(crops):
        batch[place, :, :, : crop.shape[1]] = crop[:, :, ::-1].transpose(2, 0, 1).astype(np.float32) / 127.5 - 1.0
    likely = engines.run(engines.text_reader(), batch)[0]
    return [_decode(one) for one in likely]


def _decode(likely: NDArray[np.float32]) -> Reading:
    """Connectionist decoding: the likeliest sign of each step, repeats and blanks (sign 0) dropped."""
    best, sure = likely.argmax(axis=1), likely.max(axis=1)
    kept = (best != 0) & np.concatenate([[True], best[1:] != best[:-1]])
    text = "".join(_signs()[sign] for sign in best[kept])
    return Reading(text, round(float(sure[kept].mean()), 4) if kept.any() else 0.0)


@lru_cache(maxsize=1)
def _signs() -> tuple[str, ...]:
    listed = engines.text_reader().get_modelmeta().custom_metadata_map["character"].splitlines()
    return ("", *listed, " ")
