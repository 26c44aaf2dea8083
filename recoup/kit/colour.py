"""Colours as people see them (OKLCH), and whether one can be read on another (WCAG 2.2's contrast)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

READABLE = 4.5
_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_STEP = 0.004  # of lightness
_TO_CONE = ((0.4122214708, 0.5363325363, 0.0514459929), (0.2119034982, 0.6806995451, 0.1073969566),
            (0.0883024619, 0.2817188376, 0.6299787005))  # fmt: skip
_TO_LAB = ((0.2104542553, 0.7936177850, -0.0040720468), (1.9779984951, -2.4285922050, 0.4505937099),
           (0.0259040371, 0.7827717662, -0.8086757660))  # fmt: skip
_FROM_LAB = ((1.0, 0.3963377774, 0.2158037573), (1.0, -0.1055613458, -0.0638541728),
             (1.0, -0.0894841775, -1.2914855480))  # fmt: skip
_FROM_CONE = ((4.0767416621, -3.3077115913, 0.2309699292), (-1.2684380046, 2.6097574011, -0.3413193965),
              (-0.0041960863, -0.7034186147, 1.7076147010))  # fmt: skip
Three = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Colour:
    """Lightness 0 to 1, chroma 0 to about 0.4, hue in degrees."""

    lightness: float
    chroma: float
    hue: float

    @property
    def hex(self) -> str:
        """As screens show it: a chroma that they cannot show is lowered until they can."""
        return "#" + "".join(f"{round(part * 255):02x}" for part in self._shown())

    def at(self, lightness: float) -> Colour:
        return Colour(min(max(lightness, 0.0), 1.0), self.chroma, self.hue)

    def _shown(self) -> Three:
        chroma = self.chroma
        while not _fits(linear := _linear(self.lightness, chroma, self.hue)) and chroma > 0:
            chroma = max(chroma - 0.002, 0.0)
        return _each(linear, lambda part: _gamma(min(max(part, 0.0), 1.0)))


def read(written: str) -> Colour | None:
    """The colour in '#0b5d66' or '#06c'; None when it is none."""
    if not _HEX.fullmatch(written):
        return None
    lab = _times(
        _TO_LAB, _each(_times(_TO_CONE, _unlinear(written)), lambda part: math.copysign(abs(part) ** (1 / 3), part))
    )
    return Colour(lab[0], math.hypot(lab[1], lab[2]), math.degrees(math.atan2(lab[2], lab[1])) % 360)


def contrast(one: Colour, other: Colour) -> float:
    """1 to 21, between the two as screens show them."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: Colour, on: Callable[[Colour], Iterable[Colour]], *, by: float) -> Colour:
    """The colour, darker (``by`` -1) or lighter (+1) until it can be read on all that ``on`` gives for it."""
    end = 1.0 if by > 0 else 0.0
    while colour.lightness != end and any(contrast(colour, each) < READABLE for each in on(colour)):
        colour = colour.at(colour.lightness + by * _STEP)
    return colour


def _luminance(colour: Colour) -> float:
    red, green, blue = _unlinear(colour.hex)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _unlinear(written: str) -> Three:
    digits = written.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return _each((red, green, blue), lambda part: part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)


def _linear(lightness: float, chroma: float, hue: float) -> Three:
    angle = math.radians(hue)
    cone = _times(_FROM_LAB, (lightness, chroma * math.cos(angle), chroma * math.sin(angle)))
    return _times(_FROM_CONE, _each(cone, lambda part: part**3))


def _gamma(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _fits(linear: Three) -> bool:
    return all(-1e-4 <= part <= 1 + 1e-4 for part in linear)


def _each(three: Three, change: Callable[[float], float]) -> Three:
    return change(three[0]), change(three[1]), change(three[2])


def _times(matrix: tuple[Three, Three, Three], three: Three) -> Three:
    first, second, third = (sum(a * b for a, b in zip(row, three, strict=True)) for row in matrix)
    return first, second, third
