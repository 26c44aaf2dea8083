"""Bar codes and square codes in a photo: what they say, of which kind, and where."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recoup.vision.gs1 import Gs1, parse

QUICK_PIXELS = 3_000_000  # a third of the time of a full phone photo, and nearly always enough


@dataclass(frozen=True)
class Code:
    """One code. ``kind`` is a plain word (qr, datamatrix, ean13, upca, code128 …); ``box`` is [x, y, width, height]
    in pixels of the photo given; ``confidence`` is 1.0 where the code's own check digits agree, which is
    all this reader returns, .9 for linear kinds without check digits, and .8 for codes that only a second, sharper
    look made out. ``angle`` is by how many degrees it is turned clockwise; ``gtin`` has 14 digits on retail codes.
    """

    value: str
    kind: str
    box: tuple[int, int, int, int]
    confidence: float
    angle: int = 0
    gtin: str = ""

    @property
    def gs1(self) -> Gs1 | None:
        """GTIN, batch and serial: of a GS1 element string, a Digital Link, or the GTIN that EAN and UPC codes are."""
        return Gs1(self.gtin) if self.gtin else parse(self.value)


KINDS = {"qrcode": "qr", "qrcodemodel1": "qr", "qrcodemodel2": "qr", "microqrcode": "micro_qr", "rmqrcode": "rmqr"}
RETAIL = {"ean13", "ean8", "upca", "upce"}
SMALL_PIXELS = 1_000_000  # pictures up to here may hold a code whose bars are a pixel wide
WITHOUT_CHECK = {"code39", "code39std", "code39ext", "codabar", "itf"}


def read_codes(pixels: NDArray[np.uint8], *, closely: bool = True) -> list[Code]:
    """Every code found in uint8[h, w, 3] RGB pixels, once each, largest first.

    Looks at about 3 megapixels; only when nothing is found there and it is to look ``closely``, at the full picture
    (three times as long again); a small picture is looked at once more, enlarged and with its contrast evened out.
    """
    if min(pixels.shape[:2], default=0) < 8:
        return []
    grey, factor = _grey(pixels)
    found = _read(grey, factor)
    if not found and factor > 1 and closely:
        found = _read(_grey(pixels, quick=False)[0], 1)
    if not found and grey.size <= SMALL_PIXELS:
        found = [_from_enlarged(code) for code in _read(_enlarged(grey), 1)]
    return _once_each(found)


def _grey(pixels: NDArray[np.uint8], *, quick: bool = True) -> tuple[NDArray[np.uint8], int]:
    import cv2

    factor = 1
    while quick and pixels.shape[0] * pixels.shape[1] / (factor * factor) > 1.5 * QUICK_PIXELS:
        factor += 1
    grey = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY)
    if factor > 1:
        size = (max(1, grey.shape[1] // factor), max(1, grey.shape[0] // factor))
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    return np.asarray(grey, dtype=np.uint8), factor


def _enlarged(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    import cv2

    large = cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.createCLAHE(clipLimit=3, tileGridSize=(8, 8)).apply(large), np.uint8)


def _from_enlarged(code: Code) -> Code:
    x, y, width, height = (side // 2 for side in code.box)
    return replace(code, box=(x, y, width, height), confidence=min(code.confidence, 0.8))


def _read(grey: NDArray[np.uint8], factor: int) -> list[Code]:
    import zxingcpp

    found = zxingcpp.read_barcodes(grey, text_mode=zxingcpp.TextMode.Plain)
    return [_code(bar, factor) for bar in found if bar.valid and bar.text]


def _code(bar: Any, factor: int) -> Code:
    corners = bar.position
    points = (corners.top_left, corners.top_right, corners.bottom_right, corners.bottom_left)
    across, down = [point.x * factor for point in points], [point.y * factor for point in points]
    kind, value = _said(bar)
    box = (min(across), min(down), max(across) - min(across), max(down) - min(down))
    gtin = bar.text.zfill(14) if kind in RETAIL else ""
    confidence = 0.9 if kind in WITHOUT_CHECK else 1.0
    return Code(value, kind, box, confidence, angle=bar.orientation % 360, gtin=gtin)


def _said(bar: Any) -> tuple[str, str]:
    """Kind and value as printed under the code: the reader itself tells UPC codes as 13 digits."""
    name, text = bar.format.name.lower(), str(bar.text)
    if name in ("ean13", "upca") and len(text) == 13 and text[0] == "0":
        return "upca", text[1:]
    if name == "upce":
        return name, str((bar.extra or {}).get("UPCE", text))
    if name == "codabar":
        return name, text.strip("ABCDTNE*abcdtne")  # the letters that begin and end it are no part of what it says
    return KINDS.get(name, name), text


def _once_each(found: list[Code]) -> list[Code]:
    by_size = sorted(found, key=lambda code: -code.box[2] * code.box[3])
    seen: dict[tuple[str, str], Code] = {}
    for code in by_size:
        seen.setdefault((code.kind, code.value), code)
    return list(seen.values())
