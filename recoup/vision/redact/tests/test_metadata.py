from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from recoup.vision.redact.metadata import foreign_parts
from recoup.vision.redact.render import encode

PICTURE = np.random.default_rng(4).integers(0, 255, (60, 90, 3), np.uint8)


def saved(**options: object) -> bytes:
    written = io.BytesIO()
    Image.fromarray(PICTURE).save(written, "JPEG", **options)
    return written.getvalue()


def exif() -> Image.Exif:
    made = Image.Exif()
    made[0x010F] = "a camera of somebody"
    return made


def test_our_own_files_hold_only_the_picture() -> None:
    assert foreign_parts(encode(PICTURE)) == []


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"exif": exif()}, "segment E1 (Exif)"),
        ({"comment": b"for Anna"}, "comment"),
        ({"icc_profile": b"x" * 200}, "segment E2 (ICC_PROFILE)"),
        ({"xmp": b"<x/>"}, "segment E1 (http://ns.ad)"),
    ],
)
def test_everything_else_in_the_container_is_named(options: dict[str, object], part: str) -> None:
    assert foreign_parts(saved(**options)) == [part]


def test_bytes_after_the_end_are_seen() -> None:
    assert foreign_parts(encode(PICTURE) + b"PK\x03\x04") == ["bytes after the end of the picture"]


@pytest.mark.parametrize("cut", [3, 200, -2])
def test_a_torn_file_is_not_clean(cut: int) -> None:
    assert foreign_parts(encode(PICTURE)[:cut]) == ["no end of the picture"]


def test_another_format_is_not_clean() -> None:
    assert foreign_parts(b"\x89PNG\r\n\x1a\n") == ["not a JPEG"]


def test_progressive_files_and_restarts_are_walked_to_their_end() -> None:
    assert foreign_parts(saved(progressive=True)) == []
    assert foreign_parts(saved(restart_marker_blocks=2)) == []
