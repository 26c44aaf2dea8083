"""Rendered scenes with planted identifiers, made by PIL: nobody's data."""

from __future__ import annotations

import io

import numpy as np
import segno
from PIL import Image, ImageDraw, ImageFont

from recoup.vision.redact.covers import Pixels

NAME = "Wilhelmina Okonkwo"
STREET = "47 Larkspur Terrace"
SKU = "LMP-2047"
SERIAL = "SN88412X"


def blank(*, width: int = 900, height: int = 700) -> Image.Image:
    """A softly shaded wall: a plain white picture would be too easy."""
    shade = np.linspace(205, 235, height)[:, None, None] + np.linspace(0, 12, width)[None, :, None]
    return Image.fromarray(np.broadcast_to(shade, (height, width, 3)).astype(np.uint8).copy())


def write(picture: Image.Image, text: str, *, at: tuple[int, int], size: int = 34) -> tuple[int, int, int, int]:
    """Write a line and return its box (left, top, right, bottom)."""
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(size=size)
    draw.text(at, text, fill=(20, 20, 24), font=font)
    left, top, right, bottom = draw.textbbox(at, text, font=font)
    return (int(left), int(top), int(right), int(bottom))


def qr(picture: Image.Image, value: str, *, at: tuple[int, int], scale: int = 5) -> tuple[int, int, int, int]:
    """Paste a QR code and return its box (left, top, right, bottom)."""
    drawn = io.BytesIO()
    segno.make_qr(value).save(drawn, kind="png", scale=scale, border=3)
    code = Image.open(drawn).convert("RGB")
    picture.paste(code, at)
    return (at[0], at[1], at[0] + code.width, at[1] + code.height)


def pixels(picture: Image.Image) -> Pixels:
    return np.asarray(picture.convert("RGB"), np.uint8)


def jpeg(picture: Image.Image, **about: bytes) -> bytes:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=92, **about)
    return written.getvalue()


def hidden_share(mask: Pixels, box: tuple[int, int, int, int]) -> float:
    left, top, right, bottom = box
    return float(mask[top:bottom, left:right].mean())
