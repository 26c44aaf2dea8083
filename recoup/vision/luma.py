"""Brightness and size in whole numbers only, so that phone and server get the very same pixels.

Luma is (77 R + 150 G + 29 B + 128) >> 8. Shrinking is an exact area average in integers, rounded half up, in two
steps: whole blocks of k × k first (k = as many as keep the picture at or above the wanted size), then the rest.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Luma = NDArray[np.uint8]


def working_luma(pixels: NDArray[np.uint8], *, long_side: int) -> Luma:
    """uint8[h', w'] luma of uint8[h, w, 3] RGB, at most ``long_side`` long, never enlarged.

    Blocks average red, green and blue each; luma follows; the remaining fraction is averaged on luma.
    """
    height, width = pixels.shape[:2]
    block = max(1, max(height, width) // long_side)
    block = min(block, height, width)
    grey = luma(block_mean(pixels, block) if block > 1 else pixels)
    return shrink(grey, long_side=long_side)


def luma(pixels: NDArray[np.uint8]) -> Luma:
    """uint8[h, w] of uint8[h, w, 3]. The weights sum to 256, so that white stays 255 and 16 bits are enough."""
    total = np.multiply(pixels[..., 0], 77, dtype=np.uint16)
    np.add(total, np.multiply(pixels[..., 1], 150, dtype=np.uint16), out=total)
    np.add(total, np.multiply(pixels[..., 2], 29, dtype=np.uint16), out=total)
    np.add(total, 128, out=total)
    return np.right_shift(total, 8, out=total).astype(np.uint8)


def block_mean(pixels: NDArray[np.uint8], block: int) -> NDArray[np.uint8]:
    """The mean of each whole block × block square; a ragged right or bottom rim is left out."""
    height, width = pixels.shape[0] // block, pixels.shape[1] // block
    whole = pixels[: height * block, : width * block]
    rows = whole[0::block].astype(np.uint32 if block > 16 else np.uint16)
    for step in range(1, block):
        np.add(rows, whole[step::block], out=rows)
    total = rows[:, 0::block].astype(np.uint32)
    for step in range(1, block):
        np.add(total, rows[:, step::block], out=total)
    mean: NDArray[np.uint8] = ((total + block * block // 2) // (block * block)).astype(np.uint8)
    return mean


def shrink(grey: Luma, *, long_side: int) -> Luma:
    """Exact area average of uint8[h, w] to ``long_side``; the short side is rounded half up, at least 1."""
    height, width = grey.shape
    largest = max(height, width)
    if largest <= long_side:
        return grey
    down = max(1, (2 * height * long_side + largest) // (2 * largest))
    across = max(1, (2 * width * long_side + largest) // (2 * largest))
    return area_mean(grey, down, across)


def area_mean(pixels: NDArray[np.uint8], down: int, across: int) -> NDArray[np.uint8]:
    """uint8[down, across] of uint8[h, w], or of each colour of uint8[h, w, 3]: exact area averages, rounded half up.

    Running sums, because a matrix product of this size would be shared out to threads, and those spin while they wait.
    """
    height, width = pixels.shape[:2]
    # Rows first, while the sums still fit 32 bits for all but extremely long pictures; that is twice as fast.
    narrow = np.int32 if 255 * height * down < 2**31 else np.int64
    rows = _resum(pixels.astype(narrow), down).astype(np.int64)
    sums = _resum(np.ascontiguousarray(rows.swapaxes(0, 1)), across).swapaxes(0, 1)
    area = height * width
    mean: NDArray[np.uint8] = ((sums + area // 2) // area).astype(np.uint8)
    return mean


def _resum(values: NDArray[Any], count: int) -> NDArray[Any]:
    """Split the rows into ``count`` equal, fractional bands and sum each, in units of 1/count of a row."""
    length = values.shape[0]
    until = running(values, values.dtype)
    edges = np.arange(count + 1, dtype=values.dtype) * length
    whole, part = edges // count, edges % count
    padded = values[np.minimum(whole, length - 1)]
    at_edges = until[whole] * count + padded * part.reshape(-1, *[1] * (values.ndim - 1))
    sums: NDArray[Any] = at_edges[1:] - at_edges[:-1]
    return sums


def running(rows: NDArray[Any], dtype: Any) -> NDArray[Any]:
    """The sum of all rows before each, and of all. Row after row, which is four times as quick as ``np.cumsum``: that
    goes down one column after the other."""
    until = np.zeros((len(rows) + 1, *rows.shape[1:]), dtype)
    for before, row, after in zip(until, rows, until[1:], strict=False):
        np.add(before, row, out=after)
    return until
