"""Hearing that something changed: what is said is the thing's id and nothing else, so nobody learns more than *look again*.

One connection of this process listens for everybody in it who waits, and only while somebody does: a thousand open pages
cost the database one connection, and no query until something was said about one of them.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
import structlog
from django.db import connection, connections

CHANNEL = "recoup_changed"
_PATIENCE = 5.0  # seconds that whoever comes waits until the connection stands
_AGAIN = 1.0  # seconds before a lost connection is made anew
log = structlog.get_logger("database")


class NobodyHears(Exception):
    """No connection could be made to listen with; whoever wanted to wait has to ask now and then instead."""


def say_changed(subject_id: UUID) -> None:
    """Tell whoever waits, once this transaction is committed, that something about this id changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(subject_id)])


@asynccontextmanager
async def waiting_for(ids: Iterable[UUID], changed: asyncio.Event) -> AsyncIterator[None]:
    """Sets ``changed`` at each change to one of the ids that is committed from now on, and whenever one may have been
    missed. Raises NobodyHears."""
    ear = _ears.setdefault(asyncio.get_running_loop(), Ear())
    keys = {str(each) for each in ids}
    ear.join(keys, changed)
    try:
        await ear.ready()
        yield
    finally:
        ear.leave(keys, changed)


class Ear:
    """The connection that listens, and who waits for what is heard on it."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._hears = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def join(self, keys: Iterable[str], changed: asyncio.Event) -> None:
        for key in keys:
            self._waiting[key].add(changed)
        if self._task is None:
            self._task = asyncio.create_task(self._listen())

    def leave(self, keys: Iterable[str], changed: asyncio.Event) -> None:
        for key in keys:
            self._waiting[key].discard(changed)
            if not self._waiting[key]:
                del self._waiting[key]
        if not self._waiting and self._task:
            self._task.cancel()
            self._task, self._hears = None, asyncio.Event()

    async def ready(self) -> None:
        """Wait until what is committed from now on is heard."""
        try:
            await asyncio.wait_for(self._hears.wait(), _PATIENCE)
        except TimeoutError:
            raise NobodyHears() from None

    async def _listen(self) -> None:
        hears = self._hears  # this task's own: whoever comes after the last has left gets another
        while True:
            try:
                await self._until_lost(hears)
            except psycopg.Error as error:
                log.warning("database.hears_nothing", error=str(error).partition("\n")[0])
            hears.clear()
            await asyncio.sleep(_AGAIN)

    async def _until_lost(self, hears: asyncio.Event) -> None:
        async with await psycopg.AsyncConnection.connect(**_parameters(), autocommit=True) as listening:
            await listening.execute(f"LISTEN {CHANNEL}")
            hears.set()
            for key in list(self._waiting):  # what was said while nobody listened was missed
                self._wake(key)
            async for said in listening.notifies():
                self._wake(said.payload)

    def _wake(self, key: str) -> None:
        for changed in self._waiting.get(key, ()):
            changed.set()


_ears: WeakKeyDictionary[asyncio.AbstractEventLoop, Ear] = WeakKeyDictionary()


def _parameters() -> dict[str, Any]:
    """As Django connects, but for what only Django's own cursors need."""
    known = connections["default"].get_connection_params()
    return {
        name: value for name, value in known.items() if name not in ("cursor_factory", "context", "prepare_threshold")
    }
