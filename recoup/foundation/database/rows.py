"""What every table of ours has: an id that sorts by age, and when the row was made."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from recoup.kit import ids


class Row(models.Model):
    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True
