"""Who replaces whom, and when a photo may go as it is."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.domain.evidence.rules import (
    Standing,
    may_send_anyway,
    replacements,
    signed_64,
    unsigned_64,
)


def standing(position: int, state: str, shot: str = "overall", *, superseded: bool = False) -> Standing:
    return Standing(uuid.UUID(int=position), shot, position, state, superseded)


def replaced(*photos: Standing) -> dict[int, int]:
    return {photo.int: by.int for photo, by in replacements(photos).items()}


def test_a_retake_gives_way_to_the_next_photo_of_its_shot() -> None:
    assert replaced(standing(1, "retake"), standing(2, "arrived"), standing(3, "accepted")) == {1: 2}
    assert replaced(standing(3, "accepted"), standing(1, "unreadable")) == {1: 3}


@pytest.mark.parametrize(
    "earlier",
    [
        standing(1, "accepted"),
        standing(1, "arrived"),
        standing(1, "retake", "close_up"),
        standing(1, "retake", superseded=True),
    ],
)
def test_these_stay(earlier: Standing) -> None:
    assert replaced(earlier, standing(2, "accepted")) == {}


def test_photos_without_a_shot_are_nobodys_second_try() -> None:
    assert replaced(standing(1, "retake", ""), standing(2, "accepted", "")) == {}


def test_after_two_tries_a_photo_may_go_as_it_is() -> None:
    first, second = standing(1, "retake"), standing(2, "retake")
    assert not may_send_anyway(first, [first])
    assert may_send_anyway(second, [first, second])
    assert not may_send_anyway(second, [standing(1, "retake", "close_up"), second])


def test_what_does_not_open_cannot_go() -> None:
    first, second = standing(1, "retake"), standing(2, "unreadable")
    assert not may_send_anyway(second, [first, second])
    assert may_send_anyway(first, [first, second])


@given(st.integers(0, 2**64 - 1))
def test_64_bits_fit_a_bigint_and_come_back(number: int) -> None:
    assert -(2**63) <= signed_64(number) < 2**63
    assert unsigned_64(signed_64(number)) == number
