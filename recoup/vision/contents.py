"""Where something is in the picture, and where light has burnt a hole into it: in whole numbers, on a grid of cells.

A cell shows something when light varies within it, or when it is lighter or darker than most of the picture's rim.
That says how much of the picture the thing fills and which sides it runs into. A reflection is a burnt cell with
darker cells on all four sides; white paper behind a product is open to at least one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recoup.vision.luma import Luma

CELL = 8
VARIED = 40  # of 255, within a cell
DIFFERENT = 72  # between a cell and the rim: more than a shadow or a lamp from one side makes
BURNT, SHADE = 250, 200

Flags = NDArray[np.bool_]


def contents(grey: Luma) -> dict[str, int]:
    """Shares in thousandths: cells that show something, the same along each side, and cells burnt by a reflection."""
    rows, columns = grey.shape[0] // CELL, grey.shape[1] // CELL
    if not rows or not columns:
        return dict.fromkeys(("filled", "rim_top", "rim_right", "rim_bottom", "rim_left", "glare"), -1)
    cells = grey[: rows * CELL, : columns * CELL].reshape(rows, CELL, columns, CELL)
    lightest, darkest = cells.max(axis=(1, 3)).astype(np.int64), cells.min(axis=(1, 3)).astype(np.int64)
    means = cells.sum(axis=(1, 3), dtype=np.int64) // (CELL * CELL)
    shows = (lightest - darkest >= VARIED) | (np.abs(means - _rim(means)) >= DIFFERENT)
    return {
        "filled": _share(shows),
        "rim_top": _share(shows[0]),
        "rim_right": _share(shows[:, -1]),
        "rim_bottom": _share(shows[-1]),
        "rim_left": _share(shows[:, 0]),
        "glare": _share((means >= BURNT) & _enclosed(means < SHADE)),
    }


def _rim(means: NDArray[np.int64]) -> int:
    """The middle brightness of the outermost cells (the lower one of two); corners count twice."""
    around = sorted([*means[0], *means[-1], *means[:, 0], *means[:, -1]])
    return int(around[(len(around) - 1) // 2])


def _enclosed(dark: Flags) -> Flags:
    """Cells with a dark one somewhere to the left, to the right, above and below."""
    seen = [np.logical_or.accumulate(dark, axis=axis) for axis in (0, 1)]
    seen += [np.flip(np.logical_or.accumulate(np.flip(dark, axis), axis=axis), axis) for axis in (0, 1)]
    return seen[0] & seen[1] & seen[2] & seen[3]


def _share(flags: Flags) -> int:
    return int(flags.sum()) * 1000 // flags.size
