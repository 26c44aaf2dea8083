"""Does every row that another points at still exist? Foreign keys rest while triggers do, so they are asked again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef

from recoup.foundation.database.findings import Finding


def references() -> Iterator[Finding]:
    """Nothing of ours points at a row that is gone: one question per foreign key, whatever tables there are."""
    for model in apps.get_models(include_auto_created=True):
        if model.__module__.startswith("recoup."):
            for field in model._meta.local_concrete_fields:
                if isinstance(field, models.ForeignKey):
                    yield from _dangling(model, field)


def _dangling(model: type[models.Model], key: models.ForeignKey[Any, Any]) -> Iterator[Finding]:
    target = key.remote_field.model
    there = target._base_manager.filter(**{key.target_field.name: OuterRef(key.attname)})
    lost = model._base_manager.filter(~Exists(there), **{f"{key.attname}__isnull": False})
    for row, gone in lost.values_list("pk", key.attname):
        said = f"Its {key.verbose_name} is {target._meta.label_lower} {gone}, and that row is gone."
        yield Finding("database.references", f"{model._meta.label_lower} {row}", said)
