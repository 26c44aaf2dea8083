"""How Django reaches the database."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from recoup.foundation.database import embedded
from recoup.kit.refusal import Refusal


class BadDatabaseUrl(Refusal):
    code = "database.bad_url"
    status = 503
    sentence = "DATABASE_URL must look like postgresql://user:password@host:5432/name, with PostgreSQL 16 or newer."


def is_embedded() -> bool:
    return not os.environ.get("DATABASE_URL")


def settings() -> dict[str, Any]:
    """One entry of Django's DATABASES. Starts nothing; ``ready`` does. Raises BadDatabaseUrl."""
    return parse(os.environ.get("DATABASE_URL") or embedded.url())


def parse(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    try:
        port = query.pop("port", None) or parts.port or ""
    except ValueError:
        raise BadDatabaseUrl() from None
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in ("postgresql", "postgres") or not name:
        raise BadDatabaseUrl()
    kept = _pool() or {"CONN_MAX_AGE": None}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": str(port),
        "OPTIONS": {"connect_timeout": 10, **query, **kept.pop("OPTIONS", {})},
        "CONN_HEALTH_CHECKS": True,
        **kept,
    }


def _pool() -> dict[str, Any]:
    """RECOUP_POOL=20 shares at most twenty connections among a web process's requests; elsewhere a thread keeps its own."""
    size = int(os.environ.get("RECOUP_POOL") or 0)
    return {"CONN_MAX_AGE": 0, "OPTIONS": {"pool": {"min_size": 1, "max_size": size, "timeout": 10}}} if size else {}


def ready() -> None:
    """Make the database reachable: starts the embedded one. Raises the refusals of ``embedded.attach``."""
    if is_embedded():
        embedded.attach()


def give_back() -> None:
    """Return this thread's connection to the pool (or close it): for what runs outside a request or holds one long."""
    from django.db import connection

    connection.close()


def watch() -> None:
    """In a process that stays: bring the embedded database back when it is killed."""
    if is_embedded():
        embedded.watch(renewed=_renew)


def _renew() -> None:
    """Every connection that the pool keeps went to the server that is gone. Left alone, one request after the other would
    find that out, each waiting longer than the one before."""
    from django.db import connection

    pool = getattr(connection, "pool", None)
    if pool is not None and not pool.closed:
        pool.check()
