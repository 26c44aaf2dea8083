"""Tests run against a real PostgreSQL: the embedded one, in a temporary place, one database per test process."""

from __future__ import annotations

import gc
import hashlib
import logging
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

ROOT = Path(__file__).parent
_MARK = hashlib.sha256(f"{ROOT}{os.geteuid()}".encode()).hexdigest()[:10]
# Named here and not in pyproject.toml, so that Django reads its settings after the folder is known.
os.environ["DJANGO_SETTINGS_MODULE"] = "recoup.conf.settings"
os.environ.setdefault("RECOUP_VAR", str(Path(tempfile.gettempdir()) / f"recoup-tests-{_MARK}"))
os.environ.setdefault("RECOUP_SECRET_KEY", "only-for-tests")

import pytest  # noqa: E402


def pytest_configure() -> None:
    from django.conf import settings

    # Django's short-lived objects wake the collector thousands of times; a sixth of the run was spent there.
    gc.set_threshold(100_000, 50, 50)

    database = settings.DATABASES["default"]
    # Several runs may share the server, so each has its own database.
    database.setdefault("TEST", {})["NAME"] = f"test_recoup_{os.getpid()}"
    # A crash of the machine may lose a test's last commits; nothing else changes.
    database["OPTIONS"]["options"] = "-c synchronous_commit=off"
    # Each process keeps its own files, as it has its own database: one's sweep must not take another's.
    settings.RECOUP_VAR = Path(tempfile.mkdtemp(prefix="recoup-test-files-"))
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if not list(ROOT.glob("recoup/*/*/migrations/0*.py")):
        settings.MIGRATION_MODULES = _OnlyProcrastinate()


def pytest_unconfigure() -> None:
    from django.conf import settings

    shutil.rmtree(settings.RECOUP_VAR, ignore_errors=True)


class _OnlyProcrastinate(dict[str, Any]):
    """While we have no migrations, tables are made from the models; the job engine's tables come from its own."""

    def __contains__(self, label: object) -> bool:
        return label != "procrastinate"

    def __getitem__(self, label: str) -> None:
        return None


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    from recoup.foundation.database import connect

    connect.ready()
    _drop_left_over_databases()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """With the triggers in place, however the tables were made."""
    from django.contrib.contenttypes.management import create_contenttypes
    from django.core.management import call_command
    from django.db import connection
    from django.db.models.signals import post_migrate

    logging.getLogger("pgtrigger").setLevel(logging.WARNING)
    with django_db_blocker.unblock():
        call_command("pgtrigger", "install", verbosity=0)
    # On the class: a test beside an event loop, such as a browser's, has a connection of its own.
    mock.patch.object(type(connection.ops), "sql_flush", _empty_tables).start()
    # Rows of Django's own that nobody here reads, made again after each test with real transactions.
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)


def _empty_tables(_ops: object, style: object, tables: list[str], **_: object) -> list[str]:
    """What empties the database after a test with real transactions.

    DELETE is a hundred times quicker than TRUNCATE on tables this small; triggers (append-only)
    and foreign keys rest meanwhile. The job engine's tables are unknown to Django, so they are named.
    """
    engine = ["procrastinate_periodic_defers", "procrastinate_events", "procrastinate_jobs", "procrastinate_workers"]
    empty = [f'DELETE FROM "{table}"' for table in [*tables, *engine]]
    return ["SET LOCAL session_replication_role = replica", *empty]


def _drop_left_over_databases() -> None:
    """Drop the databases of test runs that were killed: their name ends in a process that is gone."""
    import psutil
    import psycopg

    from recoup.foundation.database import connect, embedded

    if not connect.is_embedded():
        return
    with psycopg.connect(embedded.url("postgres"), autocommit=True) as server:
        for (name,) in server.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test_recoup_%'").fetchall():
            if not psutil.pid_exists(int(name.split("_")[2])):
                server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
