"""For tests: another table for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from recoup.foundation.facts import wiring


@contextmanager
def wired_like(table: wiring.Table) -> Iterator[None]:
    """The table is ``table`` until the block ends; then it is what it was."""
    with (
        mock.patch.dict(wiring.FLOWS),
        mock.patch.dict(wiring.FOLLOWING),
        mock.patch.object(wiring, "_sources", list(wiring._sources)),
    ):
        wiring.wire(table)
        yield
