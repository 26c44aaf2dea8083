"""Advisory locks: they hold across processes and hosts, because the database keeps them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def key(name: str) -> int:
    """The signed 64-bit number PostgreSQL locks by: the first eight bytes of the name's SHA-256."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


@contextmanager
def advisory(name: str) -> Iterator[None]:
    """Hold the lock, waiting for it.

    Inside a transaction it is held until that transaction ends, so that nobody sees the lock free
    before the change is visible; outside one, until the block ends.
    """
    if connection.in_atomic_block:
        _ask("SELECT pg_advisory_xact_lock(%s)", name)
        yield
        return
    _ask("SELECT pg_advisory_lock(%s)", name)
    try:
        yield
    finally:
        _ask("SELECT pg_advisory_unlock(%s)", name)


@contextmanager
def try_advisory(name: str) -> Iterator[bool]:
    """Like ``advisory``, but without waiting: yields whether the lock was free."""
    if connection.in_atomic_block:
        yield bool(_ask("SELECT pg_try_advisory_xact_lock(%s)", name))
        return
    held = bool(_ask("SELECT pg_try_advisory_lock(%s)", name))
    try:
        yield held
    finally:
        if held:
            _ask("SELECT pg_advisory_unlock(%s)", name)


def _ask(query: str, name: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query, [key(name)])
        row = cursor.fetchone()
    return row[0] if row else None
