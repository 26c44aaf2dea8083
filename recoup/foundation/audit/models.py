"""The audit trail: records nobody can change, and the head of each subject's chain."""

from __future__ import annotations

import pgtrigger
from django.db import models

from recoup.foundation.database.rows import Row
from recoup.foundation.database.triggers import append_only


class Record(models.Model):
    """One thing that happened to one subject. ``facts`` fills the verb's sentence."""

    seq = models.BigAutoField(primary_key=True)
    subject_type = models.CharField(max_length=80)
    subject_id = models.UUIDField()
    position = models.PositiveIntegerField()
    verb = models.CharField(max_length=80)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=200)
    was = models.CharField(max_length=80, blank=True)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("seq",)
        constraints = (
            models.UniqueConstraint(fields=["subject_type", "subject_id", "position"], name="record_position_once"),
        )
        triggers = append_only()


class Head(Row):
    """Where a subject's chain ends: how many records it has and the last one's hash."""

    subject_type = models.CharField(max_length=80)
    subject_id = models.UUIDField()
    length = models.PositiveIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["subject_type", "subject_id"], name="head_once"),)
        triggers = (
            pgtrigger.Protect(name="head_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="head_only_grows",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("NEW.length <> OLD.length + 1"),
            ),
        )
