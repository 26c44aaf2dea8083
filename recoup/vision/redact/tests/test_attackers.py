from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from PIL import Image

from recoup.vision.redact import FinderFailed, Known, Residue, attackers, second_look, tesseract
from recoup.vision.redact.render import COLOUR
from recoup.vision.redact.tests import scenes
from recoup.vision.redact.tests.scenes import NAME, SKU

CASE = Known(identifiers=(NAME,), allow=(SKU,))
Place = tuple[int, int, int, int]


@dataclass(frozen=True)
class Leaky:
    """A copy in which something of every kind was left: where, as (left, top, right, bottom), and what was found."""

    word: Place
    name: Place
    sku: Place
    found: list[Residue]

    def at(self, place: Place) -> set[str]:
        """The kinds of residue whose box touches the place."""
        return {residue.kind for residue in self.found if _touches(residue.box, place)}


def _touches(box: Place, place: Place) -> bool:
    x, y, width, height = box
    return x < place[2] and x + width > place[0] and y < place[3] and y + height > place[1]


@cache
def leaky() -> Leaky:
    scene = scenes.blank()
    scenes.qr(scene, "TRACK-881200417", at=(620, 400))
    word = scenes.write(scene, "Marmalade", at=(60, 60), size=44)
    name = scenes.write(scene, NAME, at=(60, 240), size=44)
    sku = scenes.write(scene, SKU, at=(60, 560), size=44)
    return Leaky(word, name, sku, second_look(scenes.jpeg(scene, comment=b"Anna's flat"), known=CASE))


def test_a_word_left_behind_is_shown_where_it_is() -> None:
    assert leaky().at(leaky().word) == {"text"}


def test_a_known_name_left_behind_is_an_identifier() -> None:
    assert "identifier" in leaky().at(leaky().name)


def test_what_may_be_shown_is_no_residue() -> None:
    assert leaky().at(leaky().sku) == set()


def test_a_code_left_behind_is_read() -> None:
    assert {residue.text for residue in leaky().found if residue.kind == "code"} == {"TRACK-881200417"}


def test_metadata_is_residue_without_a_place() -> None:
    found = [residue for residue in leaky().found if residue.kind == "metadata"]
    assert [(residue.box, residue.text) for residue in found] == [((0, 0, 0, 0), "comment")]


def test_nothing_else_is_found() -> None:
    assert {residue.kind for residue in leaky().found} == {"text", "identifier", "code", "metadata"}


def test_a_place_that_is_covered_shows_nobody() -> None:
    covered = np.full((90, 90, 3), COLOUR, np.uint8)
    covered[:, 60:] = 200
    assert attackers._hidden(covered, (0, 0, 90, 90))
    assert not attackers._hidden(covered, (50, 0, 40, 90))


def test_bytes_that_are_no_picture_block_the_release() -> None:
    with pytest.raises(FinderFailed):
        second_look(b"\xff\xd8 not a picture", known=CASE)


def test_an_attacker_that_crashes_blocks_the_release(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(attackers, "read_words", crash)
    monkeypatch.setattr(attackers, "available", lambda: True)
    with pytest.raises(FinderFailed):
        second_look(scenes.jpeg(scenes.blank(width=400, height=12)), known=CASE)


@pytest.mark.parametrize(
    ("text", "expected"), [("Anna", True), ("1B 2", False), ("lll", False), ("a7x", True), ("—", False)]
)
def test_a_word_is_three_signs_that_are_not_all_the_same(text: str, expected: bool) -> None:
    assert attackers.is_word(text) is expected


@pytest.mark.skipif(not tesseract.available(), reason="tesseract is not installed here")
def test_tesseract_reads_words_with_their_places() -> None:
    scene = scenes.blank()
    box = scenes.write(scene, "Marmalade", at=(200, 300), size=44)
    read = {reading.text: points for reading, points in tesseract.read_words(scenes.pixels(scene))}
    assert abs(float(read["Marmalade"][0, 0]) - box[0]) < 8
    assert Image.fromarray(scenes.pixels(scene)).size == (900, 700)
