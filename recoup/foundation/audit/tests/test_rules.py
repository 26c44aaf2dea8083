"""A hash must survive the database, and must not survive any change."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.foundation.audit.rules import Entry, digest, plain
from recoup.kit.money import Money

ENTRY = Entry(
    subject_type="returns.return",
    subject_id="0190d1f0-0000-7000-8000-000000000001",
    position=2,
    verb="return.approved",
    actor_kind="staff",
    actor_id="7",
    actor_name="Ada",
    was="open",
    facts={"amount": "49.90 EUR", "lines": [1, 2]},
    at=datetime.datetime(2025, 3, 1, 12, 0, 0, 5, tzinfo=datetime.UTC),
    previous_hash="ab" * 32,
)
CHANGES: dict[str, Any] = {
    "subject_type": "x",
    "subject_id": "0190d1f0-0000-7000-8000-000000000002",
    "position": 3,
    "verb": "return.refused",
    "actor_kind": "system",
    "actor_id": "8",
    "actor_name": "Bob",
    "was": "",
    "facts": {"amount": "49.91 EUR", "lines": [1, 2]},
    "at": ENTRY.at + datetime.timedelta(microseconds=1),
    "previous_hash": "",
}


@pytest.mark.parametrize("field", [f.name for f in dataclasses.fields(Entry)])
def test_every_field_counts(field: str) -> None:
    assert digest(dataclasses.replace(ENTRY, **{field: CHANGES[field]})) != digest(ENTRY)


def test_known_answer() -> None:
    """The format is a promise: chains written today must check out in later versions."""
    text = (
        '{"actor_id":"7","actor_kind":"staff","actor_name":"Ada","at":"2025-03-01T12:00:00.000005+00:00",'
        '"facts":{"amount":"49.90 EUR","lines":[1,2]},"position":2,"previous_hash":"' + "ab" * 32 + '",'
        '"subject_id":"0190d1f0-0000-7000-8000-000000000001","subject_type":"returns.return",'
        '"verb":"return.approved","was":"open"}'
    )
    assert digest(ENTRY) == hashlib.sha256(text.encode()).hexdigest()


def test_time_zone_and_key_order_do_not_count() -> None:
    east = ENTRY.at.astimezone(datetime.timezone(datetime.timedelta(hours=9)))
    turned = dataclasses.replace(ENTRY, at=east, facts=dict(reversed(list(ENTRY.facts.items()))))
    assert digest(turned) == digest(ENTRY)


def test_plain_words_for_our_kinds() -> None:
    which = uuid.UUID(int=5)
    facts = {"a": Money(4990, "EUR"), "b": which, "c": datetime.date(2025, 3, 1), "d": 0.5, "e": {"x", "w"}, "f": None}
    assert plain(facts) == {
        "a": "49.90 EUR",
        "b": str(which),
        "c": "2025-03-01",
        "d": "0.5",
        "e": ["w", "x"],
        "f": None,
    }


def test_what_has_no_plain_form_is_a_bug() -> None:
    with pytest.raises(TypeError, match="object"):
        plain({"thing": object()})


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_plain_is_storable_and_settled(value: Any) -> None:
    kept = plain(value)
    assert plain(kept) == kept
    text = json.dumps(kept, ensure_ascii=False)
    assert text.encode() and "\\u0000" not in text
