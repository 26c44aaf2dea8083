"""Open a photo safely: any bytes in, upright RGB pixels out, or one refusal with a sentence.

The decoders themselves run in small child processes with memory, time and pixel limits (decoder_pool.py),
because a picture file is a program written by a stranger. This process only ever sees raw pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recoup.vision import file_kinds
from recoup.vision.unreadable import Empty, NotAPhoto, TooLarge, UnknownKind, Unreadable

__all__ = ["LIMITS", "Limits", "Picture", "Unreadable", "decode"]

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Limits:
    """What one file may cost. Larger JPEGs than ``pixels`` are decoded at half or quarter size."""

    bytes: int = 64 * 1024 * 1024
    pixels: int = 64_000_000
    claimed_pixels: int = 256_000_000
    memory: int = 600 * 1024 * 1024
    seconds: float = 20.0


LIMITS = Limits()


@dataclass(frozen=True, eq=False)
class Picture:
    """A decoded photo. ``pixels`` is uint8[height, width, 3], sRGB, upright.

    ``exif_orientation`` is what the file said (1 when it said nothing) and is already applied; ``says_upright``
    tells whether it said anything. ``taken_at`` is
    the camera's clock: aware when the camera wrote its offset, naive otherwise, None when absent.
    """

    pixels: Pixels
    media_type: str
    width: int
    height: int
    exif_orientation: int = 1
    taken_at: datetime | None = None
    frames: int = 1
    says_upright: bool = False


def decode(data: bytes, *, limits: Limits = LIMITS) -> Picture:
    """Decode one photo file. Raises Unreadable (415) with one sentence; never anything else for bad bytes."""
    from recoup.vision.decoder_pool import POOL

    media_type = _announced(data, limits)
    pixels, told = POOL.open_safely(data, media_type=media_type, limits=limits)
    return Picture(
        pixels=pixels,
        media_type=media_type,
        width=int(pixels.shape[1]),
        height=int(pixels.shape[0]),
        exif_orientation=int(told.get("orientation", 1)),
        taken_at=_taken_at(told),
        frames=int(told.get("frames", 1)),
        says_upright=bool(told.get("says_upright", False)),
    )


def _announced(data: bytes, limits: Limits) -> str:
    if not data:
        raise Empty()
    if len(data) > limits.bytes:
        raise TooLarge(megabytes=round(len(data) / 1048576), limit=limits.bytes // 1048576)
    head = bytes(data[:4096])
    media_type = file_kinds.media_type(head)
    if media_type is None:
        name = file_kinds.plain_name(head)
        raise NotAPhoto(what=name) if name else UnknownKind()
    return media_type


def _taken_at(told: dict[str, Any]) -> datetime | None:
    """EXIF writes "2026:03:01 10:20:30" and, on newer phones, "+01:00" beside it. Cameras write nonsense too."""
    stamp, offset = str(told.get("taken", "")), str(told.get("offset", ""))
    for text, form in ((stamp + offset, "%Y:%m:%d %H:%M:%S%z"), (stamp, "%Y:%m:%d %H:%M:%S")):
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return None
