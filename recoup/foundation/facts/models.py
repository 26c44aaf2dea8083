"""What happened, and what has followed from it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from recoup.foundation.database.rows import Row
from recoup.foundation.database.triggers import append_only


class Fact(Row):
    """One thing that happened. ``body`` holds ids, words, whole numbers and dates, nothing personal."""

    name = models.CharField(max_length=128)
    body = models.JSONField(default=dict)
    told_at = models.DateTimeField(default=timezone.now)
    flows = models.JSONField(default=list, help_text="names of the flows that followed from it when it was told")

    class Meta:
        triggers = append_only("fact_append_only")


class Done(Row):
    """One flow has followed from one fact. Inserted in the transaction of the flow's effect, so both or neither."""

    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, related_name="done")
    flow = models.CharField(max_length=128)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["fact", "flow"], name="each_flow_once_per_fact"),)
        triggers = append_only("done_append_only")
