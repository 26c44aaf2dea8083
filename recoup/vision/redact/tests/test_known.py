from __future__ import annotations

import pytest

from recoup.vision.redact.known import Known, card_like, words

CASE = Known(
    identifiers=("Wilhelmina Okonkwo", "47 Larkspur Terrace", "+44 7700 900417", "w.okonkwo@example.com", "#1001-77"),
    allow=("LMP-2047", "B24-113", "Aurora Desk Lamp"),
)


@pytest.mark.parametrize(
    "reading",
    ["Wilhelmina", "To: W1LHELMlNA 0KONKW0", "Okonkvvo", "LARKSPUR TERR", "447700900417", "7700 900 417 ", "100l-77"],
)
def test_an_identifier_is_known_although_misread(reading: str) -> None:
    assert CASE.names(reading)


@pytest.mark.parametrize("reading", ["Aurora", "47", "Made in Portugal", "230 V", "", "William"])
def test_other_words_name_nobody(reading: str) -> None:
    assert not CASE.names(reading)


@pytest.mark.parametrize("reading", ["LMP-2047", "SKU: LMP-2047", "Lot B24-113", "AURORA DESK LAMP", "lmp-2047."])
def test_what_belongs_to_the_case_is_shown(reading: str) -> None:
    assert CASE.shows(reading, score=0.95)


@pytest.mark.parametrize("reading", ["LMP-2O47", "LMP-2047 Anna", "LMP-204", "SKU", "Lot", "", "Aurora Borealis"])
def test_whatever_is_not_exactly_allowed_is_not_shown(reading: str) -> None:
    assert not CASE.shows(reading, score=0.95)


def test_an_unsure_reading_is_not_shown() -> None:
    assert not CASE.shows("LMP-2047", score=0.6)


def test_an_identifier_wins_over_an_allowed_word() -> None:
    both = Known(identifiers=("Aurora Klein",), allow=("Aurora Desk Lamp",))
    assert not both.shows("Aurora", score=0.99)
    assert both.shows("Desk Lamp", score=0.99)


def test_without_an_allow_list_nothing_is_shown() -> None:
    assert not Known().shows("LMP-2047", score=1.0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4111 1111 1111 1111", True),
        ("card 5500-0000-0000-0004 exp", True),
        ("4111 1111 1111 1112", False),
        ("0000 0000 0000 0000", False),
        ("1234567", False),
    ],
)
def test_card_numbers_pass_their_check(text: str, expected: bool) -> None:
    assert card_like(text) is expected


def test_words_lose_case_and_accents_but_keep_inner_signs() -> None:
    assert words("Größe: LMP-2047, (b.2)") == ["grosse", "lmp-2047", "b.2"]
