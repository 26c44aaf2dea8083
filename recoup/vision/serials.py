"""Printed text in a photo, and which of it looks like a serial number."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

LONG_SIDE = 2000
SERIAL = r"[A-Z0-9][A-Z0-9/\-]{4,29}"
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class TextLine:
    """One line of text; ``polygon`` has four (x, y) corners in pixels of the photo given."""

    text: str
    polygon: tuple[tuple[int, int], ...]
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


def serial_like(lines: Iterable[TextLine], pattern: str = SERIAL) -> list[str]:
    """Words that match ``pattern`` whole and hold a digit, in reading order, once each; capitals throughout."""
    whole = re.compile(pattern)
    words = (word.strip(".,;:()[]") for line in lines for word in re.split(r"[\s:#]+", line.text.upper()))
    fitting = (word for word in words if whole.fullmatch(word) and any(letter.isdigit() for letter in word))
    return list(dict.fromkeys(fitting))
