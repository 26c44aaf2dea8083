"""The digest of a row as the database holds it, for rows that never change once they are made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import models

from recoup.foundation.audit.rules import plain

Values = Mapping[str, Any]


def seal(row: models.Model) -> tuple[str, str]:
    """(the row's name, such as ``warehouse.receipt 0190…``; SHA-256 in hex of what stands in it)."""
    model = type(row)
    return f"{model._meta.label_lower} {row.pk}", digest(_rows(model, [row.pk])[str(row.pk)])


def digest(values: Values) -> str:
    """SHA-256 in hex over the values as JSON with sorted keys; bytes count by their own SHA-256, times in UTC."""
    text = json.dumps({name: _plain(value) for name, value in values.items()}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def now_of(model: type[models.Model], keys: Iterable[str]) -> dict[str, str]:
    """Key → digest as of now, of each of these rows that is still there."""
    return {key: digest(values) for key, values in _rows(model, keys).items()}


def _rows(model: type[models.Model], keys: Iterable[Any]) -> dict[str, Values]:
    """By the fields that the model names in ``SEALED``: a column that it gets later was not sealed."""
    fields: tuple[str, ...] = model.SEALED  # type: ignore[attr-defined]  # a model without it cannot be sealed
    rows = model._base_manager.filter(pk__in=list(keys)).values("pk", *fields)
    return {str(row["pk"]): {name: row[name] for name in fields} for row in rows.iterator(chunk_size=200)}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(value).hexdigest()
    return plain(value.astimezone(UTC) if isinstance(value, datetime) else value)
