"""Tables are brought up to date once, and those of somebody else's database are only checked."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.migrations.recorder import MigrationRecorder

from recoup.conf import start
from recoup.foundation.database import connect, embedded, migrating

pytestmark = pytest.mark.django_db


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One migration on disk; what would apply it only notes that it did."""
    commands: list[str] = []

    def call(name: str, **_: Any) -> None:
        commands.append(name)
        MigrationRecorder.Migration.objects.create(app="kettle", name="0001_boil")

    monkeypatch.setattr(migrating, "_on_disk", lambda: {("kettle", "0001_boil")})
    monkeypatch.setattr("django.core.management.call_command", call)
    return commands


def test_what_is_missing_is_applied_once(called: list[str]) -> None:
    assert migrating.missing() == ["kettle.0001_boil"]
    assert migrating.migrate() == ["kettle.0001_boil"]
    assert (migrating.missing(), migrating.migrate(), called) == ([], [], ["migrate"])


def test_every_migration_file_is_seen() -> None:
    assert ("procrastinate", "0001_initial") in migrating._on_disk()
    assert not [name for _, name in migrating._on_disk() if name.startswith("__")]


def test_a_database_of_somebody_else_is_not_changed(called: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ann@db.example/recoup")
    monkeypatch.delenv("RECOUP_MIGRATE", raising=False)
    monkeypatch.setattr(embedded, "attach", lambda: pytest.fail("there is nothing to start"))
    assert not connect.is_embedded()
    with pytest.raises(start.TablesOutOfDate, match=r"kettle\.0001_boil first, 1 in all"):
        start.ready()
    assert called == []
    monkeypatch.setenv("RECOUP_MIGRATE", "1")
    start.ready()
    assert called == ["migrate"]
