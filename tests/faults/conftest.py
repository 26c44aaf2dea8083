"""A folder for real servers, and for the business tests one web server and one stable of rivals.

Imports of ours wait until they are needed: pytest reads this file before Django's apps are loaded.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.faults.processes import House, Rivals


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder of its own, where nothing was begun yet."""
    with _folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def lived_in() -> Iterator[Path]:
    """A folder that a file's tests have one after the other: what was made in it once is there."""
    with _folder() as folder:
        yield folder


@contextmanager
def _folder() -> Iterator[Path]:
    """Not ``tmp_path``: as root the database runs under another account, which every start of pytest shuts out of
    that again."""
    folder = Path(tempfile.mkdtemp(prefix="recoup-faults-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def shared_var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("faults")


@pytest.fixture
def store(settings: Any, shared_var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own process keeps its files where the others do, under the same key."""
    from tests.faults.processes import KEY

    settings.RECOUP_VAR = shared_var
    monkeypatch.setenv("RECOUP_KEY", KEY)


@pytest.fixture(scope="session")
def house(shared_var: Path, django_db_setup: None) -> Iterator[House]:
    from tests.faults.processes import House

    running = House(shared_var)
    yield running
    running.end()


@pytest.fixture(scope="session")
def rivals(shared_var: Path, django_db_setup: None) -> Iterator[Rivals]:
    from tests.faults.processes import Rivals

    running = Rivals(shared_var)
    yield running
    running.end()
