"""Printed text in a photo, and which of it looks like a serial number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SHORT_SIDE, LONG_SIDE = 640, 1280  # pixels in which lines are sought
SURE = 0.8  # a line read with less is not trusted with a number
SERIAL = r"[A-Z0-9][A-Z0-9/\-]{4,29}"
Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class TextLine:
    """One line of text; ``polygon`` has four (x, y) corners in pixels of the photo given."""

    text: str
    polygon: tuple[tuple[int, int], ...]
    confidence: float


@dataclass(frozen=True)
class Serial:
    """A printed word that looks like a serial number, in capitals; ``box`` is [x, y, width, height] in pixels."""

    text: str
    box: tuple[int, int, int, int]
    confidence: float


def read_text(pixels: Pixels) -> list[TextLine]:
    """Every line of text in uint8[h, w, 3] RGB pixels, from top to bottom. About half a second a photo, two threads.

    The networks are PP-OCR's, as in redaction: found in a small picture, read in the full one.
    """
    from recoup.vision.redact.reading import read_lines
    from recoup.vision.redact.text import View, find_lines

    found = [line.points for line in find_lines(pixels, views=(View(0, SHORT_SIDE, LONG_SIDE),))]
    found.sort(key=lambda points: (float(points[:, 1].mean()), float(points[:, 0].mean())))
    readings = read_lines(pixels, found)
    return [
        TextLine(reading.text, _corners(points), reading.score)
        for reading, points in zip(readings, found, strict=True)
        if reading.text.strip()
    ]


def _corners(points: NDArray[np.float32]) -> tuple[tuple[int, int], ...]:
    """Top left first, and round with the clock."""
    total, skew = points.sum(axis=1), points[:, 0] - points[:, 1]
    order = (total.argmin(), skew.argmax(), total.argmax(), skew.argmin())
    return tuple((int(points[place, 0]), int(points[place, 1])) for place in order)


def read_serials(pixels: Pixels, *, pattern: str = SERIAL) -> list[Serial]:
    """What looks like a serial number in uint8[h, w, 3] RGB pixels, once each, read with some certainty."""
    return serials_in(read_text(pixels), pattern)


def serials_in(lines: Iterable[TextLine], pattern: str = SERIAL) -> list[Serial]:
    """Words that match ``pattern`` whole and hold a digit, in reading order, once each; the surest of equal ones."""
    found: dict[str, Serial] = {}
    for line in lines:
        for word, begin, end in _words(line.text.upper()):
            before = found.get(word)
            fits = re.fullmatch(pattern, word) and any(letter.isdigit() for letter in word)
            if fits and line.confidence >= max(SURE, before.confidence if before else 0.0):
                found[word] = Serial(word, _part(line, begin, end), round(line.confidence, 3))
    return list(found.values())


def _words(text: str) -> Iterator[tuple[str, float, float]]:
    """Each word without its brackets and full stops, and where it begins and ends in the text, 0 … 1."""
    for match in re.finditer(r"[^\s:#]+", text):
        yield match[0].strip(".,;:()[]"), match.start() / len(text), match.end() / len(text)


def _part(line: TextLine, begin: float, end: float) -> tuple[int, int, int, int]:
    """The upright box around a part of the line; its four corners go round from the text's own top left."""
    top_left, top_right, bottom_right, bottom_left = (np.array(corner, float) for corner in line.polygon)
    upper, lower = top_right - top_left, bottom_right - bottom_left
    corners = [top_left + upper * begin, top_left + upper * end, bottom_left + lower * begin, bottom_left + lower * end]
    left, top = np.min(corners, axis=0)
    right, bottom = np.max(corners, axis=0)
    return (int(left), int(top), round(float(right - left)), round(float(bottom - top)))
