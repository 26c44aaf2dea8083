"""Where the database is, and what it must promise."""

from __future__ import annotations

from unittest import mock

import pytest

from recoup.foundation.database import checks, connect


def test_a_url_becomes_djangos_settings() -> None:
    made = connect.parse("postgresql://ann:s%40crt@db.example:6432/recoup?sslmode=require")
    assert (made["USER"], made["PASSWORD"], made["HOST"], made["PORT"]) == ("ann", "s@crt", "db.example", "6432")
    assert made["NAME"] == "recoup"
    assert made["OPTIONS"]["sslmode"] == "require"


def test_a_socket_folder_may_be_named() -> None:
    made = connect.parse("postgresql://ann@/recoup?host=%2Frun%2Fpg&port=5433")
    assert (made["HOST"], made["PORT"]) == ("/run/pg", "5433")


@pytest.mark.parametrize("url", ["mysql://a/b", "postgresql://host", "nonsense", "postgresql://host:port/recoup"])
def test_another_url_is_refused(url: str) -> None:
    with pytest.raises(connect.BadDatabaseUrl, match="postgresql://"):
        connect.parse(url)


def test_a_web_process_shares_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOUP_POOL", "7")
    made = connect.parse("postgresql://ann@host/recoup")
    assert (made["OPTIONS"]["pool"]["max_size"], made["CONN_MAX_AGE"]) == (7, 0)


def test_an_old_or_forgetful_database_is_refused() -> None:
    checks.judge(version=16, fsync="on", full_page_writes="on")
    with pytest.raises(checks.DatabaseTooOld, match="PostgreSQL 15"):
        checks.judge(version=15, fsync="on", full_page_writes="on")
    with pytest.raises(checks.DatabaseForgets, match="fsync=on"):
        checks.judge(version=18, fsync="off", full_page_writes="on")
    with pytest.raises(checks.DatabaseForgets, match="full_page_writes=on"):
        checks.judge(version=18, fsync="on", full_page_writes="off")


@pytest.mark.django_db
def test_the_embedded_database_can_be_trusted() -> None:
    checks.refuse_unsafe()


@pytest.mark.parametrize(("closed", "checks"), [(False, 1), (True, 0)])
def test_what_the_pool_keeps_is_looked_at_when_the_server_is_another(closed: bool, checks: int) -> None:
    pool = mock.Mock(closed=closed)
    with mock.patch("django.db.backends.postgresql.base.DatabaseWrapper.pool", pool):
        connect._renew()
    assert pool.check.call_count == checks
