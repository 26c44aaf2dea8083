"""What the sample company's kettles wear: a band of broken tiles, its own for each product, so that each is known again."""

from __future__ import annotations

import random
from collections.abc import Iterator

from PIL import Image, ImageDraw

WIDE, HIGH = 900, 620  # pixels of the print before it is laid on
ACROSS, DOWN = 9, 6  # tiles
TONES = ((32, 62, 84), (58, 92, 116), (92, 124, 142), (126, 152, 164))
Point = tuple[float, float]


def band(sku: str) -> Image.Image:
    """RGBA; the same for one product every time."""
    chance = random.Random(f"print/{sku}")
    picture = Image.new("RGBA", (WIDE, HIGH), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    for tile in _tiles(chance):
        for piece in _broken(tile, chance):
            draw.polygon(piece, fill=(*chance.choice(TONES), 255))
    return picture


def _tiles(chance: random.Random) -> Iterator[list[Point]]:
    """Four corners each, no two tiles alike, and no gap between them."""
    corners = {(i, k): _corner(i, k, chance) for i in range(ACROSS + 1) for k in range(DOWN + 1)}
    for i in range(ACROSS):
        for k in range(DOWN):
            yield [corners[i, k], corners[i + 1, k], corners[i + 1, k + 1], corners[i, k + 1]]


def _corner(i: int, k: int, chance: random.Random) -> Point:
    """A crossing of the grid, up to a third of a tile off its place; those of the edge stay on it."""
    aside = chance.uniform(-0.3, 0.3) if 0 < i < ACROSS else 0.0
    along = chance.uniform(-0.3, 0.3) if 0 < k < DOWN else 0.0
    return (i + aside) * WIDE / ACROSS, (k + along) * HIGH / DOWN


def _broken(tile: list[Point], chance: random.Random) -> list[list[Point]]:
    """In two, along one of its diagonals."""
    one, two, three, four = tile
    if chance.random() < 0.5:
        return [[one, two, three], [one, three, four]]
    return [[one, two, four], [two, three, four]]
