"""Keys, stored files and their sealed segments."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from recoup.foundation.database.rows import Row
from recoup.foundation.database.triggers import legal_moves
from recoup.foundation.files.states import FILE_MOVES, RETENTIONS


class SealKey(Row):
    """One data key, wrapped by the installation key named in ``ring_key_id``. Destroyed: ``wrapped`` is empty."""

    wrapped = models.BinaryField()
    ring_key_id = models.CharField(max_length=16)
    destroyed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(destroyed_at__isnull=True) | Q(wrapped=b""), name="a_destroyed_key_is_empty"
            ),
        )


class StoredFile(Row):
    """Bytes under seal. ``offset`` is what is durable; a complete file has its SHA-256 and never changes."""

    key = models.ForeignKey(SealKey, on_delete=models.PROTECT, related_name="files")
    purpose = models.CharField(max_length=40, help_text="what it holds, such as 'photo' or 'thumb'")
    media_type = models.CharField(max_length=80)
    length = models.BigIntegerField(null=True, blank=True, help_text="bytes, as declared")
    offset = models.BigIntegerField(default=0, help_text="bytes that would survive a power cut")
    sha256 = models.CharField(max_length=64, blank=True, help_text="hex, known when complete")
    state = models.CharField(max_length=12, choices=FILE_MOVES.choices, default=FILE_MOVES.start)
    retention = models.CharField(max_length=12, choices=[(word, word) for word in RETENTIONS])
    expires_at = models.DateTimeField(null=True, blank=True, help_text="when an unfinished upload is swept")
    completed_at = models.DateTimeField(null=True, blank=True)

    # Of a complete one; its state still moves, when it is erased.
    SEALED = ("key_id", "purpose", "media_type", "length", "sha256")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(length__isnull=True) | Q(offset__lte=F("length")), name="offset_within_length"
            ),
            models.CheckConstraint(
                condition=~Q(state="complete")
                | Q(length=F("offset"), completed_at__isnull=False, sha256__regex=r"^[0-9a-f]{64}$"),
                name="a_complete_file_is_whole",
            ),
        )
        indexes = (models.Index(fields=["expires_at"], condition=Q(state="open"), name="open_files_by_expiry"),)
        triggers = (
            legal_moves(FILE_MOVES, "file_moves"),
            pgtrigger.Protect(
                name="complete_file_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="complete")
                & (
                    pgtrigger.Q(old__sha256__df=pgtrigger.F("new__sha256"))
                    | pgtrigger.Q(old__length__df=pgtrigger.F("new__length"))
                    | pgtrigger.Q(old__offset__df=pgtrigger.F("new__offset"))
                    | pgtrigger.Q(old__key__df=pgtrigger.F("new__key"))
                ),
            ),
        )


class Segment(Row):
    """A sealed piece of a file, in one place of the store: bytes ``offset`` … ``offset + length`` of the file."""

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="segments")
    number = models.PositiveIntegerField()
    offset = models.BigIntegerField()
    length = models.BigIntegerField()
    path = models.CharField(max_length=200, unique=True, help_text="relative to the store")

    class Meta:
        ordering = ("file", "number")
        constraints = (
            models.UniqueConstraint(fields=["file", "number"], name="one_segment_per_number"),
            models.UniqueConstraint(fields=["file", "offset"], name="one_segment_per_offset"),
            models.CheckConstraint(condition=Q(length__gt=0), name="a_segment_holds_bytes"),
        )
        triggers = (pgtrigger.Protect(name="segment_stays", operation=pgtrigger.Update),)
