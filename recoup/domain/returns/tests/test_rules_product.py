"""A photo that looks like the catalogue: of what comes back it is good to know; of something else a person asks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.domain.returns.rules.product import Likeness, Named, check_product, said

KETTLE, LAMP = Named("KTL-17", "Copper Kettle"), Named("L-2", "Lamp")
MINE = Likeness("overall", KETTLE, 48, returned=True)
BOX = Likeness("packaging", KETTLE, 60, returned=True)
OTHER = Likeness("packaging", LAMP, 33, returned=False)
SHOWS = "Shows the Copper Kettle (KTL-17) as in the catalogue: 48 points agree."
MORE_LIKE = "Looks more like the Lamp (L-2) than the Copper Kettle (KTL-17): ask or check."


def test_what_stands_beside_a_photo() -> None:
    assert said(MINE, instead_of=KETTLE) == SHOWS
    assert said(OTHER, instead_of=KETTLE) == MORE_LIKE
    assert said(replace(OTHER, compared=False), instead_of=KETTLE) == (
        "Looks like the Lamp (L-2) of the same order; the Copper Kettle (KTL-17) has no picture to compare with: ask or check."
    )
    assert said(OTHER, instead_of=None) == "Shows the Lamp (L-2) as in the catalogue: 33 points agree."


@pytest.mark.parametrize(
    ("likenesses", "line", "result", "sentence"),
    [
        ([], KETTLE, "not_applicable", "No photo was known by a picture of the catalogue."),
        ([MINE], None, "not_applicable", "No photo was known by a picture of the catalogue."),
        ([MINE], KETTLE, "pass", f"The overall photo s{SHOWS[1:]}"),
        ([MINE, BOX], KETTLE, "pass", "The packaging photo shows the Copper Kettle (KTL-17) as in the catalogue: 60"),
        ([OTHER], KETTLE, "unsure", f"The packaging photo l{MORE_LIKE[1:]}"),
        ([MINE, OTHER], KETTLE, "unsure", f"The packaging photo l{MORE_LIKE[1:]}"),
    ],
)
def test_each_answer(likenesses: list[Likeness], line: Named | None, result: str, sentence: str) -> None:
    answer = check_product(likenesses=likenesses, line=line)
    assert (answer.code, answer.result) == ("product", result)
    assert answer.sentence.startswith(sentence)


_NAMES = st.builds(Named, st.text(max_size=80), st.text(max_size=200))
_LIKENESSES = st.builds(
    Likeness, st.sampled_from(["overall", "packaging"]), _NAMES, st.integers(22), st.booleans(), st.booleans()
)


@given(st.lists(_LIKENESSES), st.none() | _NAMES)
def test_it_never_fails_anybody_and_is_shortly_said(likenesses: list[Likeness], line: Named | None) -> None:
    answer = check_product(likenesses=likenesses, line=line)
    assert answer.result != "fail" and answer.sentence.endswith(".")
    assert (answer.result == "unsure") == any(line and not one.returned for one in likenesses)
