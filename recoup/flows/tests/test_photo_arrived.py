"""From sealed bytes to a verdict: the real decoder, gate and code reader on pictures made here."""

from __future__ import annotations

import io
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import segno
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont

from recoup.domain.catalogue import actions as catalogue
from recoup.domain.evidence import actions, originals, queries
from recoup.domain.evidence.facts import PhotoArrived
from recoup.domain.evidence.models import CaptureSession, CatalogueMatch, Photo, Reuse
from recoup.domain.evidence.tests import factories
from recoup.domain.orders.models import Order
from recoup.domain.returns.actions import open_link
from recoup.domain.returns.tests import factories as returns
from recoup.flows import photo_arrived
from recoup.flows.photo_arrived import judge_photo, look
from recoup.foundation.files import queries as files
from recoup.kit.actor import SYSTEM
from recoup.kit.moves import IllegalMove
from recoup.vision import catalogue_match
from recoup.vision.decode import decode
from recoup.vision.unreadable import TookTooLong
from recoup.vision.views import derive

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


def followed(data: bytes, session: CaptureSession | None = None, shot: str = "overall") -> Photo:
    photo = factories.photo(session or factories.session(), shot, data)
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
    data = jpeg(scene(1200, 900), exif=exif, comment=b"Jane Roe")
    assert b"Jane" in data
    photo = followed(data)
    assert (photo.width, photo.height) == (900, 1200)
    for kind in ("screen", "thumb"):
        picture = view(photo, kind)
        assert picture.height > picture.width and not picture.getexif() and "comment" not in picture.info
    assert files.read(photo.file) == data


def test_a_black_photo_is_to_be_taken_again() -> None:
    session = factories.session()
    photo = followed(jpeg(Image.new("RGB", (1200, 900))), session)
    [seen] = queries.photos_of(session)
    assert photo.state == "retake" and seen.sentence.endswith(".") and seen.reasons


@pytest.mark.parametrize("data", [b"%PDF-1.7 no photo", b"<html>hello</html>", jpeg(scene(600, 400))[:5000]])
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


def changed(picture: Image.Image) -> Image.Image:
    """Cut by a fifth, darker, and mirrored."""
    cut = picture.crop((picture.width // 5, 0, picture.width, picture.height * 4 // 5))
    return cut.transpose(Image.Transpose.FLIP_LEFT_RIGHT).point(lambda value: int(value * 0.85))


@cache
def shapes(seed: int = 7) -> Image.Image:
    chance = np.random.default_rng(seed)
    picture = Image.new("RGB", (800, 600), (120, 130, 125))
    draw = ImageDraw.Draw(picture)
    for _ in range(160):
        x, y, size = (int(one) for one in chance.integers((0, 0, 8), (800, 600, 60)))
        draw.ellipse((x, y, x + size, y + size * 2 // 3), tuple(int(one) for one in chance.integers(0, 256, 3)))
    return picture


def test_a_photo_of_another_case_is_known_again_however_it_was_changed() -> None:
    before, stranger = followed(jpeg(shapes())), followed(jpeg(shapes(8)))
    copy, same_bytes = followed(jpeg(changed(shapes()))), followed(jpeg(shapes()))
    assert copy.state == same_bytes.state == "accepted"
    kept = set(Reuse.objects.values_list("photo", "earlier", "exact"))
    assert {(copy.pk, before.pk, False), (same_bytes.pk, before.pk, True)} <= kept
    assert stranger.pk not in {pk for pair in kept for pk in pair[:2]}


def test_the_same_photo_for_another_shot_is_not_another_photo() -> None:
    session = factories.session()
    followed(jpeg(shapes()), session)
    again = followed(jpeg(shapes().resize((720, 540))), session, "close_up")
    [_, seen] = queries.photos_of(session)
    assert again.state == "retake" and seen.reasons == ("same_photo",)
    assert seen.sentence == "You sent this photo already. Take one from another angle."


def label(*, turns: int = 0) -> Image.Image:
    picture = Image.fromarray(np.random.default_rng(3).integers(150, 170, (600, 800, 3), dtype=np.uint8))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((125, 150, 675, 450), (250, 250, 246))
    font = ImageFont.load_default(size=36)
    for row, text in enumerate(("ELECTRIC KETTLE", "MODEL AQUILA 17", "S/N K17-004711", "220 V 50 Hz 2200 W")):
        draw.text((155, 175 + 65 * row), text, fill=(20, 20, 25), font=font)
    return picture.rotate(90 * turns, expand=True)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_label_is_put_upright_and_its_serial_read(turns: int) -> None:
    photo = followed(jpeg(label(turns=turns)), shot="serial_label")
    assert (photo.width, photo.height) == (800, 600) and photo.quarter_turns == -turns % 4
    assert view(photo, "screen").size == (800, 600)
    [word] = [code for code in queries.codes_of(photo) if code.value == "K17-004711"]
    x, y, width, height = word.box
    assert word.kind == "text" and 0.8 <= word.confidence <= 1
    assert 200 <= x <= 280 and 290 <= y <= 325 and 150 <= width <= 280 and 20 <= height <= 65
    assert originals.pixels_of(photo).shape == (600, 800, 3)


def test_only_labels_are_turned_and_only_where_the_camera_was_silent() -> None:
    exif = Image.Exif()
    exif[0x0112] = 1
    assert followed(jpeg(label(turns=1))).quarter_turns == 0
    assert followed(jpeg(label(turns=1), exif=exif), shot="serial_label").quarter_turns == 0


def at_home(seed: int) -> Image.Image:
    """The printed front of a product on somebody's table, from a little aside."""
    table = Image.fromarray(np.random.default_rng(seed).integers(90, 110, (900, 1200, 3), dtype=np.uint8))
    seen = shapes(seed).transform((600, 450), Image.Transform.QUAD, (0, 0, 20, 587, 800, 600, 767, 27))
    table.paste(seen, (300, 250))
    return table


@pytest.fixture
def order() -> Order:
    """A kettle and a lamp were bought, and both have a reference picture; so has a product of nobody's order."""
    made: Order = returns.order()
    for sku, seed in (("KTL-17", 31), ("L-2", 32), ("NOT-BOUGHT", 33)):
        product = returns.product(sku=sku)
        catalogue.add_picture(product=product, data=derive(np.asarray(shapes(seed))), actor=SYSTEM)
        if sku != "NOT-BOUGHT":
            returns.order_line(made, sold=product)
    return made


def opened_for(order: Order | None) -> CaptureSession:
    expires_at = timezone.now() + timedelta(days=1)
    link, _ = open_link(order=order, language="en", expires_at=expires_at, actor=SYSTEM)
    return link.session


@pytest.mark.parametrize(
    ("seed", "shot", "sku"),
    [
        (31, "overall", "KTL-17"),
        (32, "packaging", "L-2"),
        (31, "close_up", ""),
        (33, "overall", ""),
        (34, "overall", ""),
    ],
)
def test_a_product_of_the_order_is_known_by_its_picture(order: Order, seed: int, shot: str, sku: str) -> None:
    photo = followed(jpeg(at_home(seed)), opened_for(order), shot)
    found = [(match.product.sku, match.photo) for match in CatalogueMatch.objects.all()]
    assert found == ([(sku, photo)] if sku else [])
    for match in CatalogueMatch.objects.all():
        x, y, width, height = match.box
        assert 295 <= x <= 350 and 245 <= y <= 300 and 500 <= width <= 605 and 375 <= height <= 455
        assert match.inliers >= 22 and 0.25 <= match.share <= 1


def test_where_nothing_has_a_picture_nothing_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(catalogue_match, "match", never)
    for session in (opened_for(returns.order_line().order), opened_for(None)):
        assert followed(jpeg(at_home(31)), session).state != "arrived"
    assert not CatalogueMatch.objects.exists()


def test_a_reference_picture_that_cannot_be_opened_is_not_the_customer_s_fault(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = jpeg(at_home(31))

    def only_the_photo(opened: bytes) -> Any:
        if opened != data:
            raise TookTooLong()
        return decode(opened)

    monkeypatch.setattr(photo_arrived, "decode", only_the_photo)
    photo_arrived.reference.cache_clear()
    assert followed(data, opened_for(order)).state != "unreadable"
    assert not CatalogueMatch.objects.exists()
