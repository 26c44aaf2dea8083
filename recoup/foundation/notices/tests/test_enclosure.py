"""Secrets in links: to the reader, and to nobody else."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.foundation.files import keys
from recoup.foundation.notices.enclosure import COVER, disclose, enclose
from recoup.kit import ids
from recoup.kit.refusal import GiveUp
from recoup.kit.sealing import SealBroken

ID = uuid.UUID(int=1)


def test_covered_and_back() -> None:
    one, two = ids.secret(), ids.secret()
    text = f"See https://a.example/r/{one} and https://a.example/s/{two}?x=1\n"
    enclosed = enclose(text=text, notice_id=ID)
    assert enclosed.text == f"See https://a.example/r/{COVER} and https://a.example/s/{COVER}?x=1\n"
    assert enclosed.sealed is not None
    assert one.encode() not in enclosed.sealed
    assert disclose(enclosed=enclosed, notice_id=ID) == text


@pytest.mark.parametrize("text", ["Nothing here.", "a" * 44, "a" * 42, ids.fingerprint("x"), str(ID)])
def test_nothing_to_cover(text: str) -> None:
    enclosed = enclose(text=text, notice_id=ID)
    assert (enclosed.text, enclosed.sealed) == (text, None)
    assert disclose(enclosed=enclosed, notice_id=ID) == text


@given(st.lists(st.text(alphabet="•a/ \n"), min_size=1, max_size=4))
def test_covers_that_people_type_are_not_taken_for_ours(parts: list[str]) -> None:
    secrets = [ids.secret() for _ in parts]
    text = "".join(f"{part} https://a.example/r/{secret} " for part, secret in zip(parts, secrets, strict=True))
    back = disclose(enclosed=enclose(text=text, notice_id=ID), notice_id=ID)
    assert [word.rpartition("/")[2] for word in back.split() if word.startswith("https:")] == secrets


def test_only_for_its_own_notice_and_key(monkeypatch: pytest.MonkeyPatch) -> None:
    enclosed = enclose(text=ids.secret(), notice_id=ID)
    with pytest.raises(SealBroken):
        disclose(enclosed=enclosed, notice_id=uuid.UUID(int=2))
    with pytest.raises(GiveUp, match="gone"):
        disclose(enclosed=replace(enclosed, by="another"), notice_id=ID)
    assert keys.ring().current == enclosed.by


def test_a_short_secret_is_covered_where_it_is_named_and_comes_back_in_its_place() -> None:
    link = ids.secret()
    text = f"Your code is 123456; see https://a.example/r/{link}, or type 123456. It costs 1.5 and not 1x5.\n"
    enclosed = enclose(text=text, notice_id=ID, hidden=["123456", "1.5"])
    covered = f"Your code is {COVER}; see https://a.example/r/{COVER}, or type {COVER}. It costs {COVER} and not 1x5.\n"
    assert enclosed.text == covered
    assert disclose(enclosed=enclosed, notice_id=ID) == text
