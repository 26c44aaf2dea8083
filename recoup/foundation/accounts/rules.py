"""Pure answers about rights: what counts as more than before."""

from __future__ import annotations

from collections.abc import Iterable

from recoup.kit.money import Money


def adds_roles(before: Iterable[str], after: Iterable[str]) -> bool:
    return not set(after) <= set(before)


def raises_limit(before: Money | None, after: Money | None) -> bool:
    """None is no limit at all. Two currencies cannot be compared, so a change of currency counts as more."""
    if before is None:
        return False
    return after is None or after.currency != before.currency or after.minor > before.minor
