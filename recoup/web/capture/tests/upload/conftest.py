"""What the upload tests stand on: a server, a session, and a phone with a link to it.

Imports wait until they are needed: pytest may read this file before Django's apps are loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from recoup.domain.evidence.models import CaptureSession
    from recoup.web.capture.tests.upload.phone import Phone, Server


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("var")


@pytest.fixture
def _django_db_helper() -> None:
    """Instead of pytest-django's own: emptying every table after each test takes longer than the test."""


@pytest.fixture(scope="module")
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test's own process and the server share what is committed; it is removed once, after the module.

    Each test looks at a session of its own, so none needs an empty database.
    """
    from django.core.management import call_command

    with django_db_blocker.unblock():
        yield
        call_command("flush", verbosity=0, interactive=False, allow_cascade=True)


@pytest.fixture(scope="module")
def server(var: Path, committed: None) -> Iterator[Server]:
    from recoup.web.capture.tests.upload.phone import KEY, Server

    running = Server(var, KEY)
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def same_store(settings: Any, var: Path, committed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from recoup.web.capture.tests.upload.phone import KEY

    settings.RECOUP_VAR = var
    monkeypatch.setenv("RECOUP_KEY", KEY)


@pytest.fixture
def session() -> CaptureSession:
    from recoup.domain.evidence.tests import factories

    return factories.session()


@pytest.fixture
def phone(server: Server, session: CaptureSession) -> Phone:
    from recoup.domain.evidence.tests import factories
    from recoup.web.capture.tests.upload.phone import DATA, Phone

    return Phone(server.port, factories.link_to(session), DATA, session.id)
