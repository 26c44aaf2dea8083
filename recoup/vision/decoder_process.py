"""The child that really opens strangers' files. Started by decoder_pool.py, talks over one socket, knows no secret.

Each request carries two open files: the photo's bytes, and an empty one for the pixels (written as PPM).
It limits its own memory and CPU time before it looks at anything; dying is allowed, the parent notices.
"""

from __future__ import annotations

import io
import json
import os
import resource
import socket
import sys
from typing import IO, Any

from PIL import (
    Image,
    ImageCms,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    PpmImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

Image.MAX_IMAGE_PIXELS = None  # we compare the claimed size ourselves, before anything is decoded
ImageFile.LOAD_TRUNCATED_IMAGES = False
_NEEDED = (JpegImagePlugin, PngImagePlugin, PpmImagePlugin, WebPImagePlugin)

FORMATS = {
    "image/jpeg": ("JPEG", "MPO"),
    "image/png": ("PNG",),
    "image/webp": ("WEBP",),
    "image/heic": ("HEIF",),
    "image/avif": ("AVIF",),
}
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
ORIENTATION, EXIF_BLOCK, TAKEN, OFFSET, CHANGED = 0x0112, 0x8769, 0x9003, 0x9011, 0x0132


class Refused(Exception):
    """Carries one of the reasons in unreadable.py and its facts back to the parent."""

    def __init__(self, reason: str, **facts: Any) -> None:
        super().__init__(reason)
        self.answer = {"refused": reason, "facts": facts}


def main() -> None:
    """Serve requests until the parent closes the socket."""
    server = socket.socket(fileno=int(sys.argv[1]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while True:
        message, files, _, _ = socket.recv_fds(server, 65536, 2)
        if not message:
            return
        server.sendall(json.dumps(_serve(json.loads(message), files)).encode() + b"\n")


def _serve(request: dict[str, Any], files: list[int]) -> dict[str, Any]:
    with os.fdopen(files[0], "rb") as source, os.fdopen(files[1], "wb") as target:
        _limit(request)
        try:
            return _open(request, source, target)
        except Refused as refused:
            return refused.answer
        except MemoryError:
            return {"refused": "needs_too_much", "facts": {}}
        except Exception as problem:  # any decoder may raise anything; the photo is damaged
            return {"refused": "damaged", "facts": {}, "said": repr(problem)[:300]}


def _limit(request: dict[str, Any]) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (int(request["memory"]), hard))
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + 2 * float(request["seconds"])) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _open(request: dict[str, Any], source: IO[bytes], target: IO[bytes]) -> dict[str, Any]:
    _load_decoder(request["media_type"])
    try:
        image = Image.open(source, formats=FORMATS[request["media_type"]])
    except UnidentifiedImageError as unknown:
        raise Refused("damaged") from unknown
    with image:
        frames = int(getattr(image, "n_frames", 1)) if image.format != "MPO" else 1
        told = {"frames": frames, **_read_exif(image)}
        _fit(image, request)
        upright = _upright(_srgb(image), told)
        upright.save(target, "PPM")
        return {**told, "width": upright.width, "height": upright.height}


def _load_decoder(media_type: str) -> None:
    if media_type == "image/heic":
        import pi_heif

        pi_heif.register_heif_opener(thumbnails=False, decode_threads=2)
    if media_type == "image/avif":
        from PIL import AvifImagePlugin

        AvifImagePlugin.DEFAULT_MAX_THREADS = 2


def _fit(image: Image.Image, request: dict[str, Any]) -> None:
    """Refuse by the claimed size before decoding; a huge JPEG is decoded at a half, quarter or eighth instead."""
    width, height = image.size
    if width * height > int(request["claimed_pixels"]):
        raise Refused("too_many_pixels", width=width, height=height)
    if image.format in ("JPEG", "MPO"):
        for divisor in (2, 4, 8):
            if image.width * image.height > int(request["pixels"]):
                image.draft(None, (width // divisor, height // divisor))
    if image.width * image.height > int(request["pixels"]):
        raise Refused("too_many_pixels", width=width, height=height)


def _read_exif(image: Image.Image) -> dict[str, Any]:
    """Orientation and the camera's clock; EXIF is often broken, and a photo with broken EXIF is still a photo."""
    try:
        exif = image.getexif()
        block = exif.get_ifd(EXIF_BLOCK)
        orientation = exif.get(ORIENTATION, 1)
        taken = block.get(TAKEN) or exif.get(CHANGED) or ""
        return {
            "orientation": orientation if orientation in TURNS else 1,
            # A HEIC turns itself, by a box of its own.
            "says_upright": image.format == "HEIF" or (ORIENTATION in exif and orientation in (1, *TURNS)),
            "taken": str(taken)[:19],
            "offset": str(block.get(OFFSET) or "")[:6],
        }
    except Exception:  # the EXIF parser raises a dozen kinds of error on bad data
        return {"orientation": 1}


def _upright(image: Image.Image, told: dict[str, Any]) -> Image.Image:
    turn = TURNS.get(told["orientation"])
    return image if turn is None else image.transpose(turn)


def _srgb(image: Image.Image) -> Image.Image:
    """RGB in sRGB: palettes and greys widened, transparency over white, foreign colour profiles converted."""
    profile = image.info.get("icc_profile")
    image.load()
    plain = _plain(image)
    if profile and plain.mode in ("RGB", "CMYK") and not _is_srgb(profile):
        converted = _through_profile(plain, profile)
        if converted is not None:
            return converted
    return plain if plain.mode == "RGB" else plain.convert("RGB")


def _plain(image: Image.Image) -> Image.Image:
    if image.mode in ("RGB", "CMYK"):
        return image
    if image.mode.startswith("I;16") or image.mode == "I":
        return image.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGB", layer.size, (255, 255, 255))
        paper.paste(layer, mask=layer.getchannel("A"))
        return paper
    return image.convert("RGB")


def _is_srgb(profile: bytes) -> bool:
    return b"sRGB" in profile[:4096] or b"s\0R\0G\0B" in profile[:4096]


def _through_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    """Phones write Display P3; a profile that cannot be used is left out rather than losing the photo."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None


if __name__ == "__main__":
    main()
