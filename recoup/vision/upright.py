"""Which way is up, where the camera did not say: text reads well in one direction only, and a code has a first corner.

Only for photos of labels; a kettle lying on its side is allowed to lie.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
LONG_SIDE = 1280  # pixels in which text is read
MOST_LINES = 8  # the longest ones vote
LONG_LINE = 2.0  # a line is this much longer than high; a single sign says nothing of its direction
LEAST_SIGNS = 6.0  # signs read surely, all lines together
CLEARLY = 1.3  # the winning direction reads this much better than the opposite one
SURE = 0.75  # a reading of less than this is a guess


def estimate(pixels: Pixels) -> int:
    """Quarter turns to the left (``np.rot90``) that put uint8[h, w, 3] RGB pixels upright; 0 when nothing shows it.

    By printed text first, which a person wants upright; by codes where no text decides. About half a second.
    """
    by_text = _by_text(pixels)
    return by_text if by_text is not None else _by_codes(pixels) or 0


def turned(pixels: Pixels, quarter_turns: int) -> Pixels:
    """The picture turned to the left; itself when there is nothing to turn."""
    return np.ascontiguousarray(np.rot90(pixels, quarter_turns)) if quarter_turns % 4 else pixels


def _by_text(pixels: Pixels) -> int | None:
    from recoup.vision.redact.text import View, find_lines

    small = _small(pixels)
    lines = [line.points for line in find_lines(small, views=(View(0, short_side=640, long_side=LONG_SIDE),))]
    lying = sorted((line for line in lines if _stretch(line) >= LONG_LINE), key=_length, reverse=True)
    standing = sorted((line for line in lines if _stretch(line) <= 1 / LONG_LINE), key=_length, reverse=True)
    level = sum(map(_length, lying)) >= sum(map(_length, standing))
    voting = (lying if level else standing)[:MOST_LINES]
    if not voting:
        return None
    scores = {turns: _legible(small, voting, turns) for turns in ((0, 2) if level else (1, 3))}
    best, other = sorted(scores, key=lambda turns: -scores[turns])
    return best if scores[best] >= max(LEAST_SIGNS, CLEARLY * scores[other]) else None


def _small(pixels: Pixels) -> Pixels:
    import cv2

    factor = LONG_SIDE / max(pixels.shape[:2])
    if factor >= 1:
        return np.ascontiguousarray(pixels)
    size = (max(1, round(pixels.shape[1] * factor)), max(1, round(pixels.shape[0] * factor)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _extent(line: NDArray[np.float32]) -> tuple[float, float]:
    across, down = line.max(axis=0) - line.min(axis=0)
    return float(across), float(down)


def _stretch(line: NDArray[np.float32]) -> float:
    across, down = _extent(line)
    return across / max(down, 1e-6)


def _length(line: NDArray[np.float32]) -> float:
    return max(_extent(line))


def _legible(pixels: Pixels, lines: list[NDArray[np.float32]], turns: int) -> float:
    """How many signs are read surely when the picture is turned so."""
    from recoup.vision.redact.reading import read_lines

    readings = read_lines(turned(pixels, turns), [_moved(line, turns, pixels.shape) for line in lines])
    return sum(len(reading.text) * reading.score for reading in readings if reading.score >= SURE)


def _moved(points: NDArray[np.float32], turns: int, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Points of the picture where ``np.rot90(picture, turns)`` has them."""
    height, width = shape[:2]
    x, y = points[:, 0], points[:, 1]
    moved = ((x, y), (y, width - x), (width - x, height - y), (height - y, x))[turns % 4]
    return np.stack(moved, axis=-1).astype(np.float32)


def _by_codes(pixels: Pixels) -> int | None:
    """The turn that most codes ask for; their ``angle`` is clockwise from upright."""
    from recoup.vision.codes import read_codes

    votes = Counter(round(code.angle / 90) % 4 for code in read_codes(pixels))
    return votes.most_common(1)[0][0] if votes else None
