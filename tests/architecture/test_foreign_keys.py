"""A string foreign key is invisible to an import check, so the tables are asked themselves."""

from __future__ import annotations

import pytest
from django.apps import apps

from tests.architecture.layers import may_know


def _keys() -> list[tuple[str, str, str]]:
    return [
        (model._meta.app_config.name, field.related_model._meta.app_config.name, f"{model._meta.label}.{field.name}")
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is not None
        and model._meta.app_config.name.startswith("recoup.")
        and field.related_model._meta.app_config.name.startswith("recoup.")
    ]


def test_every_foreign_key_points_the_way_imports_do() -> None:
    keys = _keys()
    assert len(keys) > 40
    assert [label for source, target, label in keys if source != target and not may_know(source, target)] == []


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("recoup.domain.evidence", "recoup.domain.returns"),
        ("recoup.domain.orders", "recoup.domain.suppliers"),
        ("recoup.foundation.files", "recoup.domain.evidence"),
    ],
)
def test_a_key_that_points_up_or_aside_is_refused(source: str, target: str) -> None:
    assert not may_know(source, target)
