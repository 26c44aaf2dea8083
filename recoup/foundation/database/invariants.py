"""Does every row that another points at still exist? Foreign keys rest while triggers do, so they are asked again."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, models

from recoup.foundation.database.findings import Finding

Key = models.ForeignKey[Any, Any]


def references() -> Iterator[Finding]:
    """Nothing of ours points at a row that is gone: every foreign key, whatever tables there are, in one question."""
    keys, question = _question()
    with connection.cursor() as cursor:
        cursor.execute(question)
        for number, row, gone in cursor.fetchall():
            key, target = keys[number], keys[number].remote_field.model._meta.label_lower
            said = f"Its {key.verbose_name} is {target} {gone}, and that row is gone."
            yield Finding("database.references", f"{key.model._meta.label_lower} {row}", said)


@cache
def _question() -> tuple[list[Key], str]:
    """The foreign keys by number, and what asks for (number of the key, row, row that is gone); always the same."""
    keys = [
        field
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("recoup.")
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.ForeignKey)
    ]
    return keys, " UNION ALL ".join(_dangling(number, key) for number, key in enumerate(keys))


def _dangling(number: int, key: Key) -> str:
    target = key.remote_field.model._meta.db_table
    points, row = f'here."{key.column}"', f'here."{key.model._meta.pk.column}"'
    there = f'SELECT FROM "{target}" AS there WHERE there."{key.target_field.column}" = {points}'
    return (
        f'SELECT {number}, {row}::text, {points}::text FROM "{key.model._meta.db_table}" AS here'  # noqa: S608
        f" WHERE {points} IS NOT NULL AND NOT EXISTS ({there})"
    )
