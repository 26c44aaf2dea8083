"""Dead letters: jobs that will not go on by themselves, kept whole."""

from __future__ import annotations

from django.db import models

from recoup.foundation.database.rows import Row


class DeadLetter(Row):
    """One job that stayed down: what it was to do, why it could not, and when it was run again."""

    job_id = models.BigIntegerField(unique=True)
    name = models.CharField(max_length=128)
    queue = models.CharField(max_length=128)
    arguments = models.JSONField(default=dict)
    flow = models.CharField(max_length=128, blank=True)
    fact_name = models.CharField(max_length=128, blank=True)
    fact_id = models.UUIDField(null=True, blank=True)
    error = models.CharField(max_length=600)
    group = models.CharField(max_length=12)
    attempts = models.PositiveIntegerField()
    failed_at = models.DateTimeField()
    replayed_at = models.DateTimeField(null=True, blank=True)
    replayed_as = models.BigIntegerField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["failed_at"], name="dead_letter_open", condition=models.Q(replayed_at__isnull=True)),
        )
