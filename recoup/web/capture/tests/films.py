"""What Chromium's false camera films: rendered scenes, and what hands, lamps and hallways do to them."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from recoup.cli.sample import scenes

SIZE = (480, 640)  # pixels
PACE = 10  # pictures a second; each of them is drawn anew, looked at or not
Change = Callable[[Image.Image], Image.Image]


def flags(reel: Path) -> list[str]:
    """What Chromium is started with to film ``reel``, read anew whenever a page opens the camera."""
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={reel}",
    ]


def film(name: str, shot: str = "overall") -> bytes:
    """A .y4m, which is bare pictures one after the other, by the name of what is wrong; all but "moving" stand still."""
    if name == "moving":
        scene = _scene(shot)
        moved = [ImageChops.offset(scene, step * SIZE[0] // 7, 0) for step in range(7)]
    else:
        moved = [CHANGES[name](_scene(shot))]
    return reel(moved)


def reel(pictures: list[Image.Image]) -> bytes:
    """The pictures over and over."""
    wide, high = pictures[0].size
    head = f"YUV4MPEG2 W{wide} H{high} F{PACE}:1 Ip A1:1 C420\n".encode()
    return head + b"".join(b"FRAME\n" + _planes(each) for each in pictures)


def label(*codes: tuple[str, str], size: tuple[int, int] = (960, 1280)) -> Image.Image:
    """A type plate on a table with these codes on it, each as its kind ("Code128", "EAN13", "DataMatrix" …) and text."""
    import zxingcpp

    table = _drawn("serial_label").resize(size).filter(ImageFilter.GaussianBlur(30))
    high = size[1] // 2 // (len(codes) + 1)
    ImageDraw.Draw(table).rectangle((60, size[1] // 4, size[0] - 60, size[1] * 3 // 4), fill=(238, 238, 234))
    for place, (kind, text) in enumerate(codes):
        made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind)).to_image(scale=4)
        code = Image.fromarray(np.array(made)).convert("RGB")
        code = code.crop((0, 0, code.width, min(code.height, high)))  # as low as there is room for
        table.paste(code, (100, size[1] // 4 + 40 + place * (high + 40)))
    return table


def photo(name: str, shot: str = "overall") -> bytes:
    """The same as a JPEG."""
    out = io.BytesIO()
    CHANGES[name](_scene(shot)).save(out, "JPEG", quality=92)
    return out.getvalue()


def _scene(shot: str) -> Image.Image:
    return _drawn(shot).resize(SIZE)


@cache
def _drawn(shot: str) -> Image.Image:
    photo = scenes.scene(shot, seed=31, serial="K17-000001")
    return Image.open(io.BytesIO(photo)).convert("RGB")


def _planes(picture: Image.Image) -> bytes:
    # A video's brightness goes from 16 to 235.
    light, blue, red = picture.point(lambda value: int(16 + value * 219 / 255)).convert("YCbCr").split()
    return b"".join(each.tobytes() for each in (light, blue.reduce(2), red.reduce(2)))


def _lit(share: float) -> Change:
    return lambda picture: picture.point(lambda value: int(min(255, value * share)))


def _blurred(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(7))


def _shaken(picture: Image.Image) -> Image.Image:
    """Moved along a slope while the shutter was open."""
    pixels, steps = np.asarray(picture, dtype=np.float32), 26
    moved = sum(np.roll(pixels, (step // 3, step), axis=(0, 1)) for step in range(steps)) / steps
    return Image.fromarray(np.asarray(moved, dtype=np.uint8))


def _glaring(picture: Image.Image) -> Image.Image:
    """A lamp in polished steel: a burnt patch amid what is darker."""
    lamp = tuple(round(share * side) for share, side in zip((0.35, 0.39, 0.625, 0.645), SIZE * 2, strict=True))
    darker = picture.point(lambda value: int(value * 0.85))
    ImageDraw.Draw(darker).ellipse(lamp, fill=(255, 255, 255))
    return darker


def _covered(picture: Image.Image) -> Image.Image:
    return Image.new("RGB", picture.size, (62, 48, 44))


CHANGES: dict[str, Change] = {
    "good": lambda picture: picture,
    "dark": _lit(0.06),
    "bright": _lit(5),
    "blurred": _blurred,
    "shaken": _shaken,
    "glaring": _glaring,
    "covered": _covered,
}
