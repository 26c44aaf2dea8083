from __future__ import annotations

import pytest

from recoup.foundation.accounts.rules import adds_roles, raises_limit
from recoup.kit.money import Money

FIFTY = Money(5000, "EUR")


@pytest.mark.parametrize(
    ("before", "after", "more"),
    [([], [], False), (["agent"], [], False), (["agent"], ["agent"], False), (["agent"], ["buyer"], True)],
)
def test_adds_roles(before: list[str], after: list[str], more: bool) -> None:
    assert adds_roles(before, after) is more


@pytest.mark.parametrize(
    ("before", "after", "more"),
    [
        (None, FIFTY, False),
        (None, None, False),
        (FIFTY, FIFTY, False),
        (FIFTY, Money(4999, "EUR"), False),
        (FIFTY, Money(5001, "EUR"), True),
        (FIFTY, Money(1, "JPY"), True),
        (FIFTY, None, True),
    ],
)
def test_raises_limit(before: Money | None, after: Money | None, more: bool) -> None:
    assert raises_limit(before, after) is more
