"""Who may write to an upload right now: PostgreSQL advisory locks, all held by one connection of this process.

A lock lives as long as that connection, so a killed process lets go of everything at once, and two hosts can
never hold the same one. Thousands of uploads cost one connection, not thousands.
"""

from __future__ import annotations

import contextlib
import threading

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import InterfaceError, OperationalError

from recoup.foundation.database import locks


class Holding:
    """The names this process holds. Every method blocks for one round trip; call it from a thread."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held: set[str] = set()
        self._connection: BaseDatabaseWrapper | None = None

    def take(self, name: str) -> bool:
        """Hold the name, unless somebody holds it: here, or in any other process on any host."""
        with self._guard:
            if name in self._held or not self._ask("SELECT pg_try_advisory_lock(%s)", name):
                return False
            self._held.add(name)
            return True

    def give_back(self, name: str) -> None:
        with self._guard:
            if name in self._held:
                self._held.discard(name)
                self._ask("SELECT pg_advisory_unlock(%s)", name)

    def close(self) -> None:
        """Give everything back, for a process that ends or a test that is over."""
        with self._guard:
            # One by one: the server notices a closed connection only a moment later.
            with contextlib.suppress(OperationalError, InterfaceError):
                for name in self._held:
                    self._run("SELECT pg_advisory_unlock(%s)", name)
            self._forget()

    def _ask(self, query: str, name: str) -> bool:
        try:
            return self._run(query, name)
        except (OperationalError, InterfaceError):
            # The connection is gone and with it every lock; the offset's compare-and-set still guards the bytes.
            self._forget()
            return self._run(query, name)

    def _run(self, query: str, name: str) -> bool:
        if self._connection is None:
            self._connection = _own_connection()
        with self._connection.cursor() as cursor:
            cursor.execute(query, [locks.key(name)])
            row = cursor.fetchone()
        return bool(row and row[0])

    def _forget(self) -> None:
        self._held.clear()
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _own_connection() -> BaseDatabaseWrapper:
    """Never one of a pool's: a pooled connection that is handed back would keep its locks."""
    made = connections.create_connection(DEFAULT_DB_ALIAS)
    options = {name: value for name, value in made.settings_dict["OPTIONS"].items() if name != "pool"}
    made.settings_dict = {**made.settings_dict, "OPTIONS": options, "CONN_MAX_AGE": None}
    made.inc_thread_sharing()
    return made
