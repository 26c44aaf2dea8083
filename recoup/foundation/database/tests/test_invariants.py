"""While triggers rest, foreign keys rest too; verify asks each of them again."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext

from recoup.foundation.database import invariants
from recoup.foundation.files import actions as files
from recoup.foundation.files.models import SealKey, StoredFile

pytestmark = pytest.mark.django_db


def test_what_points_at_a_row_that_is_gone_is_named_with_what_is_missing() -> None:
    here, gone = files.new_key(), files.new_key()
    for key in (here, gone):
        files.store(data=b"a", key=key, purpose="photo", media_type="image/jpeg", retention="original")
    assert list(invariants.references()) == []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL session_replication_role = replica")
        cursor.execute(f'DELETE FROM "{SealKey._meta.db_table}" WHERE id = %s', [gone.pk])
        [found] = invariants.references()
        transaction.set_rollback(True)
    orphan = StoredFile.objects.get(key=gone)
    assert found.subject == f"files.storedfile {orphan.pk}"
    assert found.sentence == f"Its key is files.sealkey {gone.pk}, and that row is gone."


def test_every_foreign_key_of_ours_is_asked_once() -> None:
    ours = [model for model in apps.get_models() if model.__module__.startswith("recoup.")]
    keys = [each for model in ours for each in model._meta.concrete_fields if isinstance(each, models.ForeignKey)]
    with CaptureQueriesContext(connection) as asked:
        assert list(invariants.references()) == []
    [question] = asked.captured_queries
    parts = question["sql"].split(" UNION ALL ")
    assert len(parts) == len(keys) > 40
    for key in keys:
        here = f'FROM "{key.model._meta.db_table}" AS here WHERE here."{key.column}" IS NOT NULL'
        there = f'FROM "{key.remote_field.model._meta.db_table}" AS there'
        assert len([part for part in parts if here in part and there in part]) == 1, key
