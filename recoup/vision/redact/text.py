"""Find every line of text, in any direction. What it says plays no part here: the reader never vetoes a line.

The network is PP-OCR's detector; its likeliness map is turned into tilted rectangles with lower thresholds and more
padding than for reading, because here a missed line costs more than a covered shadow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recoup.vision.redact import engines
from recoup.vision.redact.covers import Pixels, Points, grow, turned_back

PIXEL = 0.25  # likeliness from which a pixel belongs to a line
LINE = 0.3  # mean likeliness from which a line counts
PEAK = 0.5  # likeliness that a line reaches somewhere; blurred shadows of it never do
UNCLIP = 2.0  # the network marks the core of a line; this grows it back to the ink and a little more
SMALLEST = 2.0  # pixels of the network's picture: a thinner core is noise
# A core thicker than this is no line: the network takes a phone, or a heap of lemons, for one giant sign. Text that
# really is that large is found in the smallest view, where it has the size of a line.
THICKEST = 64.0
# Large plain letters are what the network is surest of; a thick core with less than this is a shadow or a crack.
THICK, THICK_LINE = 24.0, 0.6
STRAIGHT = 0.5  # share of its rectangle that a straight core fills


@dataclass(frozen=True)
class View:
    """One way of looking: turned by quarter turns, short side at least, long side at most, in pixels."""

    quarter_turns: int
    short_side: int = 736
    long_side: int = 2000


VIEWS = (
    View(0),
    View(1, short_side=500, long_side=1200),
    View(2, short_side=500, long_side=1200),
    View(0, short_side=320, long_side=800),
)


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
    found = []
    for core, thick in _cores(likely):
        corners = np.asarray(cv2.boxPoints(core), np.float32)
        score = _mean_inside(likely, corners)
        if score >= (LINE if thick < THICK else THICK_LINE):
            width, height = core[1]
            found.append((grow(corners, share=0.0, by=UNCLIP * width * height / (2 * (width + height))), score))
    return found


def _cores(likely: NDArray[np.float32]) -> Iterator[tuple[cv2.typing.RotatedRect, float]]:
    """The connected places that are as thick as a line of text can be, as tilted rectangles, with that thickness."""
    mask = (likely > PIXEL).astype(np.uint8)
    inward = cv2.distanceTransform(mask, cv2.DIST_L2, 3)
    count, blobs, boxes, _ = cv2.connectedComponentsWithStats(mask)
    for number in range(1, count):
        x, y, width, height, _ = (int(side) for side in boxes[number])
        cut = (slice(y, y + height), slice(x, x + width))
        mine = blobs[cut] == number
        thick = 2 * float(inward[cut][mine].max())
        if SMALLEST <= thick <= THICKEST and float(likely[cut][mine].max()) >= PEAK:
            rows, columns = np.nonzero(mine)
            inside = np.stack([columns + x, rows + y], axis=-1).astype(np.float32)
            yield from ((piece, thick) for piece in _straight_pieces(inside, thick))


def _straight_pieces(inside: Points, thick: float) -> Iterator[cv2.typing.RotatedRect]:
    """One rectangle for a straight blob. A crooked one (bent text, a crack) is cut across its length first, so that
    the rectangles follow it instead of hiding everything in its bow."""
    whole = cv2.minAreaRect(inside)
    width, height = whole[1]
    if len(inside) >= STRAIGHT * width * height or max(width, height) < 3 * thick:
        yield whole
        return
    along = inside @ _long_axis(inside)
    slab = np.floor((along - along.min()) / (2 * thick)).astype(int)
    for number in np.unique(slab):
        piece = inside[slab == number]
        if len(piece) > 4:
            yield cv2.minAreaRect(piece)


def _long_axis(inside: Points) -> Points:
    _, axes = cv2.PCACompute(inside, mean=None, maxComponents=1)
    return np.asarray(axes[0], np.float32)


def _mean_inside(likely: NDArray[np.float32], corners: Points) -> float:
    height, width = likely.shape
    left, top = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, (width - 1, height - 1))
    right, bottom = np.clip(np.ceil(corners.max(axis=0)).astype(int), 0, (width - 1, height - 1))
    inside = np.zeros((bottom - top + 1, right - left + 1), np.uint8)
    cv2.fillPoly(inside, [(corners - (left, top)).astype(np.int32)], 1)
    return float(cv2.mean(likely[top : bottom + 1, left : right + 1], inside)[0])
