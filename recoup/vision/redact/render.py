"""Paint the covers and write the copy: from raw pixels, solid, without anything but the picture in the file."""

from __future__ import annotations

import io
from collections.abc import Iterable

import cv2
import numpy as np
from PIL import Image

from recoup.vision.redact.covers import Cover, Pixels, mask_of

COLOUR = (84, 88, 94)  # one neutral grey for every kind, so that a cover does not tell what it hides
LONGEST_SIDE = 2400
QUALITY = 90


def fitted(pixels: Pixels) -> Pixels:
    """The picture at the copy's size: nobody gets more detail than the finders looked at."""
    factor = LONGEST_SIDE / max(pixels.shape[:2])
    if factor >= 1:
        return pixels
    size = (max(1, round(pixels.shape[1] * factor)), max(1, round(pixels.shape[0] * factor)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def paint(pixels: Pixels, covers: Iterable[Cover]) -> Pixels:
    """A new picture with every cover filled; what lay under it is not in the pixels any more."""
    painted = pixels.copy()
    painted[mask_of(covers, shape=pixels.shape) > 0] = COLOUR
    return painted


def encode(pixels: Pixels) -> bytes:
    """JPEG from raw pixels. The same pixels give the same bytes; there is no metadata to strip, as none is written."""
    written = io.BytesIO()
    Image.fromarray(pixels).save(written, "JPEG", quality=QUALITY, subsampling=0, optimize=False, progressive=False)
    return written.getvalue()
