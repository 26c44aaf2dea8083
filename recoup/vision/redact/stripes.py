"""Places striped like a bar code, whether or not it can be decoded: dense dark and light bars, all in one direction.

Measured in a square window around each pixel: how much the gradients agree on a direction, how well they cancel (a
lone edge does not), how many there are for the contrast at hand. Thresholds were fitted on waybills against product,
defect and fashion photos: the latter lose .1 % of their area.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from recoup.vision.redact.covers import Points

LONG_SIDE, WINDOW = 1000, 21
AGREE, LEFT_OVER, CONTRAST, DENSITY = 0.75, 0.25, 100, 0.1
FILL, SHORTEST, LONGEST = 0.6, 1.0, 12.0  # of its rectangle; in windows; length by width
BLACK_OR_WHITE = 0.5  # share of pixels near the darkest or the lightest

Map = NDArray[np.float32]


def striped_places(gray: NDArray[np.uint8]) -> list[Points]:
    """Corners float[4, 2] of each such place in gray uint8[h, w]."""
    factor = min(1.0, LONG_SIDE / max(gray.shape))
    size = (max(1, round(gray.shape[1] * factor)), max(1, round(gray.shape[0] * factor)))
    small = np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), np.float32)
    return [np.asarray(cv2.boxPoints(place), np.float32) / factor for place in _places(_striped(small), small)]


def _striped(small: Map) -> NDArray[np.uint8]:
    soft = cv2.GaussianBlur(small, (3, 3), 0)
    across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0) / 8, cv2.Sobel(soft, cv2.CV_32F, 0, 1) / 8
    xx, yy, xy = _mean(across * across), _mean(down * down), _mean(across * down)
    steep = _mean(np.hypot(across, down)) + 1e-3
    agree = np.sqrt((xx - yy) ** 2 + 4 * xy * xy) / (xx + yy + 1e-3)
    left_over = np.hypot(_mean(across), _mean(down)) / steep
    window = np.ones((WINDOW, WINDOW), np.uint8)
    contrast = cv2.dilate(soft, window) - cv2.erode(soft, window)
    dense = steep > DENSITY * contrast
    striped = (agree > AGREE) & (left_over < LEFT_OVER) & (contrast > CONTRAST) & dense
    half = np.ones((WINDOW // 2, WINDOW // 2), np.uint8)
    opened = cv2.morphologyEx(striped.astype(np.uint8), cv2.MORPH_OPEN, half)
    return np.asarray(cv2.morphologyEx(opened, cv2.MORPH_CLOSE, half), np.uint8)


def _mean(values: Map) -> Map:
    return np.asarray(cv2.boxFilter(values, -1, (WINDOW, WINDOW)), np.float32)


def _places(striped: NDArray[np.uint8], small: Map) -> Iterator[cv2.typing.RotatedRect]:
    count, blobs, boxes, _ = cv2.connectedComponentsWithStats(striped)
    for number in range(1, count):
        x, y, width, height, area = (int(side) for side in boxes[number])
        rows, columns = np.nonzero(blobs[y : y + height, x : x + width] == number)
        place = cv2.minAreaRect(np.stack([columns + x, rows + y], axis=-1).astype(np.float32))
        short, long = sorted(place[1])
        sized = short >= SHORTEST * WINDOW and 2 * WINDOW <= long <= LONGEST * short
        if sized and area >= FILL * short * long and _bilevel(small[y : y + height, x : x + width]):
            yield place


def _bilevel(piece: Map) -> bool:
    dark, light = np.percentile(piece, (5, 95))
    level = (piece - dark) / (light - dark + 1e-3)
    return bool(((level < 0.25) | (level > 0.75)).mean() > BLACK_OR_WHITE)
