"""Tests run against a real PostgreSQL: the embedded one, in a temporary place, one database per test process."""

from __future__ import annotations

import fcntl
import gc
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

if TYPE_CHECKING:
    import psycopg

ROOT = Path(__file__).parent
_MARK = hashlib.sha256(f"{ROOT}{os.geteuid()}".encode()).hexdigest()[:10]
# Named here and not in pyproject.toml, so that Django reads its settings after the folder is known.
os.environ["DJANGO_SETTINGS_MODULE"] = "recoup.conf.settings"
os.environ.setdefault("RECOUP_VAR", str(Path(tempfile.gettempdir()) / f"recoup-tests-{_MARK}"))
os.environ.setdefault("RECOUP_SECRET_KEY", "only-for-tests")

import hypothesis  # noqa: E402
import pytest  # noqa: E402

# A law holds or not; how long an example takes says how busy the machine is.
hypothesis.settings.register_profile("recoup", deadline=None)
hypothesis.settings.load_profile("recoup")
pytest_plugins = ["recoup.web.tests.in_a_browser"]  # the browser that the tests of several doors share


def pytest_configure() -> None:
    from django.conf import settings

    from recoup.kit import memory

    # Django's short-lived objects wake the collector thousands of times; a sixth of the run was spent there.
    gc.set_threshold(100_000, 50, 50)
    memory.keep_what_is_freed()

    database = settings.DATABASES["default"]
    # Several runs may share the server, so each has its own database.
    database.setdefault("TEST", {})["NAME"] = f"test_recoup_{os.getpid()}"
    # A crash of the machine may lose a test's last commits and files. (What must survive one is tested in processes
    # of its own.) Tables are small: to plan a query takes longer than to run it, so the order of joins is the written one.
    database["OPTIONS"]["options"] = "-c synchronous_commit=off -c join_collapse_limit=1"
    mock.patch.object(os, "fsync").start()
    # Each process keeps its own files, as it has its own database: one's sweep must not take another's.
    settings.RECOUP_VAR = Path(tempfile.mkdtemp(prefix="recoup-test-files-"))
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_unconfigure() -> None:
    from django.conf import settings

    shutil.rmtree(settings.RECOUP_VAR, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    from django.conf import settings

    from recoup.foundation.database import connect

    connect.ready()
    if connect.is_embedded():
        settings.DATABASES["default"]["TEST"]["TEMPLATE"] = _template()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    from django.contrib.contenttypes.management import create_contenttypes
    from django.db import connection
    from django.db.models.signals import post_migrate

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


def _template() -> str:
    """The name of a database with today's tables, made by the first process that asks and copied by every one."""
    import psycopg

    from recoup.foundation.database import embedded

    migrations = sorted(ROOT.glob("recoup/*/*/migrations/0*.py"))
    of_today = hashlib.sha256(b"".join(each.read_bytes() for each in [*migrations, ROOT / "requirements-dev.lock"]))
    name = f"template_{of_today.hexdigest()[:12]}"
    with (
        Path(os.environ["RECOUP_VAR"], "template.lock").open("w") as lock,
        psycopg.connect(embedded.url("postgres"), autocommit=True) as server,
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)
        there = {each for (each,) in server.execute("SELECT datname FROM pg_database").fetchall()}
        _drop_left_over_databases(server, there - {name})
        if name not in there:
            _migrated(server, name)
            # Every test is rolled back or swept; nothing is worth tidying up after.
            server.execute("ALTER SYSTEM SET autovacuum = off")
            server.execute("SELECT pg_reload_conf()")
    return name


def _migrated(server: psycopg.Connection[Any], name: str) -> None:
    """Under another name until it is whole."""
    from recoup.foundation.database import embedded

    server.execute(f'CREATE DATABASE "{name}_half"')
    words = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(words, cwd=ROOT, env={**os.environ, "DATABASE_URL": embedded.url(f"{name}_half")}, check=True)
    server.execute(f'ALTER DATABASE "{name}_half" RENAME TO "{name}"')


def _drop_left_over_databases(server: psycopg.Connection[Any], there: set[str]) -> None:
    """The databases of test runs that were killed: their name ends in a process that is gone; and older templates."""
    import psutil

    for name in there:
        owner = int(name.split("_")[2]) if name.startswith("test_recoup_") else 0
        if name.startswith("template_") or (owner and not psutil.pid_exists(owner)):
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
