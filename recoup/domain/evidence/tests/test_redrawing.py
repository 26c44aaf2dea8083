"""Covers painted on the real pixels: what lies under one is not in the outgoing bytes any more."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from recoup.domain.evidence import actions, redrawing
from recoup.domain.evidence.models import Photo, RedactedCopy
from recoup.domain.evidence.tests import factories
from recoup.kit.actor import SYSTEM
from recoup.vision import redact
from recoup.vision.redact import Cover, Known

pytestmark = pytest.mark.django_db
BOX = [90, 70, 220, 80]


@pytest.fixture(autouse=True)
def nothing_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The finders have tests of their own (vision/redact) and take seconds; here only their covers matter."""
    monkeypatch.setattr(redact, "second_look", lambda encoded, *, known: [])


def photo() -> Photo:
    picture = Image.new("RGB", (800, 600), (200, 180, 40))
    ImageDraw.Draw(picture).rectangle((100, 80, 300, 140), fill=(255, 0, 0))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=95, comment=b"Jane Roe")
    return factories.photo(factories.session(), data=out.getvalue())


def proposed() -> RedactedCopy:
    made = photo()
    redrawn = actions.Redrawn(encoded=b"a first copy", rules_version="test")
    return actions.propose_redaction(photo=made, redrawn=redrawn, actor=SYSTEM)


def pixels(encoded: bytes) -> Any:
    return np.asarray(Image.open(io.BytesIO(encoded)))


def test_what_a_person_covered_is_gone_and_nothing_else() -> None:
    made = redrawing.redraw(copy=proposed(), covers=[{"box": BOX}], known=Known())
    seen = pixels(made.encoded)
    assert seen.shape == (600, 800, 3)
    assert not ((seen[..., 0] > 200) & (seen[..., 1] < 80)).any()
    assert np.abs(seen[400, 400].astype(int) - (200, 180, 40)).max() < 4
    assert b"Jane" not in made.encoded
    assert {**made.covers[0], "polygon": ()} == {
        "kind": "drawn", "box": tuple(BOX), "why": "drawn by a person", "confidence": 1.0, "polygon": (),
    }  # fmt: skip


def test_the_same_covers_give_the_same_bytes_and_others_do_not() -> None:
    copy = proposed()
    one, same = (redrawing.redraw(copy=copy, covers=[{"box": BOX}], known=Known()) for _ in range(2))
    other = redrawing.redraw(copy=copy, covers=[], known=Known())
    assert one.encoded == same.encoded != other.encoded


def test_a_redrawn_copy_becomes_the_next_version() -> None:
    copy = proposed()
    made = redrawing.redraw(copy=copy, covers=[{"box": BOX, "kind": "label", "why": "a waybill"}], known=Known())
    second = actions.recover(copy=copy, redrawn=made, actor=factories.BUYER)
    second = RedactedCopy.objects.get(pk=second.pk)
    assert (second.version, second.covers[0]["box"], second.covers[0]["why"]) == (2, BOX, "a waybill")


@pytest.mark.parametrize(
    "cover",
    [{}, {"box": [1, 2, 3]}, {"box": ["a", 1, 1, 1]}, {"box": [1, 1, 0, 5]}, {"box": None}, {"box": [1, 1, 10**20, 5]}],
)
def test_a_cover_that_is_no_box_is_refused(cover: dict[str, Any]) -> None:
    with pytest.raises(redrawing.BadCover):
        redrawing.redraw(copy=proposed(), covers=[{"box": BOX}, cover], known=Known())


def test_the_first_version_comes_from_the_finders(monkeypatch: pytest.MonkeyPatch) -> None:
    cover = Cover(kind="text", box=(100, 80, 201, 61), why="a line of text", confidence=0.9)
    residue = redact.Residue(kind="text", box=(1, 2, 3, 4), text="Jane", why="a second reader")

    def settle(found: Any, *, known: Known) -> Any:
        return redact.apply(found, covers=[cover]), [residue]

    monkeypatch.setattr(redact, "settle", settle)
    made = redrawing.hide(photo=photo(), known=Known(identifiers=("Jane Roe",)))
    assert made.rules_version == redact.RULES_VERSION
    assert made.residue[0]["text"] == "Jane" and made.covers[0]["why"] == "a line of text"
    assert not ((pixels(made.encoded)[..., 0] > 200) & (pixels(made.encoded)[..., 1] < 80)).any()
