"""What the upload tests stand on: a server, a session, and a phone with a link to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from recoup.domain.evidence.models import CaptureSession
from recoup.domain.evidence.tests import factories
from recoup.web.capture.tests.upload.phone import DATA, KEY, Phone, Server


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("var")


@pytest.fixture(scope="module")
def server(var: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[Server]:
    with django_db_blocker.unblock():
        running = Server(var, KEY)
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def same_store(settings: Any, var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.RECOUP_VAR = var
    monkeypatch.setenv("RECOUP_KEY", KEY)


@pytest.fixture
def session() -> CaptureSession:
    return factories.session()


@pytest.fixture
def phone(server: Server, session: CaptureSession) -> Phone:
    return Phone(server.port, factories.link_to(session), DATA)
