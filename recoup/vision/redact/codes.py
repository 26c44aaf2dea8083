"""Find bar and matrix codes, by decoding and by place: on real labels a third of the codes cannot be decoded."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from recoup.vision.redact.covers import Box, Pixels, Points, rectangle
from recoup.vision.redact.stripes import striped_places

Gray = NDArray[np.uint8]
RETAIL = {"EAN-13", "EAN-8", "UPC-A", "UPC-E", "ISBN"}  # printed on the product for everyone to read
BLIND = {"Data Matrix", "Aztec", "MaxiCode"}  # their decoders "see" broken codes in any texture


@dataclass(frozen=True)
class Look:
    """One way of looking: long side in pixels (0: as it is), turned by degrees (bars are only read near level)."""

    long_side: int = 0
    degrees: float = 0.0


LOOKS = (Look(), Look(800), Look(1600), Look(2400), Look(degrees=45))


@dataclass(frozen=True, eq=False)
class Code:
    """Corners float[4, 2] in pixels of the photo; ``value`` is empty when it was found by place only."""

    points: Points
    kind: str
    value: str
    confidence: float

    @property
    def certain(self) -> bool:
        """Found by its own marks, decoded or broken; not only by its texture."""
        return self.confidence >= 0.6


def find_codes(pixels: Pixels, *, looks: tuple[Look, ...] = LOOKS) -> list[Code]:
    """Every code that a decoder sees in one of the looks, whole or broken, and every place striped like one."""
    gray = gray_of(pixels)
    seen = [code for look in looks for code in _seen(gray, look)]
    return [*seen, *(Code(place, "bars", "", 0.5) for place in striped_places(gray))]


def decode_codes(gray: Gray, *, look: Look) -> list[tuple[str, str, Box]]:
    """(kind, value, box) of each code that decodes whole: what an attacker gets."""
    return [(code.kind, code.value, _box(code.points)) for code in _seen(gray, look) if code.value]


def gray_of(pixels: Pixels) -> Gray:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def around(code: Code) -> Points:
    """The code with its quiet zone and the digits printed under it; a scan line has no height, so it is given one."""
    left, top = code.points.min(axis=0)
    right, bottom = code.points.max(axis=0)
    width, height = float(right - left), float(bottom - top)
    side = max(width, height)
    grow_x = max(0.08 * side, (0.4 * side - width) / 2)
    grow_y = max(0.12 * side, (0.4 * side - height) / 2)
    return rectangle(float(left) - grow_x, float(top) - grow_y, width + 2 * grow_x, height + 2 * grow_y)


def _box(points: Points) -> Box:
    left, top = points.min(axis=0)
    right, bottom = points.max(axis=0)
    return (max(0, int(left)), max(0, int(top)), max(1, int(right - left)), max(1, int(bottom - top)))


def _seen(gray: Gray, look: Look) -> list[Code]:
    factor = look.long_side / max(gray.shape) if look.long_side else 1.0
    if factor > 2.5 or (look.long_side and 0.8 < factor < 1.25):
        return []
    turn, size = _turn(gray, factor, look.degrees)
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    looked = gray
    if look.degrees:
        looked = np.asarray(cv2.warpAffine(gray, turn, size, flags=how, borderMode=cv2.BORDER_REPLICATE), np.uint8)
    elif factor != 1:
        looked = np.asarray(cv2.resize(gray, size, interpolation=how), np.uint8)
    read = zxingcpp.read_barcodes(np.ascontiguousarray(looked), return_errors=True)
    back = cv2.invertAffineTransform(turn)
    return [_code(one, back) for one in read if one.valid or str(one.format) not in BLIND]


def _turn(gray: Gray, factor: float, degrees: float) -> tuple[NDArray[np.float64], tuple[int, int]]:
    """The affine map of a look, and the (width, height) that holds the whole turned picture."""
    height, width = gray.shape
    turn = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), degrees, factor), np.float64)
    cosine, sine = abs(turn[0, 0]), abs(turn[0, 1])
    size = (max(1, round(height * sine + width * cosine)), max(1, round(height * cosine + width * sine)))
    turn[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    return turn, size


def _code(barcode: zxingcpp.Barcode, back: NDArray[np.float64]) -> Code:
    place = barcode.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    points = np.array([(corner.x, corner.y, 1.0) for corner in corners]) @ back.T
    value = barcode.text if barcode.valid else ""
    return Code(points.astype(np.float32), str(barcode.format), value, 1.0 if barcode.valid else 0.6)
