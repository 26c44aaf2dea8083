"""Bringing the tables up to date, by one process at a time."""

from __future__ import annotations

from pathlib import Path

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from recoup.foundation.database.locks import advisory


def missing() -> list[str]:
    """Migrations on disk that the database has not had, such as 'returns.0002_appeals'.

    By their file names, without importing them, because every start asks.
    """
    applied = set(MigrationRecorder(connection).applied_migrations())
    return sorted(f"{label}.{name}" for label, name in _on_disk() - applied)


def _on_disk() -> set[tuple[str, str]]:
    return {
        (config.label, file.stem)
        for config in apps.get_app_configs()
        for file in (Path(config.path) / "migrations").glob("[!_]*.py")
    }


def migrate() -> list[str]:
    """Apply what is missing and return it. Many may start at once: one migrates, the others wait and find it done."""
    if not missing():
        return []
    with advisory("migrate"):
        if todo := missing():
            from django.core.management import call_command

            call_command("migrate", interactive=False, verbosity=0)
        return todo
