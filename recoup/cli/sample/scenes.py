"""Rendered "phone photos" of a cracked kettle: overall, close-up, serial label, packaging."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from recoup.cli.sample import prints

WIDTH, HEIGHT = 1512, 2016  # pixels: a phone's portrait frame at 3 megapixels
Draw = ImageDraw.ImageDraw


def scene(
    shot: str,
    *,
    serial: str = "",
    sku: str = "K-17",
    address: tuple[str, ...] = (),
    seed: int = 1,
    printed: bool = False,
) -> bytes:
    """One JPEG with a phone's usual EXIF (orientation, camera, place), different for each ``seed``.

    ``shot`` is one of the shot list's: overall, close_up, serial_label, packaging. ``printed``: the kettle carries its
    product's print, by which it can be known again.
    """
    chance = random.Random(f"{shot}/{seed}")
    picture = _table(chance)
    told = {"serial": serial, "sku": sku, "address": address, "print": prints.band(sku) if printed else None}
    _PAINTERS[shot](picture, chance, told)
    return _as_taken(picture, chance)


def reference(sku: str) -> NDArray[np.uint8]:
    """The product's own picture in the catalogue, as RGB pixels: whole, new, from the front, on white."""
    chance = random.Random(f"reference/{sku}")
    picture = Image.new("RGB", (WIDTH, HEIGHT), (250, 250, 249))
    _kettle(picture, (340, 400, 1160, 1600), chance, prints.band(sku))
    return np.asarray(picture)


def blurred(photo: bytes, *, radius: float = 14) -> bytes:
    """The same photo by an unsteady hand."""
    picture = Image.open(io.BytesIO(photo)).filter(ImageFilter.GaussianBlur(radius))
    return _jpeg(picture)


def dark(photo: bytes, *, share: float = 0.06) -> bytes:
    """The same photo in a dim hallway."""
    return _jpeg(Image.open(io.BytesIO(photo)).point(lambda value: int(value * share)))


def _table(chance: random.Random) -> Image.Image:
    """Somebody's wooden table in daylight: its own grain and colour, a soft gradient, a little sensor noise."""
    noise = np.random.default_rng(chance.randrange(2**32))
    rows = np.linspace(0, 1, HEIGHT)[:, None]
    columns = np.linspace(0, 1, WIDTH)[None, :]
    across, wavy = (columns, HEIGHT) if chance.random() < 0.5 else (rows, WIDTH)
    waves = np.cumsum(noise.normal(0, 0.02, wavy))
    grain = np.sin(across * chance.uniform(45, 150) + (waves[:, None] if wavy == HEIGHT else waves[None, :])) * 7
    light = chance.uniform(150, 185) + chance.uniform(-30, 30) * rows + chance.uniform(-25, 25) * columns
    light = light + grain + noise.normal(0, 4, (HEIGHT, WIDTH))
    tint = np.array([chance.uniform(0.94, 1.05), chance.uniform(0.86, 0.98), chance.uniform(0.7, 0.92)])
    return Image.fromarray(np.clip(light[..., None] * tint, 0, 255).astype(np.uint8))


def _kettle(
    picture: Image.Image, box: tuple[int, int, int, int], chance: random.Random, band: Image.Image | None = None
) -> Draw:
    draw = ImageDraw.Draw(picture)
    left, top, right, bottom = box
    wide, high = right - left, bottom - top
    lit_from = chance.uniform(0.26, 0.62)
    # A round shadow beneath would look like a chin: our own redaction would then hide all of the kettle.
    draw.line((left, bottom + 6, right, bottom + 6), fill=(120, 103, 84), width=14)
    for step in range(60):  # the steel body, rounded by a gradient
        share = step / 60
        shade = int(70 + 150 * (1 - abs(share - lit_from) * 1.5))
        x0, x1 = left + wide * step // 60, left + wide * (step + 1) // 60
        inset = int(high * 0.16 * (abs(share - 0.5) * 2) ** 2)
        draw.rectangle((x0, top + high // 8 + inset, x1, bottom - inset // 3), fill=(shade, shade + 4, shade + 10))
    draw.rounded_rectangle((left + wide // 6, top, right - wide // 6, top + high // 6), 30, fill=(42, 44, 48))
    draw.arc(
        (right - wide // 8, top + high // 6, right + wide // 3, bottom - high // 4), -90, 90, (38, 40, 44), wide // 12
    )
    draw.polygon(
        [(left, top + high // 4), (left - wide // 6, top + high // 5), (left, top + high // 2)], fill=(150, 154, 160)
    )
    draw.text((left + wide // 3, bottom - high // 5), "AQUILA", fill=(60, 62, 70), font=_font(wide // 12))
    if band:
        laid = band.resize((wide * 3 // 4, high * 2 // 5), Image.Resampling.LANCZOS)
        picture.paste(laid, (left + wide // 8, top + high // 3), laid)
    _room_in_steel(picture, (left, top + high // 5, right, bottom), chance)
    _speckle(picture, box, chance)
    return ImageDraw.Draw(picture)


def _room_in_steel(picture: Image.Image, box: tuple[int, int, int, int], chance: random.Random) -> None:
    """Polished steel shows the room it stands in, and no two rooms are alike: soft bright and dark patches."""
    glow, (left, top, right, bottom) = Image.new("L", (60, 80), 0), box
    draw = ImageDraw.Draw(glow)
    for _ in range(9):
        x, y = chance.randrange(2, 50), chance.randrange(2, 66)
        draw.rectangle((x, y, x + chance.randrange(4, 16), y + chance.randrange(6, 26)), fill=chance.randrange(30, 120))
    soft = glow.filter(ImageFilter.GaussianBlur(1.6)).resize((right - left, bottom - top), Image.Resampling.BICUBIC)
    tone = chance.choice([(226, 228, 232), (70, 74, 80)])
    inner = (left + (right - left) // 8, top, right - (right - left) // 8, bottom)
    mask = soft.crop((inner[0] - left, 0, inner[2] - left, bottom - top))
    picture.paste(Image.new("RGB", mask.size, tone), (inner[0], inner[1]), mask)


def _speckle(picture: Image.Image, box: tuple[int, int, int, int], chance: random.Random) -> None:
    """Brushed steel is never one flat colour."""
    draw = ImageDraw.Draw(picture)
    left, top, right, bottom = box
    for _ in range(900):
        x, y = chance.randrange(left, right), chance.randrange(top + (bottom - top) // 4, bottom)
        value = chance.randrange(110, 215)
        draw.line((x, y, x + chance.randrange(2, 10), y), fill=(value, value, value + 6))


def _crack(draw: Draw, start: tuple[int, int], chance: random.Random, *, steps: int, width: int) -> None:
    x, y = start
    for step in range(steps):
        nx, ny = x + chance.randrange(-60, 75), y + chance.randrange(30, 90)
        draw.line((x, y, nx, ny), fill=(18, 18, 20), width=width)
        draw.line((x + width, y, nx + width, ny), fill=(236, 238, 240), width=max(width // 3, 1))
        if step % 3 == 1:
            draw.line((x, y, x + chance.choice([-130, 140]), y + 70), fill=(24, 24, 28), width=max(width // 2, 1))
        x, y = nx, ny


def _overall(picture: Image.Image, chance: random.Random, told: dict[str, Any]) -> None:
    left, top = chance.randrange(210, 430), chance.randrange(300, 520)
    wide, high = chance.randrange(700, 860), chance.randrange(1060, 1260)
    draw = _kettle(picture, (left, top, left + wide, top + high), chance, told["print"])
    _crack(draw, (left + chance.randrange(200, 420), top + 400), chance, steps=7, width=7)


def _close_up(picture: Image.Image, chance: random.Random, told: dict[str, Any]) -> None:
    left, top = chance.randrange(-420, -180), chance.randrange(-640, -360)
    wide, high = chance.randrange(1850, 2200), chance.randrange(2800, 3200)
    draw = _kettle(picture, (left, top, left + wide, top + high), chance, told["print"])
    _crack(draw, (chance.randrange(400, 800), chance.randrange(180, 420)), chance, steps=18, width=14)


def _serial_label(picture: Image.Image, chance: random.Random, told: dict[str, Any]) -> None:
    draw = ImageDraw.Draw(picture)
    draw.ellipse((120, 380, 1400, 1660), fill=(46, 48, 52))
    _room_in_steel(picture, (260, 420, 1260, 1620), chance)
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((320, 780, 1200, 1290), 18, fill=(238, 238, 234))
    draw.text((360, 810), f"AQUILA {told['sku']}  220-240V 2200W", fill=(20, 20, 22), font=_font(40))
    draw.text((360, 880), f"S/N {told['serial']}", fill=(10, 10, 12), font=_font(58))
    if told["serial"]:
        picture.paste(_code128(str(told["serial"]), 800, 190), (360, 980))
    draw.text((360, 1195), "Made in PRC   Class I", fill=(40, 40, 44), font=_font(34))


def _packaging(picture: Image.Image, chance: random.Random, told: dict[str, Any]) -> None:
    draw = ImageDraw.Draw(picture)
    left, top = chance.randrange(90, 230), chance.randrange(300, 520)
    right, bottom = left + chance.randrange(1130, 1230), top + chance.randrange(1120, 1320)
    brown = chance.randrange(-14, 14)
    draw.rectangle((left, top, right, bottom), fill=(176 + brown, 136 + brown, 92 + brown))
    for _ in range(2500):  # cardboard fibre
        x, y, tone = chance.randrange(left, right - 9), chance.randrange(top, bottom), chance.randrange(-14, 14)
        draw.line((x, y, x + 9, y), fill=(176 + tone, 136 + tone, 92 + tone))
    tape = chance.randrange(top + 420, top + 560)
    draw.rectangle((left, tape, right, tape + chance.randrange(55, 95)), fill=(206, 178, 136))
    dent = chance.randrange(240, 420)
    draw.polygon([(left, top), (left + dent, top), (left, top + 700 - dent)], fill=(126, 92, 58))
    x, y = right - chance.randrange(740, 790), bottom - chance.randrange(500, 560)
    draw.rectangle((x, y, x + 700, y + 470), fill=(246, 246, 242))
    for row, line in enumerate(told["address"]):
        draw.text((x + 30, y + 20 + row * 56), line, fill=(15, 15, 18), font=_font(42))
    picture.paste(_code128(f"1Z{chance.randrange(10**11, 10**12)}", 620, 130), (x + 40, y + 310))


_PAINTERS: dict[str, Callable[[Image.Image, random.Random, dict[str, Any]], None]] = {
    "overall": _overall,
    "close_up": _close_up,
    "serial_label": _serial_label,
    "packaging": _packaging,
}


def _code128(text: str, width: int, height: int) -> Image.Image:
    import zxingcpp

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128)
    return (
        Image.fromarray(np.array(code.to_image(scale=3)))
        .convert("RGB")
        .resize((width, height), Image.Resampling.NEAREST)
    )


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=size)


def _as_taken(picture: Image.Image, chance: random.Random) -> bytes:
    """Held in somebody's own way, and with the metadata that a phone writes."""
    turned = _from_aside(picture, chance)
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x9286] = "Examplephone", "X1", "taken at home"
    exif[0x8825] = {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)}
    return _jpeg(turned, exif=exif)


def _from_aside(picture: Image.Image, chance: random.Random) -> Image.Image:
    """No two people hold a phone alike: each corner of what it sees lies up to a tenth of the side further in."""

    def inset(length: int) -> int:
        return chance.randrange(0, length // 10)

    corners = (
        (inset(WIDTH), inset(HEIGHT)), (inset(WIDTH), HEIGHT - inset(HEIGHT)),
        (WIDTH - inset(WIDTH), HEIGHT - inset(HEIGHT)), (WIDTH - inset(WIDTH), inset(HEIGHT)),
    )  # fmt: skip
    seen = [float(number) for corner in corners for number in corner]
    return picture.transform(picture.size, Image.Transform.QUAD, seen, Image.Resampling.BICUBIC)


def _jpeg(picture: Image.Image, **extra: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88, **extra)
    return out.getvalue()
