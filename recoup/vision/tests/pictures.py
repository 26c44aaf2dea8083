"""Pictures made for the tests: an easy scene with sharp edges, and files that mean harm."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]


def scene(width: int = 640, height: int = 480) -> Pixels:
    """Boxes of many greys and colours on a mid-grey table: sharp edges in all directions, ordinary light."""
    chance = np.random.default_rng(7)
    pixels = np.full((height, width, 3), 120, np.uint8)
    for _ in range(120):
        x, y, size = int(chance.integers(width)), int(chance.integers(height)), int(chance.integers(8, 60))
        colour = chance.integers(20, 236, 3)
        if chance.random() < 0.5:
            _tilted(pixels, x, y, size, colour)
        else:
            pixels[y : y + size, x : x + size] = colour
    return pixels


def _tilted(pixels: Pixels, x: int, y: int, size: int, colour: NDArray[np.int64]) -> None:
    """A box that stands on its corner; looked for only where it can be."""
    top, left = max(0, y - size), max(0, x - size)
    part = pixels[top : y + size, left : x + size]
    down, across = np.ogrid[top : top + part.shape[0], left : left + part.shape[1]]
    part[np.abs(across - x) + np.abs(down - y) < size] = colour


def blurred(pixels: Pixels, *, radius: float = 6.0) -> Pixels:
    import cv2

    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), radius), np.uint8)


def moved(pixels: Pixels, *, length: int = 25) -> Pixels:
    """As if the phone had been pulled sideways."""
    import cv2

    return np.asarray(cv2.filter2D(pixels, -1, np.full((1, length), 1 / length, np.float32)), np.uint8)


def packed(pixels: Pixels, form: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, form, **options)
    return out.getvalue()


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG of a few kilobytes that claims 900 megapixels and would really unpack to them, for a while."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(4_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) * 4 + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


# 64 × 48, blue with a red upper left quarter, to be shown turned a quarter to the right (made with libheif and x265).
TURNED_HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAchtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "ADRpbG9jAAAAAERAAAIAAQAAAAAB7AABAAAAAAAAAFoAAgAAAAACRgABAAAAAAAAACQAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAA"
    "AAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAABB2lwcnAAAADmaXBjbwAAAHZodmNDAQNwAAAA"
    "kAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq"
    "5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xh"
    "cAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBpeGkAAAAAAwgICAAAAAlpcm90AwAAABlpcG1hAAAAAAAAAAEA"
    "AQaBAgMFhIYAAAAaaXJlZgAAAAAAAAAOY2RzYwACAAEAAQAAAIZtZGF0AAAAVigBrwngITip/+tnf/xMdl7mXJ5Wnv1j//NsvvJe"
    "f/l0bdH6SbI89H/94k3j76nb/7U/rgsNb+AfROC8L6a1c5KlMe/ijGo7Yc+4+AQoThrbHVzXC5mYAAAABkV4aWYAAE1NACoAAAAI"
    "AAEBEgADAAAAAQAGAAAAAAAA"
)
