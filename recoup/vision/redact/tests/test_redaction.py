from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from recoup.vision.redact import Cover, FinderFailed, Known, Redaction, apply, engines, redact, second_look, settle
from recoup.vision.redact import finders as finders_module
from recoup.vision.redact.covers import Pixels, mask_of
from recoup.vision.redact.render import COLOUR, LONGEST_SIDE
from recoup.vision.redact.tests import scenes
from recoup.vision.redact.tests.scenes import NAME, SERIAL, SKU, STREET

CASE = Known(identifiers=(NAME, STREET), allow=(SKU, SERIAL))
Place = tuple[int, int, int, int]


@dataclass(frozen=True)
class Parcel:
    """Much that must be hidden and a SKU that may be seen: where each lies, and what became of the picture."""

    name: Place
    street: Place
    card: Place
    code: Place
    beside_code: Place
    sku: Place
    made: Redaction

    def hidden(self, place: Place, *, kind: str = "") -> float:
        """The share of the place that lies under covers, or under those of one kind."""
        covers = [cover for cover in self.made.covers if kind in ("", cover.kind)]
        return scenes.hidden_share(mask_of(covers, shape=self.made.pixels.shape), place)


@cache
def parcel() -> Parcel:
    scene = scenes.blank()
    code = scenes.qr(scene, "https://example.com/track/881200417", at=(500, 330))
    return Parcel(
        name=scenes.write(scene, f"Ship to {NAME}", at=(60, 60)),
        street=scenes.write(scene, STREET, at=(60, 130)),
        card=scenes.write(scene, "4111 1111 1111 1111", at=(60, 240), size=40),
        code=(code[0] + 15, code[1] + 15, code[2] - 15, code[3] - 15),
        beside_code=scenes.write(scene, "Parcel 3", at=(code[2] + 6, 350), size=26),
        sku=scenes.write(scene, f"SKU {SKU}", at=(60, 560)),
        made=redact(scenes.pixels(scene), known=CASE),
    )


def test_a_name_is_hidden_and_the_sku_stays() -> None:
    assert parcel().hidden(parcel().name) > 0.98
    assert parcel().hidden(parcel().street) > 0.98
    assert parcel().hidden(parcel().sku) == 0.0
    assert parcel().hidden(parcel().name, kind="identifier") > 0.5


def test_a_code_and_the_label_around_it_are_hidden() -> None:
    assert parcel().hidden(parcel().code, kind="code") == 1.0
    assert parcel().hidden(parcel().code, kind="label") > 0.98
    assert parcel().hidden(parcel().beside_code, kind="label") > 0.98


def test_a_card_number_is_called_one() -> None:
    assert parcel().hidden(parcel().card, kind="card") > 0.98


def test_of_what_was_hidden_nothing_is_left() -> None:
    assert second_look(parcel().made.encoded, known=CASE) == []


def test_by_default_everything_written_is_hidden_in_any_direction(subtests: pytest.Subtests) -> None:
    pixels, places = written_around(f"{NAME}, SKU {SKU}")
    made = redact(pixels, known=Known())
    mask = mask_of(made.covers, shape=made.pixels.shape)
    for side, place in enumerate(places):
        with subtests.test(msg=f"side {side}"):
            assert mask[place].mean() > 0.98


def written_around(text: str) -> tuple[Pixels, list[NDArray[np.bool_]]]:
    """A wall with the text along each of its four sides, and where: uint8[h, w, 3], bool[h, w] for each side."""
    pixels, places = scenes.pixels(scenes.blank()), list[NDArray[np.bool_]]()
    for _ in range(4):
        scene = Image.fromarray(np.ascontiguousarray(np.rot90(pixels)))
        left, top, right, bottom = scenes.write(scene, text, at=(90, 30), size=30)
        pixels = scenes.pixels(scene)
        here = np.zeros(pixels.shape[:2], bool)
        here[top:bottom, left:right] = True
        places = [*map(np.rot90, places), here]
    return pixels, places


def test_a_picture_of_nothing_stays_as_it_is() -> None:
    made = redact(scenes.pixels(scenes.blank()), known=CASE)
    assert made.covers == ()
    assert second_look(made.encoded, known=CASE) == []


def test_covers_are_solid_and_of_one_colour() -> None:
    noise = np.random.default_rng(7).integers(0, 255, (200, 300, 3), np.uint8)
    drawn = (Cover("drawn", (20, 30, 80, 50), "a person", 1.0), Cover("face", (150, 30, 80, 50), "a face", 1.0))
    made = apply(noise, covers=drawn)
    assert (made.pixels[30:80, 20:100] == COLOUR).all()
    assert (made.pixels[30:80, 150:230] == COLOUR).all()
    assert (made.pixels[:30] == noise[:30]).all()


@cache
def one_name() -> tuple[Pixels, Redaction]:
    """A strip of wall with a name on it, and what became of it."""
    scene = scenes.blank(width=640, height=64)
    scenes.write(scene, NAME, at=(60, 12))
    return scenes.pixels(scene), redact(scenes.pixels(scene), known=CASE)


def test_the_same_photo_and_covers_give_the_same_bytes_in_any_thread() -> None:
    pixels, once = one_name()
    with ThreadPoolExecutor(2) as workers:
        again = list(workers.map(lambda _: redact(pixels, known=CASE).encoded, range(2)))
    assert again == [once.encoded] * 2
    assert once.sha256 == hashlib.sha256(once.encoded).hexdigest()
    assert apply(pixels, covers=once.covers).sha256 == once.sha256


def test_a_person_adds_and_removes_covers() -> None:
    pixels, first = one_name()
    drawn = Cover("drawn", (500, 20, 100, 30), "a person", 1.0)
    gone = [cover.box for cover in first.covers]
    assert gone
    second = redact(pixels, known=CASE, extra_covers=[drawn], removed=gone)
    assert second.covers == (drawn,)
    assert (second.pixels[20:50, 500:600] == COLOUR).all()
    assert second.sha256 != first.sha256


def test_settling_hides_what_only_the_second_look_saw(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = scenes.blank(width=640, height=80)
    box = scenes.write(scene, NAME, at=(60, 12), size=44)
    monkeypatch.setattr("recoup.vision.redact.redaction.find", lambda pixels, known: ())
    assert second_look(apply(scenes.pixels(scene), covers=()).encoded, known=CASE)
    made, left = settle(scenes.pixels(scene), known=CASE)
    assert left == []
    assert scenes.hidden_share(mask_of(made.covers, shape=made.pixels.shape), box) > 0.9


@pytest.mark.parametrize("finder", ["find_lines", "find_codes", "find_faces", "label_hulls"])
def test_a_finder_that_crashes_blocks_the_release(finder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("4711 Secret Street")

    monkeypatch.setattr(finders_module, finder, crash)
    with pytest.raises(FinderFailed) as refused:
        redact(scenes.pixels(scenes.blank(width=400, height=12)), known=CASE)
    assert "RuntimeError" in refused.value.say()
    assert "Secret" not in refused.value.say()


def test_a_missing_network_blocks_the_release(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(engines, "_SESSIONS", {})
    monkeypatch.setattr(engines, "_rapidocr_model", lambda name: tmp_path / name)
    with pytest.raises(FinderFailed):
        redact(scenes.pixels(scenes.blank()), known=CASE)


@pytest.mark.parametrize("size", [(1, 1), (1, 400), (3000, 40), (7, 60)])
def test_odd_sizes_are_no_reason_to_fail(size: tuple[int, int]) -> None:
    made, left = settle(np.full((*size, 3), 128, np.uint8), known=CASE)
    assert left == []
    assert made.pixels.shape[:2] == (size if size[0] < LONGEST_SIDE else (LONGEST_SIDE, 32))


def test_a_large_photo_leaves_no_more_detail_than_was_looked_at() -> None:
    large = np.asarray(Image.fromarray(scenes.pixels(scenes.blank())).resize((4800, 3600)), np.uint8)
    assert apply(large, covers=()).pixels.shape == (1800, LONGEST_SIDE, 3)
