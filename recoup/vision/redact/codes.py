"""Find bar and matrix codes, by decoding and by place: on real labels a third of the codes cannot be decoded."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from recoup.vision.redact.covers import Box, Pixels, Points, rectangle

Gray = NDArray[np.uint8]
LONG_SIDES = (0, 800, 1600)  # as it is, and scaled to these: decoders miss what is too large or too small
RETAIL = {"EAN-13", "EAN-8", "UPC-A", "UPC-E", "ISBN"}  # printed on the product for everyone to read
BLIND = {"Data Matrix", "Aztec", "MaxiCode"}  # their decoders "see" broken codes in any texture


@dataclass(frozen=True, eq=False)
class Code:
    """Corners float[4, 2] in pixels of the photo; ``value`` is empty when it was found by place only."""

    points: Points
    kind: str
    value: str
    confidence: float


def find_codes(pixels: Pixels, *, long_sides: tuple[int, ...] = LONG_SIDES) -> list[Code]:
    """Every code that decodes at one of the scales, and every place that looks like one."""
    gray = gray_of(pixels)
    decoded = [code for side in long_sides for code in _decoded(gray, side)]
    return [*decoded, *_bars(gray), *_squares(gray)]


def gray_of(pixels: Pixels) -> Gray:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def decode_codes(gray: Gray, *, long_side: int = 0) -> list[tuple[str, str, Box]]:
    """(kind, value, box) of each code that decodes whole: what an attacker gets."""
    return [(code.kind, code.value, _box(code.points)) for code in _decoded(gray, long_side) if code.value]


def _box(points: Points) -> Box:
    left, top = points.min(axis=0)
    right, bottom = points.max(axis=0)
    return (int(left), int(top), max(1, int(right - left)), max(1, int(bottom - top)))


def _decoded(gray: Gray, long_side: int) -> list[Code]:
    factor = long_side / max(gray.shape) if long_side else 1.0
    if factor > 3 or (long_side and 0.8 < factor < 1.25):
        return []
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    scaled = gray if factor == 1 else cv2.resize(gray, None, fx=factor, fy=factor, interpolation=how)
    read = zxingcpp.read_barcodes(np.ascontiguousarray(scaled), return_errors=True)
    return [_code(one, factor) for one in read if one.valid or str(one.format) not in BLIND]


def _code(barcode: zxingcpp.Barcode, factor: float) -> Code:
    place = barcode.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    points = np.array([(corner.x, corner.y) for corner in corners], np.float32) / factor
    value = barcode.text if barcode.valid else ""
    return Code(points, str(barcode.format), value, 1.0 if barcode.valid else 0.6)


def _bars(gray: Gray) -> list[Code]:
    """Places striped in one direction, dense and even, as OpenCV's barcode detector sees them."""
    found, places = cv2.barcode.BarcodeDetector().detect(gray)
    if not found or places is None:
        return []
    return [Code(np.asarray(place, np.float32).reshape(4, 2), "bars", "", 0.5) for place in places]


def _squares(gray: Gray) -> list[Code]:
    """Places with the three corner marks of a QR code, whether or not it decodes."""
    found, places = cv2.QRCodeDetector().detectMulti(gray)
    if not found or places is None:
        return []
    return [Code(np.asarray(place, np.float32).reshape(4, 2), "QR Code", "", 0.5) for place in places]


def around(code: Code) -> Points:
    """The code with its quiet zone and the digits printed under it; a scan line has no height, so it is given one."""
    left, top = code.points.min(axis=0)
    right, bottom = code.points.max(axis=0)
    width, height = float(right - left), float(bottom - top)
    side = max(width, height)
    grow_x = max(0.08 * side, (0.4 * side - width) / 2)
    grow_y = max(0.12 * side, (0.4 * side - height) / 2)
    return rectangle(float(left) - grow_x, float(top) - grow_y, width + 2 * grow_x, height + 2 * grow_y)
