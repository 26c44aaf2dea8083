"""The pictures that the gate learns from, and how a good one is spoilt on purpose.

Only pictures whose manifest says *train* are learned from; *judge* pictures measure, and place a few thresholds.
"""

from __future__ import annotations

import csv
import zlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Light = NDArray[np.float32]

LEARN_SHARP = {"blur_gopro", "blur_grocery", "product_natural", "rel_goods", "parcel"}  # photos, no studio cut-outs
LONG_SIDES = (256, 256, 348, 512, 512, 640, 1024, 1280)


@dataclass(frozen=True)
class Entry:
    """One row of the manifest. ``set`` is the folder, ``use`` train or judge."""

    file: str
    label: str
    use: str

    @property
    def set(self) -> str:
        return self.file.split("/")[0]


def manifest(folder: Path) -> list[Entry]:
    with (folder / "MANIFEST.csv").open(encoding="utf-8", newline="") as lines:
        return [Entry(row["file"], row["label"], row["use"]) for row in csv.DictReader(lines)]


def is_learned_sharp(entry: Entry) -> bool:
    return entry.use == "train" and entry.set in LEARN_SHARP and not entry.label.startswith("blur")


def spoilt(pixels: Pixels, *, name: str) -> dict[str, Pixels]:
    """The same picture as a phone might have taken it: twice sharp, blurred in four ways, and in bad light.

    Each copy has its own size and wear. The lens blurs light, not the brightness that a file stores, so blur and
    exposure are worked out in linear light; noise, sharpening and JPEG come after, as they do in a phone.
    """
    chance = np.random.default_rng(zlib.crc32(name.encode()))
    copies = {kind: worn(_focused(smaller(pixels, chance), chance), chance) for kind in ("sharp", "sharp_again")}
    for kind in ("gauss", "defocus", "motion", "shake"):
        copies[kind] = worn(_blurred(smaller(pixels, chance), kind, chance), chance)
    copies["dark"] = _exposed(smaller(pixels, chance), chance.uniform(0.02, 0.2), chance)
    copies["spot"] = _exposed(_torchlit(smaller(pixels, chance), chance), 1.0, chance)
    copies["bright"] = _exposed(smaller(pixels, chance), chance.uniform(2.0, 6.0), chance)
    return copies


def smaller(pixels: Pixels, chance: np.random.Generator) -> Pixels:
    largest = max(pixels.shape[:2])
    side = min(largest, int(chance.choice(LONG_SIDES)))
    size = (max(48, pixels.shape[1] * side // largest), max(48, pixels.shape[0] * side // largest))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _focused(pixels: Pixels, chance: np.random.Generator) -> Light:
    """No lens is perfect: now and then a touch of softness that nobody would call blur."""
    if chance.random() < 0.4:
        return _blur(pixels, chance.uniform(0.3, 0.6))
    return pixels.astype(np.float32)


def _blurred(pixels: Pixels, kind: str, chance: np.random.Generator) -> Light:
    """Blur by a radius that is clearly visible at this size (1.5 to 9 pixels at a long side of 512)."""
    radius = float(np.exp(chance.uniform(np.log(1.5), np.log(9)))) * (max(pixels.shape[:2]) / 512) ** 0.5
    linear = _linear(pixels)
    if kind == "gauss":
        return _stored(_blur(linear, radius * 0.6))
    spread = {
        "defocus": lambda: disc(radius),
        "motion": lambda: path(radius * 2.6, bend=0.02, chance=chance),
        "shake": lambda: path(radius * 4, bend=0.25, chance=chance),
    }[kind]()
    return _stored(np.asarray(cv2.filter2D(linear, -1, spread, borderType=cv2.BORDER_REFLECT), np.float32))


def disc(radius: float) -> Light:
    size = int(np.ceil(radius)) * 2 + 1
    down, across = np.mgrid[:size, :size] - size // 2
    inside = np.clip(radius + 0.5 - np.hypot(across, down), 0, 1)
    return np.asarray(inside / inside.sum(), dtype=np.float32)


def path(length: float, *, bend: float, chance: np.random.Generator) -> Light:
    """Where a point goes while the shutter is open: 64 equal steps, each turned a little from the one before."""
    heading = chance.uniform(0, 2 * np.pi) + np.cumsum(chance.normal(0, bend, 64))
    steps = np.cumsum([np.cos(heading), np.sin(heading)], axis=1) * length / 64
    size = (int(np.ceil(length * 1.3)) | 1) + 2
    places = steps - (steps.max(axis=1, keepdims=True) + steps.min(axis=1, keepdims=True)) / 2 + (size - 1) / 2
    spread = np.zeros((size, size), np.float32)
    for across, down in places.T:
        _drop(spread, float(across), float(down))
    return np.asarray(spread / spread.sum(), dtype=np.float32)


def _drop(spread: Light, across: float, down: float) -> None:
    """One unit of light at a point between pixels, shared by the four around it."""
    x, y = int(across), int(down)
    right, below = across - x, down - y
    shares = ((0, 0, (1 - below) * (1 - right)), (0, 1, (1 - below) * right), (1, 0, below * (1 - right)))
    for row, column, share in (*shares, (1, 1, below * right)):
        if 0 <= y + row < len(spread) and 0 <= x + column < len(spread):
            spread[y + row, x + column] += share


def worn(light: Light, chance: np.random.Generator) -> Pixels:
    """Other contrast, other light, sensor noise, sharpening, JPEG: what every photo goes through after the lens."""
    middle = light.mean()
    seen = ((light - middle) * chance.uniform(0.6, 1.1) + middle) * chance.uniform(0.45, 1.15)
    if chance.random() < 0.7:
        seen = seen + _grain(seen.shape, chance)
    if chance.random() < 0.5:
        amount = chance.uniform(0.2, 1.2)
        seen = seen + amount * (seen - _blur(seen.astype(np.float32), chance.uniform(0.8, 1.6)))
    return _pressed(np.clip(seen, 0, 255).astype(np.uint8), chance)


def _grain(shape: tuple[int, ...], chance: np.random.Generator) -> Light:
    """Noise in brightness and, less, in colour; in half of the photos as coarse as a phone's filter leaves it."""
    strength = float(np.exp(chance.uniform(np.log(0.7), np.log(6))))
    grain = chance.normal(0, strength, (*shape[:2], 1)) + chance.normal(0, strength * 0.4, shape)
    return _blur(grain.astype(np.float32), 0.6) * 1.6 if chance.random() < 0.5 else grain.astype(np.float32)


def _torchlit(pixels: Pixels, chance: np.random.Generator) -> Pixels:
    """Night, and the light of a torch on one spot."""
    height, width = pixels.shape[:2]
    down, across = np.mgrid[:height, :width]
    radius = chance.uniform(0.04, 0.12) * max(height, width)
    away = np.hypot(across - width * chance.uniform(0.25, 0.75), down - height * chance.uniform(0.25, 0.75))
    lamp = np.exp(-((away / radius) ** 2) / 2)[..., None] * chance.uniform(0.5, 3)
    return np.clip(_stored(_linear(pixels) * (chance.uniform(0.01, 0.06) + lamp)), 0, 255).astype(np.uint8)


def _exposed(pixels: Pixels, gain: float, chance: np.random.Generator) -> Pixels:
    """Too little or too much light: as the sensor sees it, with its noise."""
    light = _linear(pixels) * gain + chance.normal(0, 0.002, pixels.shape)
    return _pressed(_stored(light.astype(np.float32)).astype(np.uint8), chance)


def _pressed(pixels: Pixels, chance: np.random.Generator) -> Pixels:
    if chance.random() > 0.9:
        return pixels
    _, packed = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, int(chance.integers(40, 97))])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), dtype=np.uint8)


def _linear(pixels: Pixels) -> Light:
    return np.asarray((pixels.astype(np.float32) / 255) ** np.float32(2.2), dtype=np.float32)


def _stored(light: Light) -> Light:
    return np.asarray(np.clip(light, 0, 1) ** np.float32(1 / 2.2) * 255, dtype=np.float32)


def _blur(light: Light | Pixels, sigma: float) -> Light:
    return np.asarray(cv2.GaussianBlur(light, (0, 0), sigma), dtype=np.float32)
