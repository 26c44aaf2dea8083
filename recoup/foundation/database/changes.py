"""Changing a row only where it differs, so that an audit record can say what changed."""

from __future__ import annotations

from typing import Any

from django.db import models


def change(row: models.Model, **fields: Any) -> list[str]:
    """Set ``fields`` on the row, in memory and in the database; returns the names of those that differed.

    Locks the row until the transaction ends and compares with what is there now, not with what was read earlier.
    """
    row.refresh_from_db(from_queryset=type(row)._base_manager.select_for_update())
    differing = [name for name, value in fields.items() if getattr(row, name) != value]
    for name in differing:
        setattr(row, name, fields[name])
    if differing:
        row.save(update_fields=differing)
    return differing
