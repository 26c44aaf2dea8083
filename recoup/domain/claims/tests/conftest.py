from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def own_store(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test keeps its files in a folder of its own, under a key of its own."""
    monkeypatch.setenv("RECOUP_KEY", "dGhlIGtleSBvZiB0aGlzIHRlc3QsIDMyIGJ5dGVzISE=")
    settings.RECOUP_VAR = tmp_path


@pytest.fixture
def books_agree(db: None) -> Iterator[None]:
    """After every test the invariants of claims hold and the ledger adds up."""
    yield
    from recoup.domain.claims import invariants  # not before Django is set up
    from recoup.domain.ledger.queries import trial_balance

    laws = (invariants.lines_add_up, invariants.money_matches_the_ledger, invariants.settled_means_nothing_open)
    assert [finding for law in laws for finding in law()] == []
    assert all(sum(accounts.values()) == 0 for accounts in trial_balance().values())
