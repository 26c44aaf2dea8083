"""Serial numbers: typed, read, known, sold here, not coming back twice."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.domain.returns.rules.serial import Known, Told, check_serial, fits, told

FORMAT = r"K17-\d{6}"
GOOD = Told("K17-000123", "typed")
HERE = Known(exists=True, sold_here=True, line_has_serials=True)


@pytest.mark.parametrize(
    ("said", "known", "result", "words"),
    [
        (GOOD, HERE, "pass", "K17-000123 (typed) was sold on this order"),
        (Told("K17-000123", "read from a photo", ("K17-000123",)), HERE, "pass", "(read from a photo)"),
        (Told("", ""), HERE, "unsure", "none was given"),
        (Told("", "", ("K17-000123", "K17-000124")), HERE, "unsure", "show 2 serial numbers"),
        (Told("K17-12", "typed"), HERE, "fail", "does not look like"),
        (Told("K17-000123", "typed", ("K17-000999",)), HERE, "unsure", "the photos show “K17-000999”"),
        (GOOD, Known(exists=True, sold_here=True, other_return="R-AAAA-BBBB"), "fail", "already in return R-AAAA-BBBB"),
        (GOOD, Known(exists=True, sold_elsewhere=True), "fail", "another order"),
        (GOOD, Known(exists=True, line_has_serials=True), "fail", "not among those sent"),
        (GOOD, Known(exists=False, line_has_serials=True), "fail", "not among those sent"),
        (GOOD, Known(exists=True), "unsure", "did not record which order"),
        (GOOD, Known(exists=False), "unsure", "not in our records"),
    ],
)
def test_each_standing(said: Told, known: Known, result: str, words: str) -> None:
    answer = check_serial(pattern=FORMAT, quantity=1, said=said, known=known)
    assert (answer.result, words in answer.sentence) == (result, True), answer.sentence


def test_a_product_without_serials_and_an_unknown_product() -> None:
    assert check_serial(pattern="", quantity=1, said=GOOD, known=HERE).result == "not_applicable"
    assert check_serial(pattern=None, quantity=1, said=GOOD, known=HERE).result == "unsure"


def test_two_units_need_two_numbers() -> None:
    assert check_serial(pattern=FORMAT, quantity=2, said=GOOD, known=HERE).result == "unsure"


def test_a_broken_format_is_said_and_does_not_break() -> None:
    assert fits("A", "(") is None
    answer = check_serial(pattern="(", quantity=1, said=told(pattern="(", typed="A", codes=["A"]), known=HERE)
    assert answer.result == "unsure" and "catalogue" in answer.sentence


@pytest.mark.parametrize(
    ("typed", "codes", "number", "how"),
    [
        (" k17-000123 ", [], "K17-000123", "typed"),
        ("", ["4006381333931", "k17-000123"], "K17-000123", "read from a photo"),
        ("", ["K17-000123", "K17-000123"], "K17-000123", "read from a photo"),
        ("", ["K17-000123", "K17-000124"], "", ""),
        ("K17-000124", ["K17-000123"], "K17-000124", "typed"),
        ("", [], "", ""),
    ],
)
def test_which_number_counts(typed: str, codes: list[str], number: str, how: str) -> None:
    said = told(pattern=FORMAT, typed=typed, codes=codes)
    assert (said.number, said.how) == (number, how)


def test_it_passes_only_for_a_unit_sold_here_and_not_returned_yet() -> None:
    yes_no = (False, True)
    for exists, here, elsewhere, listed, other in product(yes_no, yes_no, yes_no, yes_no, ("", "R-1")):
        known = Known(exists, here, elsewhere, other, listed)
        passed = check_serial(pattern=FORMAT, quantity=1, said=GOOD, known=known).result == "pass"
        assert passed == (here and not other)


@given(typed=st.text(max_size=60), codes=st.lists(st.text(max_size=60), max_size=3))
def test_any_text_gets_a_sentence(typed: str, codes: list[str]) -> None:
    said = told(pattern=FORMAT, typed=typed, codes=codes)
    assert check_serial(pattern=FORMAT, quantity=1, said=said, known=Known(False)).sentence


@pytest.mark.parametrize(
    ("typed", "printed", "number", "read"),
    [
        ("K17-000123", ["K17-OOO123"], "K17-000123", ("K17-000123",)),  # ink: O and 0 look alike
        ("K17-000123", ["KI7-0001Z3"], "K17-000123", ("K17-000123",)),
        ("K17-000123", ["K17-000999"], "K17-000123", ("K17-000999",)),  # another number is another number
        ("", ["K17-000123"], "K17-000123", ("K17-000123",)),
        ("", ["K17-OOO123"], "", ()),  # not in the product's format
        ("K17-000123", ["MODEL-17"], "K17-000123", ()),
    ],
)
def test_a_printed_number_is_read_with_its_doubts(
    typed: str, printed: list[str], number: str, read: tuple[str, ...]
) -> None:
    said = told(pattern=FORMAT, typed=typed, codes=[], printed=printed)
    assert (said.number, said.read) == (number, read)
