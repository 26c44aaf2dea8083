"""What the gate measures: whole-number statistics of light, of how steep the edges are, and of what fills the picture.

A sharp edge climbs within one pixel, a blurred one over many. So for short runs of nine pixels, in four directions,
the steepest step is divided by the whole climb (255 = all of it in one step). That ratio does not care how strong
the edge is, and runs with hardly any climb (noise, plain areas) are left out. It is taken on three sizes of the
picture, each half of the one before, because a close-up is soft in each pixel and yet sharp as a whole; a motion
blur shows as one direction that is worse than the others. How far the runs climb at all tells fine print that was
washed out from a plain surface.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from recoup.vision.contents import contents
from recoup.vision.luma import Luma, working_luma

LARGE, MIDDLE, SMALL = 1024, 768, 384  # long sides: large at most, middle and small below
RUN, ALONG, ACROSS = 9, 4, 2
EDGE = 16
CLIMBS = (32, 48)
PERCENTILES = (50, 75, 90)
LIGHTS = (10, 500, 750, 950, 990)
ENOUGH = 40  # runs; fewer say nothing
TILES = 8
CELL = 16

Histogram = NDArray[np.int64]


def measure(pixels: NDArray[np.uint8]) -> dict[str, int]:
    """Every measure of uint8[h, w, 3] RGB pixels by name. Integers throughout; -1 where there is nothing to measure."""
    large = working_luma(pixels, long_side=LARGE)
    middle = halved(large, below=MIDDLE)
    small = halved(middle, below=SMALL)
    found: dict[str, int] = {}
    for name, grey in (("large", large), ("middle", middle), ("small", small)):
        found |= {f"{name}_{what}": value for what, value in steepness(grey).items()}
    return found | light(middle) | contents(small)


def halved(grey: Luma, *, below: int) -> Luma:
    """The same picture if it is shorter than ``below``, else half as large: each pixel the mean of 2 × 2."""
    height, width = grey.shape[0] // 2, grey.shape[1] // 2
    if max(grey.shape) < below or not height or not width:
        return grey
    rows = grey[0 : 2 * height : 2].astype(np.uint16) + grey[1 : 2 * height : 2]
    total = rows[:, 0 : 2 * width : 2] + rows[:, 1 : 2 * width : 2]
    return ((total + 2) >> 2).astype(np.uint8)


def steepness(grey: Luma) -> dict[str, int]:
    """The share of runs with an edge; percentiles of the climb of all runs and ("rise") of those with an edge; and of
    edge steepness (0..255) for each least climb, over all directions and in the worst one.
    """
    signed = grey.astype(np.int16)
    runs = [_runs(signed, direction) for direction in ("across", "down", "falling", "rising")]
    heights = np.bincount(np.concatenate([climbs for _, climbs in runs]), minlength=256)
    found = {f"edges{EDGE}": _per_thousand(int(heights[EDGE:].sum()), int(heights.sum()))}
    risen = np.where(np.arange(256) >= EDGE, heights, 0)
    for share in PERCENTILES:
        found[f"climb_{share}"] = percentile(heights, share)
        found[f"rise_{share}"] = percentile(risen, share)
    for least in CLIMBS:
        each = [_histogram(steps, climbs, least) for steps, climbs in runs]
        everything = np.sum(each, axis=0)
        for share in PERCENTILES:
            found[f"steep{least}_{share}"] = percentile(everything, share)
            found[f"worst{least}_{share}"] = _worst(each, share)
    return found


def _worst(each: list[Histogram], share: int) -> int:
    """The lowest of the directions that have enough edges to be heard."""
    heard = [percentile(histogram, share) for histogram in each]
    return min((value for value in heard if value >= 0), default=-1)


def _runs(grey: NDArray[np.int16], direction: str) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """Steepest step and whole climb of every run that starts on a coarse grid."""
    lines = _lines(grey, direction)
    if not lines or not lines[0].size:
        nothing = np.zeros(0, dtype=np.int16)
        return nothing, nothing
    high, low = lines[0].copy(), lines[0].copy()
    steepest = np.zeros_like(high)
    for before, after in pairwise(lines):
        np.maximum(high, after, out=high)
        np.minimum(low, after, out=low)
        np.maximum(steepest, np.abs(after - before), out=steepest)
    return steepest.ravel(), (high - low).ravel()


def _lines(grey: NDArray[np.int16], direction: str) -> list[NDArray[np.int16]]:
    """The nine pixels of each run, as nine pictures of pixels."""
    if direction in ("falling", "rising"):
        turned = grey if direction == "falling" else grey[:, ::-1]
        rows, columns = turned.shape[0] - RUN + 1, turned.shape[1] - RUN + 1
        if rows < 1 or columns < 1:
            return []
        return [turned[i : i + rows : ALONG, i : i + columns : ALONG] for i in range(RUN)]
    turned = (grey if direction == "across" else grey.T)[::ACROSS]
    columns = turned.shape[1] - RUN + 1
    return [turned[:, i : i + columns : ALONG] for i in range(RUN)] if columns > 0 else []


def _histogram(steps: NDArray[np.int16], climbs: NDArray[np.int16], least: int) -> Histogram:
    enough = climbs >= least
    ratio = steps[enough].astype(np.int32) * 255 // climbs[enough]
    return np.bincount(ratio, minlength=256)


def percentile(histogram: Histogram, share: int) -> int:
    """The least value that ``share`` percent of the counts do not exceed; -1 when there are too few counts."""
    total = int(histogram.sum())
    if total < ENOUGH:
        return -1
    return int(np.searchsorted(np.cumsum(histogram) * 100, share * total))


def _per_thousand(part: int, whole: int) -> int:
    return part * 1000 // whole if whole else 0


def light(grey: Luma) -> dict[str, int]:
    """Brightness of the whole picture; of it without studio paper ("seen"); and of the brightest of 8 × 8 tiles."""
    found = _brightness(grey.ravel(), "") | _brightness(_without_paper(grey), "seen_")
    return found | {"tile_brightest": _brightest_tile(grey)}


def _brightness(values: NDArray[np.uint8], prefix: str) -> dict[str, int]:
    """Mean and percentiles (0..255, named in thousandths), and the share of very dark pixels in thousandths."""
    histogram = np.bincount(values, minlength=256)
    until = np.cumsum(histogram)
    total = int(until[-1])
    found = {"mean": int((histogram * np.arange(256)).sum()) // total}
    for share in LIGHTS:
        found[f"light{share}"] = int(np.searchsorted(until * 1000, share * total))
    found["below_40"] = int(until[39]) * 1000 // total
    return {prefix + name: value for name, value in found.items()}


def _without_paper(grey: Luma) -> NDArray[np.uint8]:
    """The pixels of all cells but those wholly below 4 or above 251; all pixels when hardly a cell is left."""
    rows, columns = grey.shape[0] // CELL, grey.shape[1] // CELL
    if not rows or not columns:
        return grey.ravel()
    quartered = grey[: rows * CELL, : columns * CELL].reshape(rows, CELL, columns, CELL).swapaxes(1, 2)
    cells = quartered.reshape(rows * columns, CELL * CELL)
    seen = (cells.max(axis=1) >= 4) & (cells.min(axis=1) <= 251)
    return cells[seen].ravel() if int(seen.sum()) * 50 >= len(cells) else grey.ravel()


def _brightest_tile(grey: Luma) -> int:
    rows = np.array_split(grey, min(TILES, grey.shape[0]), axis=0)
    tiles = [tile for row in rows for tile in np.array_split(row, min(TILES, grey.shape[1]), axis=1)]
    return max(int(tile.sum(dtype=np.int64)) // tile.size for tile in tiles)
