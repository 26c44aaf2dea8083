"""Painted pictures that show no goods: landscapes, streets, vehicles, rooms, animals and people.

Crude on purpose: they teach what is around goods or not (sky, leaves, fur, walls that run together), not what a cat is.
Every function takes a height, a width and a source of chance and gives float32[h, w, 3] RGB in 0 … 255.
"""

from __future__ import annotations

import cv2
import numpy as np

from training.relevance_surfaces import (
    INDOORS,
    OUTDOORS,
    Chance,
    Paint,
    any_of,
    carpet,
    cloth,
    clouds,
    colour,
    foliage,
    fur,
    grass,
    ground,
    lit,
    near,
    plain,
    sky,
    tiles,
    water,
    wood,
)

SKINS = ((235, 195, 170), (210, 160, 130), (160, 110, 80), (100, 65, 45), (225, 180, 160))


def blend(below: Paint, above: Paint, mask: Paint) -> Paint:
    """``above`` where the mask float32[h, w] is 1; soft rims."""
    return np.asarray(below + (above - below) * mask[..., None], np.float32)


def mask_of(h: int, w: int, corners: list[tuple[float, float]]) -> Paint:
    """A filled polygon of (x, y) as float32[h, w] 0 … 1."""
    mask = np.zeros((h, w), np.uint8)
    points = np.array([[round(x), round(y)] for x, y in corners], np.int32)
    cv2.fillPoly(mask, [points], 255, cv2.LINE_AA)
    return np.asarray(mask / np.float32(255), np.float32)


def oval(h: int, w: int, x: float, y: float, rx: float, ry: float, turn: float = 0) -> Paint:
    mask = np.zeros((h, w), np.uint8)
    cv2.ellipse(mask, (round(x), round(y)), (max(1, round(rx)), max(1, round(ry))), turn, 0, 360, 255, -1, cv2.LINE_AA)
    return np.asarray(mask / np.float32(255), np.float32)


def landscape(h: int, w: int, chance: Chance) -> Paint:
    """Sky, ridges one before the other, ground; perhaps trees."""
    horizon = int(h * chance.uniform(0.15, 0.75))
    paint = sky(h, w, chance)
    for step in range(int(chance.integers(0, 4))):
        line = horizon - h * 0.25 * chance.random() * clouds(1, w, chance, first=4)[0] - (2 - step) * h * 0.03
        mask = (np.arange(h)[:, None] > line[None]).astype(np.float32)
        ridge = any_of((foliage, ground), h, w, chance)
        paint = blend(paint, ridge * 0.6 + sky(h, w, chance).mean((0, 1)) * 0.4, mask)
    lower = any_of((grass, ground, water, foliage), h, w, chance)
    paint[horizon:] = lower[horizon:]
    for _ in range(int(chance.integers(0, 5)) if chance.random() < 0.6 else 0):
        paint = _tree(paint, chance.uniform(0, w), horizon + h * chance.uniform(0, 0.15), chance)
    return paint


def _tree(paint: Paint, x: float, foot: float, chance: Chance) -> Paint:
    h, w = paint.shape[:2]
    tall = h * chance.uniform(0.12, 0.5)
    trunk = [(x - tall / 22, foot), (x + tall / 22, foot), (x + tall / 30, foot - tall), (x - tall / 30, foot - tall)]
    paint = blend(paint, np.broadcast_to(near((70, 55, 40), chance, 15), paint.shape), mask_of(h, w, trunk))
    crown = oval(h, w, x, foot - tall, tall * chance.uniform(0.2, 0.5), tall * chance.uniform(0.3, 0.6))
    return blend(paint, foliage(h, w, chance), crown * (clouds(h, w, chance, first=12) > 0.4))


def house(h: int, w: int, chance: Chance) -> Paint:
    """One or more fronts with rows of windows, between sky and ground."""
    paint = landscape(h, w, chance)
    foot = h * chance.uniform(0.6, 1.05)
    for _ in range(int(chance.integers(1, 5))):
        left, wide = w * chance.uniform(-0.2, 0.8), w * chance.uniform(0.2, 0.8)
        paint = _front(paint, left, left + wide, foot - h * chance.uniform(0.2, 0.9), foot, chance)
    return paint


def _front(paint: Paint, left: float, right: float, top: float, foot: float, chance: Chance) -> Paint:
    h, w = paint.shape[:2]
    lean = h * chance.uniform(-0.15, 0.15)
    corners = [(left, foot), (right, foot), (right, top + lean), (left, top)]
    wall = any_of((tiles, plain, ground, wood), h, w, chance).copy()
    across, down = int(chance.integers(2, 9)), int(chance.integers(1, 8))
    glass = near(((50, 60, 75), (150, 175, 195), (230, 210, 150))[chance.integers(3)], chance, 20).tolist()
    for i in range(across):
        for j in range(down):
            x, y = (
                left + (right - left) * (i + 0.25) / across,
                top + lean * i / across + (foot - top) * (j + 0.25) / down,
            )
            size = ((right - left) * 0.5 / across, (foot - top) * 0.55 / down)
            cv2.rectangle(wall, (round(x), round(y)), (round(x + size[0]), round(y + size[1])), glass, -1)
            cv2.rectangle(wall, (round(x), round(y)), (round(x + size[0]), round(y + size[1])), (225, 225, 220), 1)
    paint = blend(paint, wall, mask_of(h, w, corners))
    if chance.random() < 0.5:
        roof = [(left - 5, top), ((left + right) / 2, top - h * chance.uniform(0.05, 0.3)), (right + 5, top + lean)]
        paint = blend(paint, tiles(h, w, chance) * 0.6, mask_of(h, w, roof))
    return paint


def vehicle(h: int, w: int, chance: Chance) -> Paint:
    """A body with windows and wheels, a boat or an aeroplane, out of doors."""
    paint = (landscape, house)[chance.integers(2)](h, w, chance)
    long, foot = w * chance.uniform(0.35, 0.95), h * chance.uniform(0.6, 0.95)
    tall = long * chance.uniform(0.2, 0.55)
    left = (w - long) * chance.random()
    body = (
        np.broadcast_to(colour(chance), (h, w, 3)) * (0.7 + 0.6 * clouds(h, w, chance, first=2, octaves=2))[..., None]
    )
    shape = [(0, 0.2), (0.02, 0.55), (0.2, 0.6), (0.32, 1), (0.75, 1), (0.88, 0.6), (1, 0.5), (1, 0.2)]
    if chance.random() < 0.4:
        shape = [(0, 0.15), (0, 1), (1, 1), (1, 0.15)]
    paint = blend(paint, body, mask_of(h, w, [(left + long * x, foot - tall * y) for x, y in shape]))
    for start in np.linspace(0.3, 0.62, int(chance.integers(2, 4))):
        pane = [(start, 0.62), (start + 0.02, 0.92), (start + 0.12, 0.92), (start + 0.13, 0.62)]
        glass = np.broadcast_to(near((60, 70, 85), chance, 25), paint.shape)
        paint = blend(paint, glass, mask_of(h, w, [(left + long * x, foot - tall * y) for x, y in pane]))
    for x in (0.2, 0.8):
        for share, shade in ((1, (25, 25, 28)), (0.55, (150, 150, 155))):
            wheel = oval(h, w, left + long * x, foot - tall * 0.18, tall * 0.2 * share, tall * 0.2 * share)
            paint = blend(paint, np.broadcast_to(np.array(shade, np.float32), paint.shape), wheel)
    return paint


def room(h: int, w: int, chance: Chance) -> Paint:
    """Looking into a box of floor, ceiling and walls that hold windows, pictures and furniture."""
    x0, x1 = w * chance.uniform(0.05, 0.4), w * chance.uniform(0.6, 0.95)
    y0, y1 = h * chance.uniform(0.08, 0.35), h * chance.uniform(0.5, 0.8)
    paint = any_of((plain,), h, w, chance).copy()
    base = paint.copy()
    sides = [
        ([(0, h), (w, h), (x1, y1), (x0, y1)], any_of((wood, carpet, tiles), h, w, chance)),
        ([(0, 0), (w, 0), (x1, y0), (x0, y0)], lit(np.full((h, w, 3), chance.uniform(200, 250), np.float32), chance)),
        ([(0, 0), (x0, y0), (x0, y1), (0, h)], base * chance.uniform(0.75, 1)),
        ([(w, 0), (x1, y0), (x1, y1), (w, h)], base * chance.uniform(0.75, 1)),
    ]
    for corners, side in sides:
        paint = blend(paint, side, mask_of(h, w, corners))
    for _ in range(int(chance.integers(1, 5))):
        paint = _on_the_wall(paint, x0, x1, y0, y1, chance)
    for _ in range(int(chance.integers(2, 8))):
        paint = _furniture(paint, y1, chance)
    for _ in range(int(chance.integers(0, 4))):
        lamp = oval(h, w, chance.uniform(0, w), chance.uniform(0, y0 * 1.2), w * 0.02 + 2, w * 0.015 + 2)
        glow = cv2.GaussianBlur(lamp, (0, 0), w * 0.02)
        paint = blend(paint, np.full_like(paint, 255), np.clip(lamp + glow, 0, 1))
    return paint


def _on_the_wall(paint: Paint, x0: float, x1: float, y0: float, y1: float, chance: Chance) -> Paint:
    h, w = paint.shape[:2]
    left, top = chance.uniform(x0, x1 - (x1 - x0) * 0.3), chance.uniform(y0, (y0 + y1) / 2)
    right, low = left + (x1 - x0) * chance.uniform(0.1, 0.4), top + (y1 - y0) * chance.uniform(0.2, 0.5)
    inside = (sky, foliage, plain, cloth)[chance.integers(4)](h, w, chance)
    rim = [(left - 3, top - 3), (right + 3, top - 3), (right + 3, low + 3), (left - 3, low + 3)]
    paint = blend(paint, np.broadcast_to(near((225, 220, 210), chance, 40), paint.shape), mask_of(h, w, rim))
    return blend(paint, inside, mask_of(h, w, [(left, top), (right, top), (right, low), (left, low)]))


def _furniture(paint: Paint, back: float, chance: Chance) -> Paint:
    """A block with a lighter top: a bed, a cupboard, a counter."""
    h, w = paint.shape[:2]
    left, foot = w * chance.uniform(-0.1, 0.85), chance.uniform(back, h * 1.02)
    wide, tall, deep = w * chance.uniform(0.08, 0.45), h * chance.uniform(0.08, 0.4), h * chance.uniform(0.02, 0.12)
    slant = (w / 2 - left - wide / 2) * 0.2
    stuff = any_of((wood, cloth, plain, wood), h, w, chance)
    front = [(left, foot), (left + wide, foot), (left + wide, foot - tall), (left, foot - tall)]
    top = [
        (left, foot - tall),
        (left + wide, foot - tall),
        (left + wide + slant, foot - tall - deep),
        (left + slant, foot - tall - deep),
    ]
    paint = blend(paint, stuff * chance.uniform(0.5, 0.9), mask_of(h, w, front))
    paint = blend(
        paint, np.clip((stuff if chance.random() < 0.6 else cloth(h, w, chance)) * 1.1, 0, 255), mask_of(h, w, top)
    )
    for split in range(1, int(chance.integers(1, 5))):
        x = round(left + wide * split / 4)
        cv2.line(paint, (x, round(foot)), (x, round(foot - tall)), (60, 45, 35), 1, cv2.LINE_AA)
    return paint


def background(h: int, w: int, chance: Chance) -> Paint:
    """What may lie behind an animal or a person; often out of focus."""
    if chance.random() < 0.35:
        paint = (landscape, house, room, room)[chance.integers(4)](h, w, chance)
    else:
        paint = any_of(OUTDOORS + OUTDOORS + INDOORS, h, w, chance)
    return _soft(paint, chance.uniform(0.5, 12)) if chance.random() < 0.6 else paint


def _soft(paint: Paint, radius: float) -> Paint:
    return np.asarray(cv2.GaussianBlur(paint, (0, 0), radius), np.float32)


def animal(h: int, w: int, chance: Chance) -> Paint:
    """A furred or feathered body with a head, ears, eyes and legs, mostly out of doors."""
    paint = background(h, w, chance)
    coat = fur(h, w, chance)
    if chance.random() < 0.12:
        return lit(coat, chance)
    size = min(h, w) * chance.uniform(0.15, 0.6)
    x, y, way = w * chance.uniform(0.3, 0.7), h * chance.uniform(0.35, 0.75), chance.choice([-1, 1])
    body = oval(h, w, x, y, size * 0.75, size * 0.42, float(chance.uniform(-15, 15)))
    for leg in chance.uniform(-0.55, 0.55, int(chance.integers(0, 5))):
        corners = [
            (x + size * (leg + d), y + size * e) for d, e in ((-0.06, 0.1), (0.07, 0.1), (0.05, 0.85), (-0.04, 0.85))
        ]
        body = np.maximum(body, mask_of(h, w, corners))
    hx, hy, r = x + way * size * 0.65, y - size * chance.uniform(0.2, 0.5), size * chance.uniform(0.25, 0.45)
    body = np.maximum(body, oval(h, w, hx, hy, r, r * 0.9))
    for side in (-1, 1):
        ear = [
            (hx + side * r * 0.9, hy - r * 0.3),
            (hx + side * r * 0.7, hy - r * 1.5),
            (hx + side * r * 0.2, hy - r * 0.7),
        ]
        body = np.maximum(body, mask_of(h, w, ear))
    paint = blend(paint, coat, _soft(body, 0.8))
    return _eyes(paint, hx, hy, r, chance)


def _eyes(paint: Paint, x: float, y: float, r: float, chance: Chance) -> Paint:
    h, w = paint.shape[:2]
    black = np.broadcast_to(near((20, 15, 12), chance, 8), paint.shape)
    for dx, dy, size in ((-0.4, -0.15, 0.13), (0.4, -0.15, 0.13), (0, 0.35, 0.17)):
        paint = blend(paint, black, oval(h, w, x + dx * r, y + dy * r, size * r, size * r))
    return paint


def person(h: int, w: int, chance: Chance) -> Paint:
    """One to four heads with hair, eyes, mouth and clothed shoulders."""
    paint = background(h, w, chance)
    many = int(chance.choice([1, 1, 1, 2, 3, 4]))
    for number in range(many):
        r = min(h, w) * (chance.uniform(0.12, 0.42) if many == 1 else chance.uniform(0.07, 0.16))
        x = w * (number + chance.uniform(0.35, 0.65)) / many
        paint = _figure(paint, x, h * chance.uniform(0.25, 0.5), r, chance)
    return paint


def _figure(paint: Paint, x: float, y: float, r: float, chance: Chance) -> Paint:
    h, w = paint.shape[:2]
    skin = near(SKINS[chance.integers(len(SKINS))], chance, 10)
    hair = near(((30, 22, 18), (85, 55, 35), (190, 150, 90), (150, 150, 150))[chance.integers(4)], chance, 10)
    chest = [
        (x - r * 2.1, h + 9),
        (x - r * 1.8, y + r * 2),
        (x - r * 0.4, y + r * 1.35),
        (x + r * 0.4, y + r * 1.35),
        (x + r * 1.8, y + r * 2),
        (x + r * 2.1, h + 9),
    ]
    paint = blend(
        paint, np.broadcast_to(hair, paint.shape), oval(h, w, x, y - r * 0.2, r * 0.95, r * chance.uniform(1.1, 2))
    )
    paint = blend(paint, cloth(h, w, chance), mask_of(h, w, chest))
    shaded = skin * (0.75 + 0.5 * clouds(h, w, chance, first=2, octaves=2))[..., None]
    paint = blend(
        paint,
        shaded,
        mask_of(h, w, [(x - r * 0.35, y), (x + r * 0.35, y), (x + r * 0.45, y + r * 1.5), (x - r * 0.45, y + r * 1.5)]),
    )
    paint = blend(paint, shaded, _soft(oval(h, w, x, y, r * 0.75, r), r * 0.03 + 0.4))
    fringe = oval(h, w, x, y - r * 0.75, r * 0.75, r * 0.4)
    paint = blend(paint, np.broadcast_to(hair, paint.shape), fringe)
    dark = np.broadcast_to(hair * 0.5, paint.shape)
    red = np.broadcast_to(np.asarray(skin * (0.8, 0.5, 0.5), np.float32), paint.shape)
    for side in (-1, 1):
        paint = blend(paint, dark, oval(h, w, x + side * r * 0.32, y - r * 0.08, r * 0.13, r * 0.07))
        paint = blend(paint, dark, oval(h, w, x + side * r * 0.32, y - r * 0.25, r * 0.18, r * 0.04))
    paint = blend(paint, np.asarray(shaded * 0.8, np.float32), oval(h, w, x, y + r * 0.2, r * 0.1, r * 0.16))
    return blend(paint, red, oval(h, w, x, y + r * 0.52, r * 0.26, r * chance.uniform(0.05, 0.12)))
