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

LEARN_SHARP = {"blur_gopro", "blur_grocery", "product_natural", "product_catalog", "rel_goods", "parcel"}
LONG_SIDES = (256, 348, 512, 640, 1024, 1280)


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
    """The same picture at some size as a phone might have taken it: sharp, blurred in three ways, dark, bright."""
    chance = np.random.default_rng(zlib.crc32(name.encode()))
    return {
        "sharp": worn(smaller(pixels, chance), chance),
        "defocus": worn(_filtered(smaller(pixels, chance), "defocus", chance), chance),
        "gauss": worn(_filtered(smaller(pixels, chance), "gauss", chance), chance),
        "motion": worn(_filtered(smaller(pixels, chance), "motion", chance), chance),
        "dark": _exposed(smaller(pixels, chance), chance.uniform(0.03, 0.2), chance),
        "bright": _exposed(smaller(pixels, chance), chance.uniform(2.0, 5.0), chance),
    }


def smaller(pixels: Pixels, chance: np.random.Generator) -> Pixels:
    largest = max(pixels.shape[:2])
    side = min(largest, int(chance.choice(LONG_SIDES)))
    size = (max(32, pixels.shape[1] * side // largest), max(32, pixels.shape[0] * side // largest))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _filtered(pixels: Pixels, kind: str, chance: np.random.Generator) -> Pixels:
    """Blur by a radius that is clearly visible at this size (1.5 to 9 pixels at a long side of 512)."""
    radius = float(np.exp(chance.uniform(np.log(1.5), np.log(9)))) * (max(pixels.shape[:2]) / 512) ** 0.5
    if kind == "gauss":
        return np.asarray(cv2.GaussianBlur(pixels, (0, 0), radius * 0.6), dtype=np.uint8)
    spread = disc(radius) if kind == "defocus" else streak(radius * 2.2, chance.uniform(0, np.pi))
    return np.asarray(cv2.filter2D(pixels, -1, spread), dtype=np.uint8)


def disc(radius: float) -> NDArray[np.float32]:
    size = int(np.ceil(radius)) * 2 + 1
    down, across = np.mgrid[:size, :size] - size // 2
    inside = np.clip(radius + 0.5 - np.hypot(across, down), 0, 1)
    return np.asarray(inside / inside.sum(), dtype=np.float32)


def streak(length: float, angle: float) -> NDArray[np.float32]:
    size = int(np.ceil(length)) | 1
    line = np.zeros((size, size), np.float32)
    for step in np.linspace(-length / 2, length / 2, 8 * size):
        x, y = round(size // 2 + step * np.cos(angle)), round(size // 2 + step * np.sin(angle))
        if 0 <= x < size and 0 <= y < size:
            line[y, x] += 1
    return np.asarray(line / line.sum(), dtype=np.float32)


def worn(pixels: Pixels, chance: np.random.Generator) -> Pixels:
    """Other light, sensor noise, JPEG: what every photo goes through after the lens."""
    light = pixels.astype(np.float32) * chance.uniform(0.5, 1.15)
    if chance.random() < 0.6:
        light += chance.normal(0, chance.uniform(0, 6), (*light.shape[:2], 1)) + chance.normal(0, 2, light.shape)
    return _pressed(np.clip(light, 0, 255).astype(np.uint8), chance)


def _exposed(pixels: Pixels, gain: float, chance: np.random.Generator) -> Pixels:
    """Too little or too much light: in linear light, as the sensor sees it."""
    linear = (pixels.astype(np.float32) / 255) ** 2.2 * gain
    noisy = np.clip(linear + chance.normal(0, 0.002, linear.shape), 0, 1) ** (1 / 2.2) * 255
    return _pressed(noisy.astype(np.uint8), chance)


def _pressed(pixels: Pixels, chance: np.random.Generator) -> Pixels:
    if chance.random() > 0.85:
        return pixels
    _, packed = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, int(chance.integers(45, 96))])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), dtype=np.uint8)
