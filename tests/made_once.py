"""What many tests begin with is made once in a process; afterwards its rows and sealed files are only put back."""

from __future__ import annotations

import functools
import os
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar, cast

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from recoup.foundation.audit.models import Record
from recoup.foundation.files import folder
from recoup.foundation.files.models import Segment

P = ParamSpec("P")
R = TypeVar("R")
# Not Django's, because its own are nobody's subject here; the job engine's are unknown to Django.
_ENGINE = ("procrastinate_jobs", "procrastinate_events")


@dataclass(frozen=True, slots=True)
class Kept:
    """A maker's result, the rows of each table that it made (as COPY writes them), and its sealed files by path."""

    result: bytes
    rows: dict[str, bytes]
    files: dict[str, bytes]


_kept: dict[object, Kept] = {}


def made_once(clock: Callable[[], Any] = lambda: None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Of a maker one whose result an earlier test was given too, as it was then; ``clock``: what time it goes by.

    Only for a test that begins with it, so that numbers and chains begin where they did. Where something was recorded
    already, and when the maker is given something of this test to build upon, it makes as ever.
    """

    def once(make: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(make)
        def put_back(*args: P.args, **about: P.kwargs) -> R:
            given = (args, tuple(sorted(about.items())))
            if not _is_plain(given) or Record.objects.exists():
                return make(*args, **about)
            key = (make.__module__, make.__qualname__, given, clock(), _seal())
            if key in _kept:
                return cast("R", _again(_kept[key]))
            before = {table: _keys(table) for table in _tables()}
            result = make(*args, **about)
            _kept[key] = _keep(result, before)
            return result

        return put_back

    return once


def _seal() -> object:
    """What tells the key that files are sealed with: itself, or the folder that holds it."""
    return os.environ.get("RECOUP_KEY") or str(settings.RECOUP_VAR)


def _is_plain(value: object) -> bool:
    return all(map(_is_plain, value)) if isinstance(value, tuple) else isinstance(value, str | int | None)


def _keep(result: Any, before: dict[str, set[Any]]) -> Kept:
    made = {table: _keys(table) - keys for table, keys in before.items()}
    paths = Segment.objects.filter(pk__in=made[Segment._meta.db_table]).values_list("path", flat=True)
    return Kept(
        result=pickle.dumps(result),
        rows={table: _copied(table, keys) for table, keys in made.items() if keys},
        files={path: (folder.root() / path).read_bytes() for path in paths},
    )


def _again(kept: Kept) -> Any:
    with transaction.atomic(), connection.cursor() as cursor:
        # They passed every trigger when they were made.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, rows in kept.rows.items():
            with cursor.copy(f'COPY "{table}" FROM STDIN (FORMAT binary)') as copy:
                copy.write(rows)
        cursor.execute("SET LOCAL session_replication_role = origin")
    for path, data in kept.files.items():
        place = folder.root() / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return pickle.loads(kept.result)


@functools.cache
def _tables() -> dict[str, str]:
    """Each table of ours and of the job engine → its primary key."""
    ours = [model._meta for model in apps.get_models() if model.__module__.startswith("recoup.")]
    return {about.db_table: str(about.pk.column) for about in ours} | dict.fromkeys(_ENGINE, "id")


def _keys(table: str) -> set[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{_tables()[table]}" FROM "{table}"')
        return {key for (key,) in cursor.fetchall()}


def _copied(table: str, keys: set[Any]) -> bytes:
    chosen = ", ".join(f"'{key}'" for key in keys)
    words = f'COPY (SELECT * FROM "{table}" WHERE "{_tables()[table]}" IN ({chosen})) TO STDOUT (FORMAT binary)'
    with connection.cursor() as cursor, cursor.copy(words) as copy:
        return b"".join(bytes(block) for block in copy)
