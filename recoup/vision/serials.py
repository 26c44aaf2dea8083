"""Printed text in a photo, and which of it looks like a serial number."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

LONG_SIDE = 2000
SURE = 0.8  # a line read with less is not trusted with a number
SERIAL = r"[A-Z0-9][A-Z0-9/\-]{4,29}"
_ONE_AT_A_TIME = threading.Lock()


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


@cache
def _reader() -> Any:
    from rapidocr import RapidOCR

    threads = {"EngineConfig.onnxruntime.intra_op_num_threads": 2, "EngineConfig.onnxruntime.inter_op_num_threads": 1}
    return RapidOCR(params={"Global.log_level": "error", "Global.max_side_len": LONG_SIDE, **threads})


def read_text(pixels: NDArray[np.uint8]) -> list[TextLine]:
    """Every line of text in uint8[h, w, 3] RGB pixels, from top to bottom. About a second a photo, two threads."""
    with _ONE_AT_A_TIME:  # the models are shared, and two at once would only fight for the same cores
        read = _reader()(np.ascontiguousarray(pixels[:, :, ::-1]))
    if read.boxes is None or not read.txts:
        return []
    lines = zip(read.txts, read.boxes, read.scores, strict=True)
    return [TextLine(text, tuple((int(x), int(y)) for x, y in box), float(score)) for text, box, score in lines]


def read_serials(pixels: NDArray[np.uint8], *, pattern: str = SERIAL) -> list[Serial]:
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


def serial_like(lines: Iterable[TextLine], pattern: str = SERIAL) -> list[str]:
    """Only the words of ``serials_in``."""
    return [serial.text for serial in serials_in(lines, pattern)]


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
