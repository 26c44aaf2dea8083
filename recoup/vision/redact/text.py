"""Find every line of text, in any direction. What it says plays no part here: the reader never vetoes a line.

The network is PP-OCR's detector; its likeliness map is turned into tilted rectangles with lower thresholds and more
padding than for reading, because here a missed line costs more than a covered shadow.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recoup.vision.redact import engines
from recoup.vision.redact.covers import Pixels, Points, grow, turned_back

PIXEL = 0.25  # likeliness from which a pixel belongs to a line
LINE = 0.3  # mean likeliness from which a line counts
UNCLIP = 2.0  # the network marks the core of a line; this grows it back to the ink and a little more
SMALLEST = 3.0  # pixels of the network's picture: a thinner core is noise


@dataclass(frozen=True)
class View:
    """One way of looking: turned by quarter turns, short side at least, long side at most, in pixels."""

    quarter_turns: int
    short_side: int = 736
    long_side: int = 2000


VIEWS = (View(0), View(1), View(2), View(3))


@dataclass(frozen=True, eq=False)
class Line:
    """A line of text: corners float[4, 2] around its ink, how sure (0 … 1), and how the photo was turned to see it."""

    points: Points
    score: float
    quarter_turns: int


def find_lines(pixels: Pixels, *, views: tuple[View, ...] = VIEWS) -> list[Line]:
    """Every line seen from any of the views, in pixels of the photo; the same line may come from several views."""
    return [line for view in views for line in _seen_from(pixels, view)]


def padded(line: Line, *, shape: tuple[int, ...]) -> Points:
    """The line as it is covered: corners pushed out 15 %, and grown by .6 % of the long side."""
    return grow(line.points, share=0.15, by=0.006 * max(shape[:2]))


def _seen_from(pixels: Pixels, view: View) -> list[Line]:
    turned = np.ascontiguousarray(np.rot90(pixels, view.quarter_turns))
    likely = likeliness(turned, short_side=view.short_side, long_side=view.long_side)
    factor = np.array([turned.shape[1] / likely.shape[1], turned.shape[0] / likely.shape[0]], np.float32)
    return [
        Line(
            turned_back(points * factor, quarter_turns=view.quarter_turns, shape=pixels.shape),
            score,
            view.quarter_turns,
        )
        for points, score in rectangles(likely)
    ]


def likeliness(pixels: Pixels, *, short_side: int, long_side: int) -> NDArray[np.float32]:
    """float32[h, w] of how likely each place is text, at the size the network looked at."""
    height, width = pixels.shape[:2]
    factor = max(1.0, short_side / min(height, width))
    factor = min(factor, long_side / max(height, width))
    size = (max(32, round(width * factor / 32) * 32), max(32, round(height * factor / 32) * 32))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    scaled = cv2.resize(pixels, size, interpolation=how)
    batch = np.ascontiguousarray(scaled[:, :, ::-1].transpose(2, 0, 1)[None].astype(np.float32) / 127.5 - 1.0)
    return np.asarray(engines.run(engines.text_detector(), batch)[0][0, 0], np.float32)


def rectangles(likely: NDArray[np.float32]) -> list[tuple[Points, float]]:
    """Tilted rectangles around the cores of lines, grown back to the ink, with their mean likeliness."""
    mask = (likely > PIXEL).astype(np.uint8)
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for contour in contours:
        (_, (width, height), _) = rect = cv2.minAreaRect(contour)
        if min(width, height) < SMALLEST:
            continue
        corners = np.asarray(cv2.boxPoints(rect), np.float32)
        score = _mean_inside(likely, corners)
        if score >= LINE:
            found.append((grow(corners, share=0.0, by=UNCLIP * width * height / (2 * (width + height))), score))
    return found


def _mean_inside(likely: NDArray[np.float32], corners: Points) -> float:
    height, width = likely.shape
    left, top = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, (width - 1, height - 1))
    right, bottom = np.clip(np.ceil(corners.max(axis=0)).astype(int), 0, (width - 1, height - 1))
    inside = np.zeros((bottom - top + 1, right - left + 1), np.uint8)
    cv2.fillPoly(inside, [(corners - (left, top)).astype(np.int32)], 1)
    return float(cv2.mean(likely[top : bottom + 1, left : right + 1], inside)[0])
