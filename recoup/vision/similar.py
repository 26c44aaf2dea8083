"""The same photo again: cut, shrunk, darkened, turned or mirrored, and still the same picture.

Two cheap looks find candidates among all photos ever sent: a 64-bit perceptual hash of the whole picture, asked in
eight orientations, and visual words, which are short hashes of single keypoints and survive a deep crop. Neither is
trusted: a candidate counts only once its pixels, laid over the photo, agree nearly everywhere. The same product in
two photos shares keypoints, but not its surroundings, its shadows and its noise.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recoup.vision.views import fitted

Pixels = NDArray[np.uint8]
Numbers = NDArray[np.float32]

SIDE = 32
SAME_PICTURE = 10  # bits; measured: all mild copies lie within, 1.3e-4 of strangers do
LONG_SIDE = 400  # pixels in which keypoints are sought
KEYPOINTS = 400
WORD_KEYPOINTS = 100  # the strongest ones become words
TABLES, BITS = 4, 28  # words for each keypoint, and how many bits each has
SHARED_WORDS = 4  # from here a photo is a candidate: 1.5 % of strangers, and all but 1 in 100 copies cut by 20 %
MOST_CANDIDATES = 8  # are opened and compared


@dataclass(frozen=True)
class Fingerprint:
    """What is kept of a photo so that copies of it are found. ``phash`` is 64 unsigned bits, ``words`` are sorted
    31-bit numbers, each once. ``turned`` (eight hashes, the first is ``phash``) and ``mirrored`` are asked with only.
    """

    phash: int
    words: tuple[int, ...]
    turned: tuple[int, ...]
    mirrored: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Sketch:
    """A small grey picture with its keypoints: ``places`` float[n, 2] (x, y), ``traits`` float[n, 128]."""

    grey: Pixels
    places: Numbers
    traits: Numbers


def fingerprint(pixels: Pixels, drawn: Sketch | None = None) -> Fingerprint:
    """The fingerprint of uint8[h, w, 3] RGB pixels; about 20 ms, most of it for ``sketch(pixels)`` unless given."""
    drawn = drawn or sketch(pixels)
    turned = _turned_hashes(_square(pixels))
    strongest = drawn.traits[:WORD_KEYPOINTS]
    return Fingerprint(turned[0], _words(strongest), turned, _words(mirrored_traits(strongest)))


def phash(pixels: Pixels) -> int:
    """The hash of uint8[h, w, 3] RGB pixels: the signs of the 64 lowest cosine waves around their median."""
    return _hash(_square(pixels))


def distance(one: int, other: int) -> int:
    """How many of the 64 bits differ."""
    return (one ^ other).bit_count()


def _square(pixels: Pixels) -> Numbers:
    import cv2

    grey = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.float32)


def _hash(square: Numbers) -> int:
    import cv2

    waves = cv2.dct(np.ascontiguousarray(square))[:8, :8].ravel()
    bits = waves > np.median(waves[1:])
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def _turned_hashes(square: Numbers) -> tuple[int, ...]:
    """As it is, turned by one, two and three quarters, and the same four of the mirror image."""
    return tuple(_hash(np.rot90(face, quarters)) for face in (square, square[:, ::-1]) for quarters in range(4))


def sketch(pixels: Pixels, *, long_side: int = LONG_SIDE, keypoints: int = KEYPOINTS) -> Sketch:
    """The strongest keypoints of uint8[h, w, 3] RGB pixels, strongest first, sought at ``long_side`` pixels."""
    return _drawn(_small_grey(pixels, long_side), keypoints)


def sketch_of_view(jpeg: bytes) -> Sketch:
    """The same of a view that we derived and sealed ourselves: no stranger wrote it, so it is opened here, at half size.

    Raises ValueError for bytes that are no picture.
    """
    import cv2

    grey = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_REDUCED_GRAYSCALE_2)
    if grey is None:
        raise ValueError("A derived view is a JPEG.")
    if max(grey.shape) < LONG_SIDE:
        grey = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    return _drawn(fitted(np.asarray(grey, np.uint8), LONG_SIDE), KEYPOINTS)


def _drawn(grey: Pixels, keypoints: int) -> Sketch:
    found, traits = _detector(keypoints).detectAndCompute(grey, None)
    if not found or traits is None:
        return Sketch(grey, np.zeros((0, 2), np.float32), np.zeros((0, 128), np.float32))
    order = np.argsort([-point.response for point in found], kind="stable")[:keypoints]
    places = np.array([found[number].pt for number in order], np.float32)
    # Square roots of shares compare better than the raw counts.
    shares = traits[order] / np.maximum(traits[order].sum(axis=1, keepdims=True), 1e-6)
    return Sketch(grey, places, np.sqrt(shares).astype(np.float32))


def _small_grey(pixels: Pixels, long_side: int) -> Pixels:
    import cv2

    return fitted(np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY), np.uint8), long_side)


@cache
def _detector(keypoints: int) -> Any:
    import cv2

    return cv2.SIFT.create(nfeatures=keypoints, contrastThreshold=0.02)


def mirrored_traits(traits: Numbers) -> Numbers:
    """What the mirror image's keypoints would look like: 4 × 4 places × 8 directions, the rows and directions turned."""
    cells = traits.reshape(-1, 4, 4, 8)[:, ::-1]
    return np.ascontiguousarray(cells[..., (-np.arange(8)) % 8].reshape(-1, 128))


def _words(traits: Numbers) -> tuple[int, ...]:
    """Each keypoint in TABLES words: on which sides of BITS random planes it lies."""
    if not len(traits):
        return ()
    centred = traits - traits.mean(axis=1, keepdims=True)
    sides = (centred @ _planes() > 0).reshape(len(traits), TABLES, BITS)
    values = sides @ (1 << np.arange(BITS)) + (np.arange(TABLES) << BITS)
    return tuple(sorted({int(value) for value in values.ravel()}))


@cache
def _planes() -> Numbers:
    """float[128, TABLES · BITS] of ±1, the same on every machine for ever: words are kept."""
    count = 128 * TABLES * BITS
    bits = np.unpackbits(np.frombuffer(hashlib.shake_256(b"recoup visual words 1").digest(count // 8), np.uint8))
    return (bits.reshape(128, TABLES * BITS) * 2.0 - 1.0).astype(np.float32)
