"""Does every photo have its bytes, every byte its photo, and did only signed copies leave?"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.fields.json import KT

from recoup.domain.evidence.models import Photo, RedactedCopy, Upload
from recoup.foundation.audit.queries import told
from recoup.foundation.database.findings import Finding
from recoup.foundation.files.models import StoredFile


def photos_have_their_bytes() -> Iterator[Finding]:
    """Every photo's file is complete, or was erased with its key, and has the photo's own hash."""
    erased = Q(file__state="gone", file__key__destroyed_at__isnull=False)
    whole = Q(file__state="complete", file__sha256=F("sha256"))
    for photo in Photo.objects.exclude(erased | whole).select_related("file").iterator():
        sentence = f"Photo {photo.id} is not the file it arrived as: the file is {photo.file.state}."
        yield Finding("evidence.photos", f"photo {photo.id}", sentence)


def originals_have_a_photo() -> Iterator[Finding]:
    """Every complete original belongs to a photo."""
    for file in StoredFile.objects.filter(purpose="photo", state="complete", photo=None).iterator():
        yield Finding("evidence.originals", f"file {file.id}", f"The original {file.id} belongs to no photo.")


def uploads_ended() -> Iterator[Finding]:
    """An upload has ended exactly when its file is no longer open."""
    for upload in Upload.objects.filter(Q(file__state="open") ^ Q(ended_at=None)).iterator():
        yield Finding("evidence.uploads", f"upload {upload.id}", f"The upload {upload.id} and its file disagree.")


def signed_copies_are_whole() -> Iterator[Finding]:
    """A signed copy still is the file that was signed, by whoever signed it."""
    signed = RedactedCopy.objects.filter(state="signed").exclude(file__key__destroyed_at__isnull=False)
    for copy in signed.exclude(signed_sha256=F("file__sha256"), file__state="complete").iterator():
        yield Finding("evidence.copies", f"redacted copy {copy.id}", f"Copy {copy.id} is not what was signed.")
    signatures = told("redaction.signed", RedactedCopy).filter(subject_id=OuterRef("pk"))
    alike = signatures.annotate(bytes=KT("facts__sha256")).filter(
        actor_id=OuterRef("signed_by"), bytes=OuterRef("signed_sha256")
    )
    for copy in RedactedCopy.objects.filter(~Exists(alike)).exclude(signed_by="").iterator():
        said = f"Copy {copy.id} says that {copy.signed_by} signed it, and the trail does not."
        yield Finding("evidence.signatures", f"redacted copy {copy.id}", said)
