"""Colours: what is read can be written again, contrast is WCAG's, and what could not be read becomes readable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from recoup.kit.colour import READABLE, Colour, contrast, read, readable

HEX = some.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(HEX)
def test_what_screens_show_is_kept_to_the_digit(written: str) -> None:
    colour = read(written)
    assert colour and colour.hex == written


@pytest.mark.parametrize(("one", "other", "ratio"), [
    ("#000", "#fff", 21.0), ("#777777", "#ffffff", 4.478), ("#0b5d66", "#0b5d66", 1.0), ("#ff0000", "#ffffff", 3.998),
])  # fmt: skip
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    first, second = read(one), read(other)
    assert first and second and contrast(first, second) == contrast(second, first) == pytest.approx(ratio, abs=0.001)


@pytest.mark.parametrize("words", ["", "red", "#12", "#12345g", "0b5d66", "#0b5d6600", "#fff;}"])
def test_nothing_else_is_a_colour(words: str) -> None:
    assert read(words) is None


def test_oklch_is_that_of_the_style_sheets() -> None:
    # By CSS Color 4: oklch(0.628 0.2577 29.23) is red.
    red = read("#ff0000")
    assert red and (round(red.lightness, 3), round(red.chroma, 3), round(red.hue, 1)) == (0.628, 0.258, 29.2)
    # As Chromium paints our paper by day and by night.
    assert (Colour(0.985, 0.004, 180).hex, Colour(0.2, 0.012, 200).hex) == ("#f7fbfa", "#101818")


@given(HEX, some.sampled_from([-1.0, 1.0]))
def test_every_colour_becomes_readable_and_keeps_its_hue(written: str, by: float) -> None:
    ground = Colour(1 if by < 0 else 0, 0, 0)
    asked = read(written)
    assert asked
    found = readable(asked, lambda _: [ground], by=by)
    assert contrast(found, ground) >= READABLE and found.hue == asked.hue
    assert found == asked or contrast(asked, ground) < READABLE
