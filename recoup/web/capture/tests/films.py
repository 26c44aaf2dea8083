"""What Chromium's false camera films: rendered scenes, and what hands, lamps and hallways do to them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from recoup.cli.sample import scenes

SIZE = (768, 1024)  # pixels; a false camera decodes thirty of them a second
Change = Callable[[Image.Image], Image.Image]


def flags(reel: Path) -> list[str]:
    """What Chromium is started with to film ``reel``, read anew whenever a page opens the camera."""
    return ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={reel}"]


def film(name: str, shot: str = "overall") -> bytes:
    """An .mjpeg, which is JPEGs one after the other, by the name of what is wrong; all but "moving" stand still."""
    if name == "moving":
        return b"".join(_jpeg(_scene(shot), along=step * SIZE[0] // 7) for step in range(7))
    return frame(name, shot) * 2


def frame(name: str, shot: str = "overall") -> bytes:
    return _jpeg(CHANGES[name](_scene(shot)))


def _scene(shot: str) -> Image.Image:
    photo = scenes.scene(shot, seed=31, serial="K17-000001")
    return Image.open(io.BytesIO(photo)).convert("RGB").resize(SIZE)


def _jpeg(picture: Image.Image, *, along: int = 0) -> bytes:
    # The false camera takes a JPEG's brightness for a video's and stretches 16..235 to all of it.
    filmed = ImageChops.offset(picture, along, 0).point(lambda value: int(16 + value * 219 / 255))
    out = io.BytesIO()
    filmed.save(out, "JPEG", quality=92)
    return out.getvalue()


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
    darker = picture.point(lambda value: int(value * 0.85))
    ImageDraw.Draw(darker).ellipse((270, 400, 480, 660), fill=(255, 255, 255))
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
