"""A 64-bit perceptual hash: two photos of one moment are a few bits apart, strangers about thirty."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SIDE = 32
SAME_PICTURE = 10  # bits; measured: all mild copies lie within, 1.3e-4 of strangers do


def phash(pixels: NDArray[np.uint8]) -> int:
    """The hash of uint8[h, w, 3] RGB pixels: the signs of the 64 lowest cosine waves around their median."""
    import cv2

    grey = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    waves = cv2.dct(small)[:8, :8].ravel()
    bits = waves > np.median(waves[1:])
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def distance(one: int, other: int) -> int:
    """How many of the 64 bits differ."""
    return (one ^ other).bit_count()
