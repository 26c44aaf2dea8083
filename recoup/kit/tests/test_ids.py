from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from recoup.kit import ids


def test_ids_are_version_7_and_sort_by_age() -> None:
    made = [ids.new() for _ in range(50)]
    assert {each.version for each in made} == {7}
    assert len(set(made)) == 50
    assert [each.int >> 80 for each in made] == sorted(each.int >> 80 for each in made)


def test_a_secret_has_256_bits() -> None:
    assert len(ids.secret()) == 43 and ids.secret() != ids.secret()


@given(st.text())
def test_tidy_forgives_and_is_settled_after_once(typed: str) -> None:
    once = ids.tidy(typed)
    assert ids.tidy(once) == once or not typed.isascii()
    assert not any(letter.isspace() for letter in once)


def test_what_people_misread_is_the_same_code() -> None:
    assert ids.tidy(" rma-k7qm-2xod ") == "RMA-K7QM-2X0D"
