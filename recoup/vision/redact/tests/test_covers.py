from __future__ import annotations

import numpy as np
import pytest

from recoup.vision.redact.covers import (
    Cover,
    Residue,
    cover_of,
    grow,
    mask_of,
    rectangle,
    same_area,
    turned_back,
)


@pytest.mark.parametrize("turns", range(4))
def test_places_found_in_a_turned_picture_come_back(turns: int) -> None:
    picture = np.zeros((40, 70), np.uint8)
    picture[5:9, 50:63] = 1
    rows, columns = np.nonzero(np.rot90(picture, turns))
    seen = rectangle(columns.min(), rows.min(), float(np.ptp(columns)) + 1, float(np.ptp(rows)) + 1)
    back = turned_back(seen, quarter_turns=turns, shape=picture.shape)
    assert back.min(axis=0).tolist() == [50, 5]
    assert back.max(axis=0).tolist() == [63, 9]


def test_growing_pushes_every_side_out() -> None:
    grown = grow(rectangle(10, 20, 100, 40), share=0.1, by=3)
    assert np.allclose(grown.min(axis=0), (2, 15))
    assert np.allclose(grown.max(axis=0), (118, 65))


def test_a_cover_is_cut_to_the_picture() -> None:
    cover = cover_of(rectangle(-20, -10, 50, 30), kind="text", why="", confidence=1, shape=(60, 80, 3))
    assert cover is not None
    assert cover.box == (0, 0, 31, 21)
    outside = rectangle(-20, -10, 5, 5)
    assert cover_of(outside, kind="text", why="", confidence=1, shape=(60, 80, 3)) is None


def test_a_tilted_cover_hides_its_polygon_and_a_box_cover_its_box() -> None:
    tilted = cover_of(
        np.array([(40, 0), (79, 40), (40, 79), (0, 40)], np.float32), kind="text", why="", confidence=1, shape=(80, 80)
    )
    assert tilted is not None
    assert 0.45 < mask_of([tilted], shape=(80, 80)).mean() < 0.55
    boxed = Cover("drawn", (10, 20, 30, 40), "a person", 1.0)
    assert mask_of([boxed], shape=(80, 80)).sum() == 30 * 40


def test_a_cover_survives_its_storage() -> None:
    cover = cover_of(rectangle(3, 4, 20, 10), kind="code", why="a code", confidence=0.87654, shape=(60, 80))
    assert cover is not None
    assert Cover.from_json(cover.as_json()) == cover
    boxed = Cover("drawn", (1, 2, 3, 4), "a person", 1.0)
    assert "polygon" not in boxed.as_json()
    assert Cover.from_json(boxed.as_json()) == boxed


def test_same_area_is_a_share_of_the_smaller() -> None:
    assert same_area(rectangle(0, 0, 10, 10), rectangle(0, 0, 5, 10)) == pytest.approx(1.0)
    assert same_area(rectangle(0, 0, 10, 10), rectangle(20, 0, 5, 10)) == 0.0


def test_residue_is_covered_with_a_margin() -> None:
    cover = Residue("text", (50, 60, 40, 20), "anna", "a word can be read").cover()
    assert cover.box == (47, 57, 46, 26)
