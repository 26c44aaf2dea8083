"""Drawn pictures that no lens has seen: screens, pages, receipts, cartoons, and captions over photos.

Every function takes a source of chance and gives uint8[h, w, 3] RGB as a device or a scanner would save it.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Chance = np.random.Generator
Pixels = NDArray[np.uint8]
Rgb = tuple[int, int, int]
Box = tuple[int, int, int, int]
WORDS = (
    "order return photo item status open settings account menu search save cancel total price date name address "
    "city help message yes no please thank you today tomorrow parcel when where because never always system user "
    "update version file edit view report number amount tax cash change visa list home profile privacy sound"
).split()
SCREENS = ((360, 720), (360, 640), (414, 736), (720, 450), (800, 500), (640, 480), (400, 866), (900, 600))


def _words(chance: Chance, many: int) -> str:
    return " ".join(WORDS[int(chance.integers(len(WORDS)))] for _ in range(many)).capitalize()


def _font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(max(6, round(size)))


def _rgb(chance: Chance) -> Rgb:
    values = chance.integers(0, 256, 3)
    return int(values[0]), int(values[1]), int(values[2])


def _grey(value: float) -> Rgb:
    return (round(value),) * 3


class _Page:
    """A canvas with an ink that can be read on its ground."""

    def __init__(self, size: tuple[int, int], ground: Rgb) -> None:
        self.image = Image.new("RGB", size, ground)
        self.draw = ImageDraw.Draw(self.image)
        self.size = size
        self.ink = _grey(30) if sum(ground) > 380 else _grey(230)
        self.faint = _grey(140)

    def text(self, at: tuple[float, float], words: str, size: float, ink: Rgb | None = None) -> None:
        self.draw.text(at, words, font=_font(size), fill=ink or self.ink)

    def pixels(self) -> Pixels:
        return np.asarray(self.image, dtype=np.uint8)


Part = Callable[[_Page, Box, Chance], None]


def screen(chance: Chance, photos: list[Pixels]) -> Pixels:
    """A telephone's or a computer's screen: bars, lists, forms, tables, chats, tiles, charts, a terminal."""
    size = SCREENS[chance.integers(len(SCREENS))]
    ground = _grey(chance.uniform(0, 45)) if chance.random() < 0.4 else _grey(chance.uniform(235, 255))
    if chance.random() < 0.15:
        ground = _rgb(chance)
    page = _Page(size, ground)
    left = int(size[0] * chance.uniform(0.12, 0.3)) if size[0] > size[1] and chance.random() < 0.6 else 0
    top = _bars(page, chance) if chance.random() < 0.8 else 0
    if left:
        _rows(page, (0, top, left, size[1]), chance, tall=chance.uniform(18, 34))

    def tiles(page: _Page, box: Box, chance: Chance) -> None:
        _tiles(page, box, chance, photos)

    parts: tuple[Part, ...] = (_rows, _form, _table, _chat, tiles, _chart, _terminal, _prose)
    middle = (left + 8, top + 8, size[0] - 8, size[1] - 8)
    for box in _split(middle, chance):
        parts[chance.integers(len(parts))](page, box, chance)
    if chance.random() < 0.2:
        _dialogue(page, chance)
    return page.pixels() if chance.random() < 0.85 else _framed(page, chance)


def _split(box: Box, chance: Chance) -> list[Box]:
    left, top, right, low = box
    if low - top < 160 or chance.random() < 0.45:
        return [box]
    cut = int(top + (low - top) * chance.uniform(0.3, 0.7))
    return [(left, top, right, cut - 4), *_split((left, cut + 4, right, low), chance)]


def _bars(page: _Page, chance: Chance) -> int:
    """A status line and a title bar; gives where they end."""
    wide, tall = page.size[0], int(chance.uniform(30, 70))
    page.draw.rectangle(
        (0, 0, wide, tall), fill=_rgb(chance) if chance.random() < 0.6 else _grey(chance.uniform(200, 250))
    )
    page.text((10, tall * 0.45), _words(chance, 2), tall * 0.3)
    page.text((wide - 60, 2), "12:41", 10)
    if chance.random() < 0.4:
        low = page.size[1] - 44
        page.draw.rectangle((0, low, wide, page.size[1]), fill=_grey(chance.choice([0, 20, 245])))
        for x in np.linspace(0.15, 0.85, int(chance.integers(3, 6))):
            page.draw.ellipse((wide * x - 8, low + 10, wide * x + 8, low + 26), outline=page.faint, width=2)
    return tall


def _rows(page: _Page, box: Box, chance: Chance, tall: float = 0) -> None:
    tall = tall or chance.uniform(26, 70)
    icon, rule, second = chance.random() < 0.6, chance.random() < 0.5, chance.random() < 0.6
    shade = _rgb(chance)
    for y in np.arange(box[1], box[3] - tall, tall):
        x = box[0] + 6
        if icon:
            corners = (x, y + tall * 0.2, x + tall * 0.6, y + tall * 0.8)
            (page.draw.ellipse if shade[0] % 2 else page.draw.rectangle)(
                corners, fill=shade if shade[1] % 2 else _rgb(chance)
            )
            x += int(tall * 0.8)
        page.text((x, y + tall * 0.15), _words(chance, int(chance.integers(1, 4))), tall * 0.28)
        if second:
            page.text((x, y + tall * 0.52), _words(chance, int(chance.integers(2, 6))), tall * 0.22, page.faint)
        if rule:
            page.draw.line((box[0], y + tall, box[2], y + tall), fill=page.faint)


def _form(page: _Page, box: Box, chance: Chance) -> None:
    for y in range(box[1], box[3] - 50, int(chance.integers(50, 80))):
        page.text((box[0] + 4, y), _words(chance, 2), 12)
        page.draw.rounded_rectangle((box[0] + 4, y + 16, box[2] - 4, y + 40), 4, outline=page.faint)
    shade = _rgb(chance)
    page.draw.rounded_rectangle((box[0] + 4, box[3] - 34, box[0] + 120, box[3] - 4), 5, fill=shade)


def _table(page: _Page, box: Box, chance: Chance) -> None:
    across, tall = int(chance.integers(2, 8)), chance.uniform(16, 36)
    wide = (box[2] - box[0]) / across
    striped = chance.random() < 0.5
    for row, y in enumerate(np.arange(box[1], box[3] - tall, tall)):
        if striped and row % 2:
            page.draw.rectangle((box[0], y, box[2], y + tall), fill=_grey(225 if page.ink[0] < 100 else 50))
        for column in range(across):
            page.text((box[0] + wide * column + 4, y + tall * 0.2), _words(chance, 1), tall * 0.4)
        if not striped:
            page.draw.line((box[0], y, box[2], y), fill=page.faint)


def _chat(page: _Page, box: Box, chance: Chance) -> None:
    y, shades = float(box[1]), (_rgb(chance), _grey(225 if page.ink[0] < 100 else 60))
    while y < box[3] - 60:
        mine, many = int(chance.integers(2)), int(chance.integers(1, 4))
        wide = (box[2] - box[0]) * chance.uniform(0.3, 0.7)
        x = box[2] - wide - 6 if mine else box[0] + 6
        page.draw.rounded_rectangle((x, y, x + wide, y + 12 + 16 * many), 9, fill=shades[mine])
        for line in range(many):
            page.text((x + 8, y + 5 + 16 * line), _words(chance, max(1, int(wide / 55))), 12)
        y += 22 + 16 * many


def _tiles(page: _Page, box: Box, chance: Chance, photos: list[Pixels]) -> None:
    """A grid of pictures or icons with names below."""
    across = int(chance.integers(1, 5))
    side = (box[2] - box[0]) / across
    for y in np.arange(box[1], box[3] - side * 0.7, side * 1.15):
        for column in range(across):
            size = max(4, int(side * 0.85))
            at = (int(box[0] + side * column), int(y))
            if photos and chance.random() < 0.7:
                photo = Image.fromarray(photos[int(chance.integers(len(photos)))]).resize((size, size))
                page.image.paste(photo, at)
            else:
                page.draw.rounded_rectangle((*at, at[0] + size, at[1] + size), size // 6, fill=_rgb(chance))
            page.text((at[0], at[1] + size + 2), _words(chance, 2), max(9, side * 0.08))


def _chart(page: _Page, box: Box, chance: Chance) -> None:
    many, shade = int(chance.integers(4, 20)), _rgb(chance)
    x = np.linspace(box[0] + 20, box[2] - 20, many)
    y = box[3] - 20 - chance.random(many) * max(10, box[3] - box[1] - 40)
    for line in np.linspace(box[1] + 10, box[3] - 20, 5):
        page.draw.line((box[0] + 20, line, box[2] - 10, line), fill=page.faint)
    if chance.random() < 0.5:
        page.draw.line([(float(a), float(b)) for a, b in zip(x, y, strict=True)], fill=shade, width=2)
        return
    for a, b in zip(x, y, strict=True):
        page.draw.rectangle((a, b, a + (box[2] - box[0]) * 0.6 / many, box[3] - 20), fill=shade)


def _terminal(page: _Page, box: Box, chance: Chance) -> None:
    page.draw.rectangle(box, fill=_grey(chance.uniform(0, 40)))
    for y in range(box[1] + 4, box[3] - 14, 14):
        if chance.random() < 0.85:
            ink = (_grey(210), (120, 220, 120), (120, 170, 250), (240, 200, 90))[chance.integers(4)]
            page.text(
                (box[0] + 6 + 14 * int(chance.integers(0, 4)), y),
                _words(chance, int(chance.integers(1, 9))).lower(),
                11,
                ink,
            )


def _prose(page: _Page, box: Box, chance: Chance) -> None:
    size = chance.uniform(9, 17)
    page.text((box[0], box[1]), _words(chance, 3), size * 1.6)
    for y in np.arange(box[1] + size * 2.4, box[3] - size, size * 1.5):
        if chance.random() < 0.88:
            page.text(
                (box[0], y), _words(chance, max(1, int((box[2] - box[0]) / size / 3.4 * chance.uniform(0.6, 1)))), size
            )


def _dialogue(page: _Page, chance: Chance) -> None:
    wide, tall = page.size
    dimmed = Image.fromarray((page.pixels() * 0.5).astype(np.uint8))
    page.image.paste(dimmed)
    box = (int(wide * 0.12), int(tall * 0.35), int(wide * 0.88), int(tall * 0.65))
    page.draw.rounded_rectangle(box, 10, fill=_grey(250))
    page.ink = _grey(30)
    _prose(page, (box[0] + 14, box[1] + 12, box[2] - 14, box[3] - 30), chance)


def _framed(page: _Page, chance: Chance) -> Pixels:
    """A screen inside a drawn telephone on a plain ground with a headline, as shops of apps show it."""
    wide, tall = page.size
    outer = _Page((int(wide * 1.3), int(tall * 1.25)), _rgb(chance))
    at = (int(wide * 0.15), int(tall * 0.2))
    outer.draw.rounded_rectangle((at[0] - 8, at[1] - 12, at[0] + wide + 8, at[1] + tall + 12), 22, fill=_grey(15))
    outer.image.paste(page.image, at)
    outer.text((wide * 0.2, tall * 0.06), _words(chance, 2), wide * 0.07)
    return outer.pixels()


def document(chance: Chance, photos: list[Pixels]) -> Pixels:
    """A whole page or till receipt, scanned or photographed so that paper fills the picture."""
    receipt = chance.random() < 0.4
    size = (
        (int(chance.uniform(280, 420)), int(chance.uniform(600, 1000)))
        if receipt
        else (560, int(chance.uniform(640, 800)))
    )
    page = _Page(size, _grey(chance.uniform(225, 255)))
    margin = int(chance.uniform(0.04, 0.14) * size[0])
    if receipt:
        _till(page, margin, chance)
    else:
        for box in _split((margin, margin, size[0] - margin, size[1] - margin), chance):
            (_prose, _prose, _table, _form, _chart)[chance.integers(5)](page, box, chance)
    drawn = page.pixels()
    return drawn if chance.random() < 0.3 else _as_photographed(drawn, chance)


def _till(page: _Page, margin: int, chance: Chance) -> None:
    size, wide = chance.uniform(11, 17), page.size[0]
    for y in np.arange(margin, page.size[1] - margin - size * 2, size * 1.5):
        kind = chance.random()
        if kind < 0.15:
            words = _words(chance, 2).upper()
            page.text((wide / 2 - len(words) * size * 0.3, y), words, size)
        elif kind < 0.8:
            page.text((margin, y), _words(chance, int(chance.integers(1, 4))).upper(), size)
            page.text((wide - margin - size * 3, y), f"{chance.uniform(0, 99):.2f}", size)
        elif kind < 0.87:
            page.text((margin, y), "-" * int((wide - 2 * margin) / size * 2), size)


def _as_photographed(drawn: Pixels, chance: Chance) -> Pixels:
    """A little askew, unevenly lit, slightly soft; paper to the rim or with a narrow rim of something dark."""
    h, w = drawn.shape[:2]
    start = np.array([(0, 0), (w, 0), (w, h), (0, h)], np.float32)
    end = start * 0.94 + np.array([w, h]) * 0.03 + chance.normal(0, 0.02, (4, 2)) * (w, h)
    turn = cv2.getPerspectiveTransform(start, end.astype(np.float32))
    around = [float(chance.choice([20, 90, 160, 250]))] * 3
    seen = cv2.warpPerspective(drawn, turn, (w, h), flags=cv2.INTER_AREA, borderValue=around).astype(np.float32)
    x = np.linspace(-1, 1, w)[None, :, None] * chance.uniform(-0.2, 0.2) + np.linspace(-1, 1, h)[
        :, None, None
    ] * chance.uniform(-0.2, 0.2)
    tint = np.array([1, chance.uniform(0.93, 1), chance.uniform(0.85, 1)])
    noisy = seen * (0.9 + x) * tint + chance.normal(0, chance.uniform(0, 5), seen.shape)
    soft = cv2.GaussianBlur(noisy.astype(np.float32), (0, 0), chance.uniform(0.3, 1.0))
    return np.asarray(np.clip(soft, 0, 255), np.uint8)


def drawing(chance: Chance, photos: list[Pixels]) -> Pixels:
    """A cartoon: flat colours inside dark outlines, one to four panels, perhaps words."""
    size = ((500, 500), (600, 400), (400, 560))[chance.integers(3)]
    page = _Page(size, _rgb(chance) if chance.random() < 0.5 else _grey(255))
    down, across = (1, 1) if chance.random() < 0.5 else (int(chance.integers(1, 4)), int(chance.integers(1, 3)))
    for row in range(down):
        for column in range(across):
            box = (
                size[0] * column // across,
                size[1] * row // down,
                size[0] * (column + 1) // across,
                size[1] * (row + 1) // down,
            )
            page.draw.rectangle(
                box, fill=_rgb(chance) if chance.random() < 0.7 else _grey(255), outline=_grey(10), width=3
            )
            for _ in range(int(chance.integers(1, 4))):
                _cartoon(page, box, chance)
    if chance.random() < 0.5:
        page.text((12, 10), _words(chance, 4).upper(), size[0] * 0.055)
    return page.pixels()


def _cartoon(page: _Page, box: Box, chance: Chance) -> None:
    r = (box[3] - box[1]) * chance.uniform(0.1, 0.28)
    x, y = chance.uniform(box[0] + r, max(box[0] + r + 1, box[2] - r)), chance.uniform(box[1] + r, box[3] - r)
    shade, rim, thick = _rgb(chance), _grey(15), int(chance.integers(2, 5))
    page.draw.polygon(
        [(x - r * 1.3, box[3]), (x - r, y + r * 0.6), (x + r, y + r * 0.6), (x + r * 1.3, box[3])],
        fill=_rgb(chance),
        outline=rim,
        width=thick,
    )
    page.draw.ellipse((x - r, y - r, x + r, y + r * 1.2), fill=shade, outline=rim, width=thick)
    for side in (-1, 1):
        e = r * 0.3
        ex, ey = x + side * r * 0.4, y - r * 0.15
        page.draw.ellipse((ex - e, ey - e, ex + e, ey + e), fill=_grey(255), outline=rim, width=thick - 1)
        page.draw.ellipse((ex - e / 3, ey - e / 3, ex + e / 3, ey + e / 3), fill=rim)
    page.draw.arc((x - r * 0.5, y + r * 0.1, x + r * 0.5, y + r * 0.8), 20, 160, fill=rim, width=thick)


def sketch(chance: Chance, photos: list[Pixels]) -> Pixels:
    """Boxes and strokes by a pencil on paper."""
    page = _Page((560, 440), _grey(chance.uniform(215, 255)))
    for _ in range(int(chance.integers(5, 30))):
        x, y = chance.uniform(10, 480), chance.uniform(10, 380)
        wide, tall = chance.uniform(20, 160), chance.uniform(15, 110)
        corners = [(x, y), (x + wide, y), (x + wide, y + tall), (x, y + tall), (x, y)]
        shaky = [(a + chance.normal(0, 2), b + chance.normal(0, 2)) for a, b in corners]
        page.draw.line(shaky, fill=page.ink, width=int(chance.integers(1, 4)))
        if chance.random() < 0.5:
            page.draw.line(
                [(x + wide * t, y + tall / 2 + chance.normal(0, 4)) for t in np.linspace(0.1, 0.9, 12)],
                fill=page.ink,
                width=1,
            )
    return _as_photographed(page.pixels(), chance)


def meme(chance: Chance, photos: list[Pixels]) -> Pixels:
    """Photos stacked or side by side with a caption above, below, or in white capitals on top."""
    wide = int(chance.uniform(400, 620))
    rows = [Image.fromarray(photos[int(chance.integers(len(photos)))]) for _ in range(int(chance.choice([1, 1, 2, 3])))]
    split = chance.random() < 0.4 and len(rows) > 1
    inner = wide // 2 if split else wide
    tall = [max(60, int(inner * row.height / row.width * (1 if len(rows) == 1 else 0.7))) for row in rows]
    head = int(chance.uniform(50, 110)) if chance.random() < 0.5 else 0
    page = _Page((wide, head + sum(tall)), _grey(chance.choice([255, 255, 0])))
    y = head
    for row, high in zip(rows, tall, strict=True):
        page.image.paste(row.resize((inner, high)), (wide - inner if split else 0, y))
        if split:
            page.text((10, y + high * 0.3), _words(chance, 2), inner * 0.09)
        y += high
    if head:
        page.text((10, 8), _words(chance, 6), wide * 0.045)
        page.text((10, 8 + wide * 0.06), _words(chance, 5), wide * 0.045)
    else:
        for at in (8, y - wide * 0.11):
            page.draw.text(
                (14, at),
                _words(chance, 3).upper(),
                font=_font(wide * 0.075),
                fill=(255,) * 3,
                stroke_width=3,
                stroke_fill=(0, 0, 0),
            )
    return page.pixels()
