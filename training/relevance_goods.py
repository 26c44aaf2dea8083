"""Painted pictures that show goods: boxes, bottles, cans, telephones, garments, labels, bare surfaces, cut-out photos."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from training.relevance_scenes import blend, mask_of, oval, room
from training.relevance_surfaces import (
    INDOORS,
    Chance,
    Paint,
    any_of,
    carpet,
    cloth,
    clouds,
    colour,
    ground,
    lit,
    near,
    plain,
)

CutOut = tuple[Paint, Paint]  # float32[h, w, 3] RGB and float32[h, w] mask, 0 … 1


def surface(h: int, w: int, chance: Chance) -> Paint:
    """What goods are laid on: table, floor, bed, carpet; sometimes stone, sometimes paper of one colour."""
    if chance.random() < 0.2:
        return np.broadcast_to(np.float32(chance.choice([255, 0, 245])), (h, w, 3)).astype(np.float32).copy()
    if chance.random() < 0.08:
        return np.asarray(cv2.GaussianBlur(room(h, w, chance), (0, 0), chance.uniform(2, 8)), np.float32)
    return any_of((*INDOORS, plain, ground), h, w, chance)


def printed(h: int, w: int, chance: Chance) -> Paint:
    """A pack's face: fields of colour, bars, circles and words."""
    paint = lit(np.broadcast_to(colour(chance), (h, w, 3)).astype(np.float32).copy(), chance)
    for _ in range(int(chance.integers(1, 7))):
        x, y = int(chance.integers(w)), int(chance.integers(h))
        size = (int(w * chance.uniform(0.1, 0.6)), int(h * chance.uniform(0.05, 0.4)))
        if chance.random() < 0.5:
            cv2.rectangle(paint, (x, y), (x + size[0], y + size[1]), colour(chance).tolist(), -1)
        else:
            cv2.ellipse(
                paint, (x, y), (size[0] // 2 + 1, size[1] // 2 + 1), 0, 0, 360, colour(chance).tolist(), -1, cv2.LINE_AA
            )
    for _ in range(int(chance.integers(1, 6))):
        _word(paint, chance)
    return paint


def _word(paint: Paint, chance: Chance) -> None:
    letters = "".join(chr(int(one)) for one in chance.integers(65, 91, int(chance.integers(3, 10))))
    where = (int(chance.integers(-5, paint.shape[1])), int(chance.integers(8, paint.shape[0] + 8)))
    scale = paint.shape[0] / 400 * chance.uniform(0.4, 3)
    ink = np.zeros(paint.shape[:2], np.uint8)
    cv2.putText(ink, letters, where, int(chance.integers(0, 5)), scale, 255, 1 + int(scale * 2), cv2.LINE_AA)
    paint += (colour(chance) - paint) * (ink[..., None].astype(np.float32) / 255)


def label(h: int, w: int, chance: Chance) -> Paint:
    """Lines of small print, bar codes and square codes on paper."""
    paint = np.full((h, w, 3), int(chance.integers(215, 256)), np.uint8)
    for top in range(8, h - 10, int(chance.integers(9, 30))):
        kind = chance.random()
        if kind < 0.55:
            cv2.putText(
                paint,
                "".join(chr(int(c)) for c in chance.integers(48, 91, 24)),
                (6, top + 8),
                2,
                chance.uniform(0.25, 0.6),
                (30, 30, 30),
                1,
                cv2.LINE_AA,
            )
        elif kind < 0.75:
            bars = np.repeat(chance.integers(0, 2, w // 2), 2)[: w - 20] * 225 + 20
            paint[top : top + int(chance.integers(10, 60)), 10 : 10 + len(bars)] = bars[None, :, None]
    if chance.random() < 0.5:
        side = int(min(h, w) * chance.uniform(0.2, 0.7))
        code = cv2.resize(
            chance.integers(0, 2, (25, 25)).astype(np.float32) * 230 + 15, (side, side), interpolation=cv2.INTER_NEAREST
        )
        y, x = int(chance.integers(0, h - side + 1)), int(chance.integers(0, w - side + 1))
        paint[y : y + side, x : x + side] = code[..., None].astype(np.uint8)
    return paint.astype(np.float32)


def onto(paint: Paint, face: Paint, corners: list[tuple[float, float]]) -> Paint:
    """A flat face laid into four corners (from top left, clockwise)."""
    h, w = paint.shape[:2]
    fh, fw = face.shape[:2]
    turn = cv2.getPerspectiveTransform(
        np.array([(0, 0), (fw, 0), (fw, fh), (0, fh)], np.float32), np.array(corners, np.float32)
    )
    return blend(paint, np.asarray(cv2.warpPerspective(face, turn, (w, h)), np.float32), mask_of(h, w, corners))


def _four(h: int, w: int, chance: Chance, *, least: float, most: float) -> list[tuple[float, float]]:
    """The corners of a turned, slightly askew rectangle somewhere near the middle."""
    size, shape = min(h, w) * chance.uniform(least, most) / 2, chance.uniform(0.5, 1.6)
    angle = chance.uniform(-0.5, 0.5) + (np.pi / 2 if chance.random() < 0.2 else 0)
    x, y = w * chance.uniform(0.35, 0.65), h * chance.uniform(0.35, 0.65)
    out = []
    for right, low in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        dx = size * right * shape + chance.normal(0, size / 12)
        dy = size * low / shape + chance.normal(0, size / 12)
        out.append((x + dx * np.cos(angle) - dy * np.sin(angle), y + dx * np.sin(angle) + dy * np.cos(angle)))
    return out


def _shadow(paint: Paint, mask: Paint, chance: Chance) -> Paint:
    soft = cv2.GaussianBlur(
        np.roll(mask, (int(chance.integers(0, 8)), int(chance.integers(-8, 9))), (0, 1)), (0, 0), chance.uniform(2, 9)
    )
    return np.asarray(paint * (1 - chance.uniform(0.1, 0.5) * soft[..., None]), np.float32)


def box(h: int, w: int, chance: Chance) -> Paint:
    """A carton or pack with two or three faces to be seen; perhaps dented or torn, perhaps with a label."""
    paint = surface(h, w, chance)
    front = _four(h, w, chance, least=0.25, most=0.75)
    dx, dy = chance.normal(0, 0.12) * w, -abs(chance.normal(0.1, 0.06)) * h
    cardboard = chance.random() < 0.5

    def make() -> Paint:
        brown = np.broadcast_to(near((175, 135, 95), chance, 15), (h, w, 3)) if cardboard else None
        return printed(h, w, chance) if brown is None else lit(brown.astype(np.float32), chance)

    paint = _shadow(paint, mask_of(h, w, front), chance)
    (a, b, c, d) = front
    lift = [(x + dx, y + dy) for x, y in front]
    paint = onto(
        paint, make() * chance.uniform(0.6, 0.85), [b, lift[1], lift[2], c] if dx > 0 else [lift[0], a, d, lift[3]]
    )
    paint = onto(paint, make() * chance.uniform(0.9, 1.1), [lift[0], lift[1], b, a])
    paint = onto(paint, make(), front)
    if chance.random() < 0.6:
        mid = [
            ((2 * p[0] + front[(i + 2) % 4][0]) / 3, (2 * p[1] + front[(i + 2) % 4][1]) / 3)
            for i, p in enumerate(front)
        ]
        paint = onto(paint, label(160, 220, chance), mid)
    return _damaged(paint, chance) if chance.random() < 0.4 else paint


def _damaged(paint: Paint, chance: Chance) -> Paint:
    """Cracks, or a dent: a patch of other light."""
    h, w = paint.shape[:2]
    x, y = w * chance.uniform(0.3, 0.7), h * chance.uniform(0.3, 0.7)
    if chance.random() < 0.5:
        shade = chance.choice([20, 235])
        for _ in range(int(chance.integers(3, 25))):
            points = np.cumsum(
                np.vstack([[x, y], chance.normal(0, min(h, w) / 18, (6, 2)) + chance.normal(0, 8, 2)]), axis=0
            )
            cv2.polylines(paint, [points.astype(np.int32)], False, (float(shade),) * 3, 1, cv2.LINE_AA)
        return paint
    dent = cv2.GaussianBlur(oval(h, w, x, y, w * 0.08, h * 0.05, float(chance.uniform(0, 180))), (0, 0), 3)
    return np.asarray(paint * (1 - 0.6 * dent[..., None]), np.float32)


def bottle(h: int, w: int, chance: Chance) -> Paint:
    """A standing or lying cylinder: can, bottle, jar; metal, glass or printed."""
    paint = surface(h, w, chance)
    tall, x, y = min(h, w) * chance.uniform(0.3, 0.9), w * chance.uniform(0.35, 0.65), h * chance.uniform(0.45, 0.6)
    r = tall * chance.uniform(0.12, 0.35)
    neck = r * chance.choice([1, 1, 0.4])
    side = [
        (x - r, y + tall / 2),
        (x + r, y + tall / 2),
        (x + r, y - tall * 0.2),
        (x + neck, y - tall / 2),
        (x - neck, y - tall / 2),
        (x - r, y - tall * 0.2),
    ]
    across = np.clip(1 - np.abs((np.arange(w) - x) / r), 0, 1) ** 0.5
    shine = 0.35 + 0.8 * across + 0.5 * np.exp(-(((np.arange(w) - x + r * 0.4) / (r * 0.12)) ** 2))
    skin: Any = printed(h, w, chance) if chance.random() < 0.6 else np.broadcast_to(colour(chance, dull=0.8), (h, w, 3))
    if chance.random() < 0.4:
        skin = skin * (0.8 + 0.2 * np.sin(np.arange(h) / chance.uniform(1, 4)))[:, None, None]
    mask = np.maximum(mask_of(h, w, side), oval(h, w, x, y + tall / 2, r, r * 0.25))
    paint = blend(_shadow(paint, mask, chance), np.clip(skin * shine[None, :, None], 0, 255).astype(np.float32), mask)
    paint = blend(paint, np.full_like(paint, chance.uniform(90, 220)), oval(h, w, x, y - tall / 2, neck, neck * 0.25))
    return _damaged(paint, chance) if chance.random() < 0.3 else paint


def telephone(h: int, w: int, chance: Chance) -> Paint:
    """A flat device with a dark or lit screen, whole or cracked; sometimes two."""
    paint = surface(h, w, chance)
    for _ in range(int(chance.choice([1, 1, 1, 2]))):
        corners = _four(h, w, chance, least=0.4, most=0.95)
        paint = _shadow(paint, mask_of(h, w, corners), chance)
        body = np.full((200, 100, 3), chance.choice([20, 35, 240, 200]), np.float32)
        screen = (np.full((176, 90, 3), 18, np.float32), printed(176, 90, chance), cloth(176, 90, chance))[
            chance.integers(3)
        ]
        body[12:188, 5:95] = screen
        if chance.random() < 0.4:
            body = _damaged(body, chance)
        paint = onto(paint, lit(body, chance), corners)
    return paint


def garment(h: int, w: int, chance: Chance) -> Paint:
    """A shirt, skirt or pair of trousers spread out or hung up; perhaps with a print, a hole or a stain."""
    paint = surface(h, w, chance)
    shirt = [
        (-0.4, -1),
        (0.4, -1),
        (1, -0.7),
        (1.1, 0.1),
        (0.8, 0.15),
        (0.65, -0.4),
        (0.65, 1),
        (-0.65, 1),
        (-0.65, -0.4),
        (-0.8, 0.15),
        (-1.1, 0.1),
        (-1, -0.7),
    ]
    trousers = [(-0.45, -1), (0.45, -1), (0.6, 1), (0.15, 1), (0, -0.3), (-0.15, 1), (-0.6, 1)]
    skirt = [(-0.4, -0.8), (0.4, -0.8), (0.95, 0.8), (-0.95, 0.8)]
    shape = (shirt, shirt, trousers, skirt)[chance.integers(4)]
    size, x, y = min(h, w) * chance.uniform(0.25, 0.5), w * chance.uniform(0.42, 0.58), h * chance.uniform(0.42, 0.58)
    mask = mask_of(
        h, w, [(x + size * (a + chance.normal(0, 0.04)), y + size * (b + chance.normal(0, 0.04))) for a, b in shape]
    )
    paint = blend(_shadow(paint, mask, chance), cloth(h, w, chance), cv2.GaussianBlur(mask, (0, 0), 1.0))
    if chance.random() < 0.4:
        mid = [
            (x - size * 0.3, y - size * 0.3),
            (x + size * 0.3, y - size * 0.3),
            (x + size * 0.3, y + size * 0.2),
            (x - size * 0.3, y + size * 0.2),
        ]
        paint = onto(paint, printed(120, 120, chance), mid)
    return paint


def label_close(h: int, w: int, chance: Chance) -> Paint:
    """A label or code seen from near by, on a pack, askew, in uneven light."""
    paint = (printed, plain, cloth, carpet)[chance.integers(4)](h, w, chance)
    paint = onto(
        paint, lit(label(240, int(chance.integers(160, 420)), chance), chance), _four(h, w, chance, least=0.5, most=1.3)
    )
    return lit(paint, chance, strength=0.5)


def bare(h: int, w: int, chance: Chance) -> Paint:
    """The surface of one thing fills the picture: metal, tile, leather, cardboard, with or without a flaw."""
    grey = chance.random() < 0.5
    base = colour(chance, dull=1.0 if grey else 0.5)
    grain = clouds(h, w, chance, first=3, octaves=7, stretch=chance.choice([1, 1, 15, 40])) - 0.5
    paint = lit(
        np.clip(base + grain[..., None] * chance.uniform(10, 90) + chance.normal(0, 4, (h, w, 1)), 0, 255).astype(
            np.float32
        ),
        chance,
    )
    return _damaged(paint, chance) if chance.random() < 0.6 else paint


def laid(piece: CutOut, h: int, w: int, chance: Chance) -> Paint:
    """A photographed thing, cut out, on some other surface."""
    paint = surface(h, w, chance)
    photo, mask = piece
    scale = min(h / mask.shape[0], w / mask.shape[1]) * chance.uniform(0.35, 1.0)
    turn = cv2.getRotationMatrix2D((mask.shape[1] / 2, mask.shape[0] / 2), float(chance.normal(0, 25)), scale)
    turn[:, 2] += (w * chance.uniform(0.4, 0.6) - mask.shape[1] / 2, h * chance.uniform(0.4, 0.6) - mask.shape[0] / 2)
    where = np.asarray(cv2.warpAffine(mask, turn, (w, h), flags=cv2.INTER_AREA), np.float32)
    thing = np.asarray(cv2.warpAffine(photo, turn, (w, h), flags=cv2.INTER_AREA), np.float32)
    return blend(_shadow(paint, where, chance), thing * chance.uniform(0.7, 1.05), where)


def cut_out(pixels: Paint) -> CutOut | None:
    """A thing on even, light paper without the paper; None when the rim is not paper or nothing is left."""
    rim = np.concatenate(
        [
            pixels[:4].reshape(-1, 3),
            pixels[-4:].reshape(-1, 3),
            pixels[:, :4].reshape(-1, 3),
            pixels[:, -4:].reshape(-1, 3),
        ]
    )
    paper = np.median(rim, axis=0)
    if np.abs(rim - paper).max(axis=1).mean() > 6 or paper.mean() < 200:
        return None
    far = (np.abs(pixels - paper).max(axis=2) > 14).astype(np.uint8)
    whole = cv2.morphologyEx(far, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    if not 0.05 < whole.mean() < 0.8:
        return None
    return pixels, np.asarray(cv2.GaussianBlur(whole.astype(np.float32), (0, 0), 0.8), np.float32)
