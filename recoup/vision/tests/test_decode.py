"""Any bytes in: either upright RGB pixels or one refusal with a sentence, and the parent lives."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from PIL import Image

from recoup.vision import decoder_pool
from recoup.vision.decode import LIMITS, decode
from recoup.vision.tests.pictures import TURNED_HEIC, bomb, packed, saved, scene
from recoup.vision.unreadable import (
    Damaged,
    Empty,
    NotAPhoto,
    TookTooLong,
    TooLarge,
    TooManyPixels,
    UnknownKind,
    Unreadable,
)
from tests.sample_data import sample


def test_a_jpeg_is_decoded_as_pillow_decodes_it() -> None:
    data = packed(scene(), quality=88)
    picture = decode(data)
    again = packed(picture.pixels, "PNG")
    assert picture.media_type == "image/jpeg"
    assert (picture.width, picture.height) == (640, 480)
    assert again == saved(Image.open(io.BytesIO(data)).convert("RGB"), "PNG")


@pytest.mark.parametrize(("form", "kind"), [("PNG", "png"), ("WEBP", "webp"), ("AVIF", "avif")])
def test_the_other_kinds(form: str, kind: str) -> None:
    picture = decode(packed(scene(320, 200), form))
    assert picture.media_type == f"image/{kind}"
    assert picture.pixels.shape == (200, 320, 3)


def test_heic_is_decoded_and_turned_once() -> None:
    picture = decode(TURNED_HEIC)
    assert (picture.media_type, picture.pixels.shape) == ("image/heic", (64, 48, 3))
    assert picture.pixels[10, 40, 0] > 200 and picture.pixels[10, 40, 2] < 80
    assert picture.pixels[10, 10, 2] > 150


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    pixels = np.zeros((40, 80, 3), np.uint8)
    pixels[:20, :40] = 255  # the upper left quarter is white in the file
    picture = decode(packed(pixels, "PNG", exif=exif))
    down, across = {1: (0, 0), 2: (0, 1), 3: (1, 1), 4: (1, 0), 5: (0, 0), 6: (0, 1), 7: (1, 1), 8: (1, 0)}[orientation]
    assert picture.exif_orientation == orientation
    assert picture.pixels.shape[:2] == ((40, 80) if orientation < 5 else (80, 40))
    quarter = picture.pixels[:: picture.height - 1, :: picture.width - 1, 0]
    assert np.argwhere(quarter > 128).tolist() == [[down, across]]


def test_the_cameras_clock_is_read() -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2026:03:01 10:20:30"
    exif.get_ifd(0x8769)[0x9011] = "+01:00"
    taken = decode(packed(scene(64, 64), exif=exif)).taken_at
    assert taken is not None and taken.isoformat() == "2026-03-01T10:20:30+01:00"


def test_odd_modes_become_rgb() -> None:
    grey16 = Image.fromarray((np.arange(64, dtype=np.uint16) * 1024).reshape(8, 8))
    cmyk = Image.new("CMYK", (50, 40), (0, 255, 255, 0))
    palette = Image.fromarray(scene(64, 48)).quantize(16)
    clear = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    assert decode(saved(grey16, "PNG")).pixels[7, 7].tolist() == [252, 252, 252]
    red = decode(saved(cmyk, "JPEG", quality=95)).pixels[20, 25]
    assert red[0] > 200 and red[1] < 60 and red[2] < 60
    assert decode(saved(palette, "PNG")).pixels.shape == (48, 64, 3)
    assert decode(saved(clear, "PNG")).pixels.min() == 255


def test_of_an_animation_the_first_picture_counts() -> None:
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "green", "blue")]
    data = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    picture = decode(data)
    assert picture.frames == 3
    assert picture.pixels[20, 30].tolist() == [255, 0, 0]


@pytest.mark.parametrize("shape", [(1, 1), (30_000, 1), (1, 30_000)])
def test_strange_shapes_are_no_trouble(shape: tuple[int, int]) -> None:
    assert decode(packed(np.zeros((*shape, 3), np.uint8), "PNG")).pixels.shape == (*shape, 3)


@pytest.mark.parametrize(
    ("data", "refusal", "says"),
    [
        (b"", Empty, "empty"),
        (b"%PDF-1.7\n" + b"x" * 99, NotAPhoto, "a PDF, not a photo"),
        (b"<!doctype html><html>hello</html>", NotAPhoto, "a web page"),
        (b'<?xml version="1.0"?><svg xmlns="x"></svg>', NotAPhoto, "a drawing"),
        (b"GIF89a" + bytes(40), NotAPhoto, "a GIF"),
        (b"\0\0\0\x18ftypmp42" + bytes(40), NotAPhoto, "a video"),
        (b"Dear team, my photo is", NotAPhoto, "a text file"),
        (bytes(range(1, 200)), UnknownKind, "not a photo"),
        (b"\xff\xd8\xff\xe0<html><script>alert(1)</script></html>", Damaged, "damaged"),
        (b"\x89PNG\r\n\x1a\n", Damaged, "damaged"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", Damaged, "damaged"),
        (b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + bytes(60), Damaged, "damaged"),
    ],
)
def test_what_is_no_photo_gets_one_sentence(data: bytes, refusal: type[Unreadable], says: str) -> None:
    with pytest.raises(refusal) as told:
        decode(data)
    assert says in told.value.say()
    assert told.value.status == 415


def test_a_cut_photo_is_damaged() -> None:
    data = packed(scene())
    with pytest.raises(Damaged, match="did not arrive whole"):
        decode(data[: len(data) // 2])


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    """900 megapixels would need 2.7 GB; it is refused where 150 MB are all there is, so nothing was unpacked."""
    with pytest.raises(TooManyPixels, match="30000 × 30000"):
        decode(bomb(), limits=replace(LIMITS, memory=LIMITS.memory // 4))


def test_a_large_file_is_refused_before_it_is_touched() -> None:
    with pytest.raises(TooLarge, match="photos may have up to 1 MB"):
        decode(b"\xff\xd8\xff" + bytes(2_000_000), limits=replace(LIMITS, bytes=1024 * 1024))


def test_a_huge_jpeg_is_opened_at_half_size() -> None:
    picture = decode(packed(scene(1200, 900)), limits=replace(LIMITS, pixels=300_000))
    assert picture.pixels.shape == (450, 600, 3)


@cache
def large() -> bytes:
    """48 megapixels, which take a while and 144 MB."""
    return packed(np.zeros((6000, 8000, 3), np.uint8), "PNG", compress_level=1)


def test_too_little_memory_is_a_refusal() -> None:
    with pytest.raises(Unreadable):
        decode(large(), limits=replace(LIMITS, memory=120 * 1024 * 1024))
    assert decode(large()).pixels.shape == (6000, 8000, 3)


def test_a_slow_photo_is_given_up_and_the_next_one_opened() -> None:
    with pytest.raises(TookTooLong):
        decode(large(), limits=replace(LIMITS, seconds=0.01))
    assert decode(packed(scene(64, 64))).width == 64


def test_a_killed_child_is_replaced() -> None:
    decode(packed(scene(64, 64)))
    for child in list(decoder_pool.POOL.all):
        child.process.kill()
        child.process.wait()
    assert decode(packed(scene(64, 64))).width == 64


def test_children_are_replaced_after_their_share_of_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoder_pool, "JOBS_PER_CHILD", 2)
    pool = decoder_pool.Pool(1)
    numbers = []
    for _ in range(4):
        pool.open_safely(packed(scene(64, 64)), media_type="image/jpeg", limits=LIMITS)
        numbers.append([child.process.pid for child in pool.all])
    pool.close()
    assert len({number for some in numbers for number in some}) == 2
    assert numbers[1] == numbers[3] == []


def test_many_threads_share_the_pool() -> None:
    data = [packed(scene(64 + step, 64)) for step in range(24)]
    with ThreadPoolExecutor(8) as threads:
        widths = list(threads.map(lambda one: decode(one).width, data))
    assert widths == [64 + step for step in range(24)]
    assert len(decoder_pool.POOL.all) <= decoder_pool.SIZE


def test_nothing_is_left_behind() -> None:
    """A process that decoded in threads ends with its children reaped, and at once; its keys stay with it."""
    code = (
        "import os, sys, threading, time\n"
        "from recoup.vision.decode import decode\n"
        "from recoup.vision import decoder_pool\n"
        "from recoup.vision.tests.pictures import packed, scene\n"
        "data = packed(scene(64, 64))\n"
        "many = [threading.Thread(target=decode, args=(data,)) for _ in range(4)]\n"
        "[one.start() for one in many]; [one.join() for one in many]\n"
        "pids = [child.process.pid for child in decoder_pool.POOL.all]\n"
        "keys = [open(f'/proc/{pid}/environ').read() for pid in pids] if os.path.exists('/proc/self') else ['']\n"
        "assert not any('RECOUP_KEY' in key for key in keys)\n"
        "print(*pids)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "RECOUP_KEY": "secret"}, capture_output=True, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()
    pids = [int(word) for word in done.stdout.split()]
    assert pids
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_changed_bytes_never_do_worse_than_a_refusal() -> None:
    chance = random.Random(5)
    whole = [packed(scene(96, 80), form) for form in ("JPEG", "PNG", "WEBP", "AVIF")]
    before = threading.active_count()
    opened = refused = 0
    for turn in range(300):
        data = bytearray(whole[turn % len(whole)])
        for _ in range(chance.randint(1, 12)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            assert decode(bytes(data)).pixels.ndim == 3
            opened += 1
        except Unreadable:
            refused += 1
    assert opened and refused and opened + refused == 300
    assert threading.active_count() == before


def test_the_hostile_collection() -> None:
    files = [path for path in sorted(sample("photos/hostile").iterdir()) if path.is_file()]
    refused = {}
    for path in files:
        try:
            picture = decode(path.read_bytes())
            assert picture.media_type.removeprefix("image/") in {"jpeg", "png", "webp", "heic", "avif"}
        except Unreadable as refusal:
            refused[path.name] = refusal
    assert len(files) > 50
    assert refused["vips_logo.svg"].say() == (
        "This file is a drawing, not a photo. Send a photo (JPEG, PNG, WebP, HEIC or AVIF)."
    )
    assert isinstance(refused["pil_truncated_jpeg.jpg"], Damaged)
    assert {path.name for path in files if path.suffix in {".tif", ".svg", ".gif"}} <= set(refused)
