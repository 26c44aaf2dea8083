"""Derived views: a photo made anew from raw pixels, so that nothing of the original file can come along."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray


def derive(pixels: NDArray[np.uint8], long_side: int = 1600, quality: int = 85) -> bytes:
    """A JPEG (sRGB, no metadata at all) of uint8[h, w, 3] RGB pixels, at most ``long_side`` pixels long.

    Never enlarges. The same pixels and numbers give the same bytes.
    """
    from PIL import Image

    image = Image.fromarray(np.ascontiguousarray(pixels), mode="RGB")
    largest = max(image.size)
    if largest > long_side:
        size = (max(1, image.width * long_side // largest), max(1, image.height * long_side // largest))
        image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=False)
    return out.getvalue()
