"""From sealed bytes to a verdict: the real decoder, gate and code reader on pictures made here."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import segno
from PIL import Image

from recoup.domain.evidence import actions, queries
from recoup.domain.evidence.facts import PhotoArrived
from recoup.domain.evidence.models import CaptureSession, Photo
from recoup.domain.evidence.tests import factories
from recoup.flows.photo_arrived import judge_photo, look
from recoup.foundation.files import queries as files
from recoup.kit.moves import IllegalMove

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_store(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOUP_KEY", "dGhlIGtleSBvZiB0aGlzIHRlc3QsIDMyIGJ5dGVzISE=")
    settings.RECOUP_VAR = tmp_path


def scene(width: int = 2400, height: int = 1800) -> Image.Image:
    """Sharp edges of many sizes, with a QR code in a corner."""
    chance = np.random.default_rng(5)
    coarse = chance.integers(30, 226, (height // 40, width // 40, 3), dtype=np.uint8)
    picture = Image.fromarray(coarse).resize((width, height), Image.Resampling.NEAREST)
    code = io.BytesIO()
    segno.make("RMA-TEST-1", micro=False).save(code, kind="png", scale=8, border=4)
    picture.paste(Image.open(code).convert("RGB"), (100, 200))
    return picture


def jpeg(picture: Image.Image, **about: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=92, **about)
    return out.getvalue()


def followed(data: bytes, session: CaptureSession | None = None) -> Photo:
    photo = factories.photo(session or factories.session(), "overall", data)
    fact = PhotoArrived(photo_id=photo.id, session_id=photo.session_id)
    judge_photo(fact, look(fact))
    return Photo.objects.get(pk=photo.pk)


def view(photo: Photo, kind: str) -> Image.Image:
    seen = queries.photo_view(actor=factories.AGENT, photo=photo, kind=kind)
    return Image.open(io.BytesIO(b"".join(seen.chunks)))


def test_a_sharp_photo_is_accepted_with_views_codes_and_hash() -> None:
    photo = followed(jpeg(scene()))
    assert (photo.state, photo.media_type, photo.width, photo.height) == ("accepted", "image/jpeg", 2400, 1800)
    assert photo.phash is not None
    [code] = queries.codes_of(photo)
    x, y, width, height = code.box
    assert (
        code.value == "RMA-TEST-1" and 100 <= x <= 180 and 200 <= y <= 280 and 100 < width < 300 and 100 < height < 300
    )
    assert view(photo, "screen").size == (1600, 1200) and view(photo, "thumb").size == (320, 240)


def test_views_are_upright_and_carry_nothing_of_the_original() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "Jane Roe, 1 Example Street"
    data = jpeg(scene(), exif=exif, comment=b"Jane Roe")
    assert b"Jane" in data
    photo = followed(data)
    assert (photo.width, photo.height) == (1800, 2400)
    for kind in ("screen", "thumb"):
        picture = view(photo, kind)
        assert picture.height > picture.width and not picture.getexif() and "comment" not in picture.info
    assert files.read(photo.file) == data


def test_a_black_photo_is_to_be_taken_again() -> None:
    session = factories.session()
    photo = followed(jpeg(Image.new("RGB", (1200, 900))), session)
    [seen] = queries.photos_of(session)
    assert photo.state == "retake" and seen.sentence.endswith(".") and seen.reasons


@pytest.mark.parametrize("data", [b"%PDF-1.7 no photo", b"<html>hello</html>", jpeg(scene())[:5000]])
def test_what_is_no_photo_is_said_to_the_customer(data: bytes) -> None:
    session = factories.session()
    photo = followed(data, session)
    [seen] = queries.photos_of(session)
    assert photo.state == "unreadable" and seen.sentence.endswith(".")
    assert files.read(photo.file) == data


def test_a_photo_that_was_erased_meanwhile_is_left_alone() -> None:
    session = factories.session()
    photo = factories.photo(session)
    actions.erase_session(session=session, actor=factories.ADMIN)
    fact = PhotoArrived(photo_id=photo.id, session_id=session.id)
    assert look(fact) is None
    judge_photo(fact, None)
    assert Photo.objects.get().state == "arrived"


def test_the_effect_happens_once() -> None:
    photo = followed(jpeg(scene(600, 400)))
    fact = PhotoArrived(photo_id=photo.id, session_id=photo.session_id)
    with pytest.raises(IllegalMove):
        judge_photo(fact, look(fact))
