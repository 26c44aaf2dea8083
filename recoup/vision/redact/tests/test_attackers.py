from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from recoup.vision.redact import FinderFailed, Known, attackers, second_look, tesseract
from recoup.vision.redact.render import COLOUR
from recoup.vision.redact.tests import scenes
from recoup.vision.redact.tests.scenes import NAME, SKU

CASE = Known(identifiers=(NAME,), allow=(SKU,))


def test_a_word_left_behind_is_shown_where_it_is() -> None:
    scene = scenes.blank()
    box = scenes.write(scene, "Marmalade", at=(200, 300), size=44)
    found = [residue for residue in second_look(scenes.jpeg(scene), known=CASE) if residue.kind == "text"]
    assert found
    x, y, width, height = found[0].box
    assert x < box[2] and x + width > box[0] and y < box[3] and y + height > box[1]


def test_a_known_name_left_behind_is_an_identifier() -> None:
    scene = scenes.blank()
    scenes.write(scene, NAME, at=(200, 300), size=44)
    assert "identifier" in {residue.kind for residue in second_look(scenes.jpeg(scene), known=CASE)}


def test_what_may_be_shown_is_no_residue() -> None:
    scene = scenes.blank()
    scenes.write(scene, SKU, at=(200, 300), size=44)
    assert second_look(scenes.jpeg(scene), known=CASE) == []


def test_a_code_left_behind_is_read() -> None:
    scene = scenes.blank()
    scenes.qr(scene, "TRACK-881200417", at=(300, 200))
    found = {residue.text for residue in second_look(scenes.jpeg(scene), known=CASE) if residue.kind == "code"}
    assert found == {"TRACK-881200417"}


def test_a_place_that_is_covered_shows_nobody() -> None:
    covered = np.full((90, 90, 3), COLOUR, np.uint8)
    covered[:, 60:] = 200
    assert attackers._hidden(covered, (0, 0, 90, 90))
    assert not attackers._hidden(covered, (50, 0, 40, 90))


def test_metadata_is_residue_without_a_place() -> None:
    written = io.BytesIO()
    scenes.blank().save(written, "JPEG", comment=b"Anna's flat")
    found = second_look(written.getvalue(), known=CASE)
    assert [(residue.kind, residue.box, residue.text) for residue in found] == [("metadata", (0, 0, 0, 0), "comment")]


def test_bytes_that_are_no_picture_block_the_release() -> None:
    with pytest.raises(FinderFailed):
        second_look(b"\xff\xd8 not a picture", known=CASE)


def test_an_attacker_that_crashes_blocks_the_release(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(attackers, "read_words", crash)
    monkeypatch.setattr(attackers, "available", lambda: True)
    with pytest.raises(FinderFailed):
        second_look(scenes.jpeg(scenes.blank()), known=CASE)


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
