"""Surfaces that scenes and goods are painted with: wood, cloth, grass, sky, fur … made of chance alone.

Goods and everything else share these surfaces, so that nothing can be told from how a surface was painted.
Every function takes a height, a width and a source of chance and gives float32[h, w, 3] RGB in 0 … 255.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Chance = np.random.Generator
Paint = NDArray[np.float32]
Surface = Callable[[int, int, Chance], Paint]
Colour = NDArray[np.float32]


def clouds(h: int, w: int, chance: Chance, *, first: int = 3, octaves: int = 5, stretch: float = 1.0) -> Paint:
    """Smooth chance in 0 … 1, float32[h, w]: coarse patches with finer and finer ones on top."""
    total = np.zeros((h, w), np.float32)
    weight, sum_of_weights = 1.0, 0.0
    for octave in range(octaves):
        cells = first * 2**octave
        grid = chance.random((max(2, min(h, round(cells * stretch))), max(2, min(w, cells))), np.float32)
        total += weight * cv2.resize(grid, (w, h), interpolation=cv2.INTER_CUBIC)
        sum_of_weights += weight
        weight *= 0.55
    return np.asarray(np.clip(total / sum_of_weights, 0, 1), np.float32)


def colour(chance: Chance, *, dull: float = 0.0) -> Colour:
    """Any colour; ``dull`` 1 is grey."""
    mixed = chance.random(3) * 255
    return np.asarray(mixed * (1 - dull) + mixed.mean() * dull, np.float32)


def near(base: tuple[int, int, int], chance: Chance, spread: float = 25) -> Colour:
    return np.asarray(np.clip(np.array(base) + chance.normal(0, spread, 3), 0, 255), np.float32)


def between(one: Colour, other: Colour, mix: Paint) -> Paint:
    return np.asarray(one + (other - one) * mix[..., None], np.float32)


def plain(h: int, w: int, chance: Chance) -> Paint:
    """A wall, paper or table top in uneven light."""
    base = near((215, 210, 200), chance, 35) if chance.random() < 0.6 else colour(chance, dull=chance.random())
    return lit(np.broadcast_to(base, (h, w, 3)).astype(np.float32), chance)


def lit(paint: Paint, chance: Chance, *, strength: float = 0.35) -> Paint:
    """Light that falls off to one side, and a soft shadow."""
    y, x = np.mgrid[0 : 1 : complex(paint.shape[0]), 0 : 1 : complex(paint.shape[1])]
    angle, amount = chance.uniform(0, 2 * np.pi), chance.uniform(0, strength)
    slope = 1 + amount * ((x - 0.5) * np.cos(angle) + (y - 0.5) * np.sin(angle)) * 2
    return np.asarray(np.clip(paint * slope[..., None], 0, 255), np.float32)


def wood(h: int, w: int, chance: Chance) -> Paint:
    base = near(((150, 105, 65), (200, 165, 120), (90, 60, 40), (170, 160, 150))[chance.integers(4)], chance, 15)
    grain = clouds(h, w, chance, first=2, octaves=6, stretch=12) - 0.5
    paint = base + grain[..., None] * chance.uniform(40, 110)
    plank = int(chance.integers(h // 8 + 2, h))
    for top in range(int(chance.integers(0, plank)), h, plank):
        paint[top : top + 2] *= 0.55
    return lit(_turned(paint, chance), chance)


def _turned(paint: Paint, chance: Chance) -> Paint:
    if chance.random() < 0.5:
        return paint
    h, w = paint.shape[:2]
    return np.asarray(cv2.resize(np.rot90(paint).copy(), (w, h), interpolation=cv2.INTER_AREA), np.float32)


def cloth(h: int, w: int, chance: Chance) -> Paint:
    """Folds, and perhaps stripes or checks."""
    paint = np.broadcast_to(colour(chance, dull=chance.random()), (h, w, 3)).astype(np.float32)
    if chance.random() < 0.4:
        paint = _checked(paint, chance)
    folds = clouds(h, w, chance, first=int(chance.integers(2, 6)), octaves=4, stretch=chance.uniform(0.3, 3))
    woven = chance.normal(0, chance.uniform(0, 8), (h, w, 1))
    return np.asarray(np.clip(paint * (0.55 + 0.9 * folds[..., None]) + woven, 0, 255), np.float32)


def _checked(paint: Paint, chance: Chance) -> Paint:
    other, period = colour(chance), int(chance.integers(6, 50))
    y, x = np.mgrid[: paint.shape[0], : paint.shape[1]]
    ways = [(y // period) % 2 == 0, (x // period) % 2 == 0, (x // period + y // period) % 2 == 0]
    return np.where(ways[chance.integers(3)][..., None], paint, other).astype(np.float32)


def carpet(h: int, w: int, chance: Chance) -> Paint:
    base = colour(chance, dull=chance.uniform(0.4, 1)) * chance.uniform(0.4, 1)
    speckle = cv2.GaussianBlur(chance.normal(0, 1, (h, w)).astype(np.float32), (0, 0), chance.uniform(0.6, 1.8))
    return lit(np.clip(base + speckle[..., None] * chance.uniform(15, 60), 0, 255).astype(np.float32), chance)


def tiles(h: int, w: int, chance: Chance) -> Paint:
    """Floor or wall tiles, or bricks, in rows."""
    paint = between(near((190, 185, 175), chance, 40), near((150, 140, 130), chance, 40), clouds(h, w, chance))
    tall = int(chance.integers(8, 90))
    wide = int(tall * chance.choice([1, 1, 2, 2.5]))
    joint = near((120, 115, 110), chance, 40)
    for row, top in enumerate(range(0, h, tall)):
        paint[top : top + 2] = joint
        for left in range(-(row % 2) * wide // 2, w, wide):
            paint[top : top + tall, max(0, left) : max(0, left + 2)] = joint
    return lit(paint, chance)


def sky(h: int, w: int, chance: Chance) -> Paint:
    kinds = (((90, 140, 210), (190, 215, 240)), ((170, 175, 185), (225, 225, 228)), ((70, 80, 130), (245, 170, 110)))
    top, bottom = kinds[chance.choice(3, p=[0.6, 0.25, 0.15])]
    down = np.linspace(0, 1, h, dtype=np.float32)[:, None].repeat(w, axis=1)
    paint = between(near(top, chance, 20), near(bottom, chance, 15), down)
    cover = np.clip((clouds(h, w, chance, first=2, stretch=2) - chance.uniform(0.4, 0.75)) * 5, 0, 1)
    return between(paint, near((238, 238, 240), chance, 8), cover)


def foliage(h: int, w: int, chance: Chance) -> Paint:
    """Leaves upon leaves, lit in patches."""
    dark, light = near((25, 45, 15), chance, 12), near((120, 160, 60), chance, 30)
    if chance.random() < 0.2:
        light = near((190, 130, 50), chance, 30)
    paint = between(dark, light, clouds(h, w, chance, first=4) * 0.5).copy()
    size = chance.uniform(1.5, 9)
    for _ in range(int(min(1800, h * w / size**2))):
        shade = dark + (light - dark) * chance.random() ** 1.5
        centre = (int(chance.integers(w)), int(chance.integers(h)))
        axes = (max(1, int(size * chance.uniform(0.4, 1.3))), max(1, int(size * 0.5)))
        cv2.ellipse(paint, centre, axes, float(chance.uniform(0, 180)), 0, 360, shade.tolist(), -1, cv2.LINE_AA)
    return paint


def grass(h: int, w: int, chance: Chance) -> Paint:
    """Blades that grow longer towards the viewer; green, or dry."""
    dry = chance.random() < 0.3
    light = near((190, 170, 110) if dry else (125, 165, 70), chance, 20)
    dark = near((110, 90, 50) if dry else (45, 80, 25), chance, 15)
    paint = between(dark, light, clouds(h, w, chance, first=6)).copy()
    for _ in range(1500):
        y = int(h * chance.random() ** 0.7)
        x, long = int(chance.integers(w)), 1 + 12 * y / h * chance.random()
        tip = (int(x + chance.normal(0, long / 2)), int(y - long))
        cv2.line(paint, (x, y), tip, (dark + (light - dark) * chance.random()).tolist(), 1, cv2.LINE_AA)
    return paint


def ground(h: int, w: int, chance: Chance) -> Paint:
    """Sand, soil, rock, snow or asphalt."""
    base = ((195, 170, 130), (120, 95, 70), (130, 130, 130), (235, 238, 245), (95, 95, 98))[chance.integers(5)]
    rough = clouds(h, w, chance, first=4, octaves=7, stretch=chance.uniform(1, 3)) - 0.5
    grain = chance.normal(0, chance.uniform(2, 14), (h, w, 1))
    return np.asarray(
        np.clip(near(base, chance, 12) + rough[..., None] * chance.uniform(30, 140) + grain, 0, 255), np.float32
    )


def water(h: int, w: int, chance: Chance) -> Paint:
    waves = clouds(h, w, chance, first=3, octaves=6, stretch=chance.uniform(4, 12))
    deep = near(((40, 80, 110), (60, 110, 120), (70, 75, 80))[chance.integers(3)], chance, 15)
    return between(deep, near((170, 195, 210), chance, 20), np.clip(waves * 1.6 - 0.4, 0, 1))


def fur(h: int, w: int, chance: Chance) -> Paint:
    """Hairs that follow a slowly turning field, in patches of two or three colours."""
    kinds = ((130, 90, 55), (60, 50, 45), (210, 195, 170), (150, 145, 140), (190, 120, 60), (235, 230, 225))
    one, other = (near(kinds[chance.integers(len(kinds))], chance, 15) for _ in range(2))
    patches = np.clip((clouds(h, w, chance, first=3, octaves=3) - 0.5) * 6 + 0.5, 0, 1)
    paint = between(one, other, patches).copy()
    turn = clouds(h, w, chance, first=2, octaves=2) * 2 * np.pi
    long = chance.uniform(4, 14)
    for _ in range(int(min(2500, h * w / 20))):
        y, x = int(chance.integers(h)), int(chance.integers(w))
        shade = np.clip(paint[y, x] * chance.uniform(0.6, 1.4), 0, 255).tolist()
        tip = (int(x + long * np.cos(turn[y, x])), int(y + long * np.sin(turn[y, x])))
        cv2.line(paint, (x, y), tip, shade, 1, cv2.LINE_AA)
    return paint


INDOORS: tuple[Surface, ...] = (plain, plain, wood, cloth, carpet, tiles)
OUTDOORS: tuple[Surface, ...] = (foliage, grass, ground, water)


def any_of(surfaces: tuple[Surface, ...], h: int, w: int, chance: Chance) -> Paint:
    return surfaces[chance.integers(len(surfaces))](h, w, chance)
