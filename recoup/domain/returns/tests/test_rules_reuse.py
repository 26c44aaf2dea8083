"""A photo that came before: a person compares, and nobody is blamed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.domain.returns.rules.reuse import Seen, check_reuse


@pytest.mark.parametrize(
    ("photos", "seen", "result", "said"),
    [
        (0, [], "not_applicable", "No photo to compare with other cases."),
        (2, [], "pass", "None of the photos came with another case."),
        (2, [Seen("close_up", "R-1")], "unsure", "The close up photo came before, with R-1."),
        (2, [Seen("close_up", "R-2"), Seen("close_up", "R-1")], "unsure", "The close up photo came before, with R-1 and R-2."),
        (2, [Seen("close_up", "R-1"), Seen("overall", "R-1")], "unsure", "More than one photo came before, with R-1."),
        (1, [Seen("", "")], "unsure", "A photo came before, through another link."),
    ],
)  # fmt: skip
def test_each_answer(photos: int, seen: list[Seen], result: str, said: str) -> None:
    answer = check_reuse(photos=photos, seen=seen)
    assert (answer.code, answer.result) == ("reuse", result)
    assert answer.sentence.startswith(said)


@given(st.lists(st.builds(Seen, st.sampled_from(["", "overall", "close_up"]), st.text(max_size=300)), min_size=1))
def test_it_never_fails_anybody_and_always_says_so_shortly(seen: list[Seen]) -> None:
    answer = check_reuse(photos=3, seen=seen)
    assert answer.result == "unsure" and answer.sentence.endswith("There may be a good reason; a person compares them.")
