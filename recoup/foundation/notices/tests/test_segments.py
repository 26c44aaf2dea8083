"""What a text message costs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.foundation.notices.segments import Size, plain, size


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", Size(1, "GSM-7")),
        ("a" * 160, Size(1, "GSM-7")),
        ("a" * 161, Size(2, "GSM-7")),
        ("a" * 306, Size(2, "GSM-7")),
        ("a" * 307, Size(3, "GSM-7")),
        ("ü" * 160, Size(1, "GSM-7")),
        ("€" * 80, Size(1, "GSM-7")),
        ("€" * 81, Size(2, "GSM-7")),
        ("a" * 152 + "€" + "a" * 10, Size(2, "GSM-7")),
        ("я" * 70, Size(1, "UCS-2")),
        ("я" * 71, Size(2, "UCS-2")),
        ("a" * 70 + "’", Size(2, "UCS-2")),
        ("😀" * 35, Size(1, "UCS-2")),
        ("😀" * 36, Size(2, "UCS-2")),
    ],
)
def test_segments(text: str, found: Size) -> None:
    assert size(text) == found


@given(st.text(max_size=400))
def test_more_never_costs_less_and_every_segment_is_needed(text: str) -> None:
    found = size(text)
    assert found.segments >= size(text[:-1]).segments
    assert (found.segments - 1) * 66 < max(1, 2 * len(text))


def test_typesetting_costs_nothing() -> None:
    assert plain("Müller’s „Kessel“ – 2 × 1,7 l…") == 'Müller\'s "Kessel" - 2 x 1,7 l...'
    assert size(plain("49,90\xa0EUR – ’")).alphabet == "GSM-7"
