"""Capture sessions, photos, what was seen in them, and their redacted copies."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from recoup.domain.catalogue.models import Product
from recoup.domain.evidence.states import COPY_MOVES, PHOTO_MOVES, SESSION_MOVES
from recoup.foundation.database.rows import Row
from recoup.foundation.database.triggers import append_only, legal_moves
from recoup.foundation.files.models import SealKey, StoredFile


class CaptureSession(Row):
    """One customer's link and what was photographed through it. Destroying its key erases its photos."""

    key = models.OneToOneField(SealKey, on_delete=models.PROTECT, related_name="session")
    state = models.CharField(max_length=12, choices=SESSION_MOVES.choices, default=SESSION_MOVES.start)
    language = models.CharField(max_length=8, default="en")
    expires_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        triggers = (legal_moves(SESSION_MOVES, "session_moves"),)


class Upload(Row):
    """An announced photo while its bytes come in; ``client_id`` is the phone's own name for the photo."""

    session = models.ForeignKey(CaptureSession, on_delete=models.PROTECT, related_name="uploads")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="upload")
    client_id = models.UUIDField()
    shot = models.CharField(max_length=60, blank=True, help_text="the shot list's code for it")
    sha256 = models.CharField(max_length=64, blank=True, help_text="hex, what the phone says the bytes hash to")
    # The announcement as it came, which a HEAD gives back; emptied when the upload ends: a file name is personal.
    metadata = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["session", "client_id"], condition=Q(ended_at__isnull=True), name="one_running_upload_per_photo"
            ),
        )


class Photo(Row):
    """One picture: the sealed original, and what was found out about it. Pixels are counted upright."""

    session = models.ForeignKey(CaptureSession, on_delete=models.PROTECT, related_name="photos")
    client_id = models.UUIDField()
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="photo")
    sha256 = models.CharField(max_length=64, db_index=True, help_text="hex, of the original bytes")
    shot = models.CharField(max_length=60, blank=True, help_text="the shot list's code for it")
    position = models.PositiveIntegerField(help_text="1, 2, 3 … in order of arrival")
    state = models.CharField(max_length=12, choices=PHOTO_MOVES.choices, default=PHOTO_MOVES.start)
    send_anyway = models.BooleanField(default=False)
    send_anyway_reason = models.CharField(max_length=300, blank=True)
    superseded_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supersedes"
    )
    # Known once decoded.
    media_type = models.CharField(max_length=40, blank=True, help_text="what the bytes are, not what the phone said")
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    phash = models.BigIntegerField(null=True, blank=True, help_text="64 bits of perceptual hash, as a signed number")
    # Short hashes of its keypoints: a cut or turned copy shares some of them.
    words = ArrayField(models.IntegerField(), default=list, blank=True)
    quarter_turns = models.PositiveSmallIntegerField(
        default=0, help_text="turns to the left that put the decoded original upright, where the camera did not say"
    )

    class Meta:
        ordering = ("session", "position")
        constraints = (
            models.UniqueConstraint(fields=["session", "client_id"], name="one_photo_per_client_id"),
            models.UniqueConstraint(fields=["session", "position"], name="one_photo_per_position"),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(width__isnull=False, height__isnull=False, phash__isnull=False),
                name="an_accepted_photo_was_decoded",
            ),
            models.CheckConstraint(
                condition=Q(send_anyway=False) | Q(state="accepted"), name="sent_anyway_means_accepted"
            ),
        )
        indexes = (models.Index(fields=["phash"]), GinIndex(fields=["words"], name="photo_words"))
        triggers = (
            legal_moves(PHOTO_MOVES, "photo_moves"),
            pgtrigger.ReadOnly(name="photo_stays", fields=["session", "client_id", "file", "sha256", "position"]),
            pgtrigger.Protect(name="photo_never_deleted", operation=pgtrigger.Delete),
        )


class Verdict(Row):
    """One judgement of one photo. The phone's advises, the server's decides; none is ever rewritten."""

    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="verdicts")
    source = models.CharField(max_length=8, choices=[("server", "server"), ("phone", "phone")])
    result = models.CharField(max_length=12, choices=[(word, word) for word in ("accept", "retake", "unreadable")])
    # Why, in the gate's codes: ["blurred", "dark", …]; the sentence is for the customer.
    reasons = models.JSONField(default=list, blank=True)
    sentence = models.CharField(max_length=300, blank=True)
    # {"sharp": 0…1, "dark": 0…1, "bright": 0…1}
    scores = models.JSONField(default=dict, blank=True)
    near_line = models.BooleanField(
        default=False, help_text="so close to the threshold that a person may see it otherwise"
    )
    rules_version = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["photo", "source", "rules_version"], name="one_verdict_per_rules_version"),
        )
        triggers = append_only("verdict_append_only")


class CodeRead(Row):
    """A barcode or matrix code that was decoded in a photo."""

    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="codes")
    kind = models.CharField(max_length=40, help_text="such as 'QRCode' or 'EAN13'")
    value = models.TextField()
    box = models.JSONField(help_text="[x, y, width, height] in upright pixels of the original")
    confidence = models.FloatField(help_text="0 … 1")


class Reuse(Row):
    """This photo is the same picture as an earlier one, of whatever session. A reason to look, never to refuse."""

    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="reuses")
    earlier = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="reused_by")
    exact = models.BooleanField(help_text="the very same bytes")
    inliers = models.PositiveIntegerField(default=0, help_text="keypoints that agree; 0 when the bytes are the same")
    agreeing = models.FloatField(default=1.0, help_text="0 … 1: how much of the common ground looks alike")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["photo", "earlier"], name="one_reuse_per_pair"),)
        triggers = append_only("reuse_append_only")


class CatalogueMatch(Row):
    """This photo shows a product of its order as a reference picture does. No row means nothing at all."""

    photo = models.OneToOneField(Photo, on_delete=models.PROTECT, related_name="catalogue_match")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="matches")
    inliers = models.PositiveIntegerField(help_text="keypoints of the picture that lie where one view puts them")
    share = models.FloatField(help_text="0 … 1: how many of the pairs of keypoints fit")
    box = models.JSONField(help_text="[x, y, width, height] in upright pixels of the original")

    class Meta:
        triggers = append_only("catalogue_match_append_only")


class View(Row):
    """A derived picture: decoded, upright, stripped, encoded again from raw pixels."""

    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="views")
    kind = models.CharField(max_length=12, choices=[("thumb", "thumb"), ("screen", "screen")])
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="view")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["photo", "kind"], name="one_view_per_kind"),)


class RedactedCopy(Row):
    """What a supplier may see of a photo, once a person has signed for exactly these bytes."""

    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="copies")
    version = models.PositiveIntegerField()
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="redacted_copy")
    sha256 = models.CharField(max_length=64, help_text="hex, of the outgoing bytes")
    rules_version = models.CharField(max_length=40)
    # [{"kind", "box": [x, y, w, h], "why", "confidence"}, …] in pixels of the copy.
    covers = models.JSONField(default=list, blank=True)
    # [{"kind", "box", "text", "why"}, …]: what the second look could still read; not empty blocks the release.
    residue = models.JSONField(default=list, blank=True)
    made_by = models.CharField(max_length=80, help_text="a staff id, or 'system'")
    state = models.CharField(max_length=12, choices=COPY_MOVES.choices, default=COPY_MOVES.start)
    signed_by = models.CharField(max_length=80, blank=True)
    signed_sha256 = models.CharField(max_length=64, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    reject_reason = models.CharField(max_length=500, blank=True)

    # From the signature on: a copy that is drawn anew keeps what was signed.
    SEALED = (
        "photo_id", "version", "file_id", "sha256", "rules_version", "covers", "residue", "made_by",
        "signed_by", "signed_sha256", "signed_at",
    )  # fmt: skip

    class Meta:
        ordering = ("photo", "version")
        constraints = (
            models.UniqueConstraint(fields=["photo", "version"], name="one_copy_per_version"),
            models.UniqueConstraint(
                fields=["photo"], condition=~Q(state="superseded"), name="one_living_copy_per_photo"
            ),
            models.CheckConstraint(
                condition=~Q(state="signed")
                | (Q(signed_sha256=F("sha256"), signed_at__isnull=False, residue=[]) & ~Q(signed_by="")),
                name="signed_means_these_very_bytes",
            ),
        )
        triggers = (
            legal_moves(COPY_MOVES, "copy_moves"),
            pgtrigger.ReadOnly(
                name="copy_stays",
                fields=["photo", "version", "file", "sha256", "rules_version", "covers", "residue", "made_by"],
            ),
            pgtrigger.Protect(name="copy_never_deleted", operation=pgtrigger.Delete),
        )
