"""Photos on their way in: announced, arriving in pieces, complete, or given up."""

from __future__ import annotations

import datetime
from uuid import UUID

from django.db import transaction

from recoup.domain.evidence import limits
from recoup.domain.evidence.actions.sessions import SessionClosed, locked
from recoup.domain.evidence.actions.superseding import supersede
from recoup.domain.evidence.facts import PhotoArrived
from recoup.domain.evidence.models import CaptureSession, Photo, Upload
from recoup.foundation.audit import actions as audit
from recoup.foundation.facts import actions as facts
from recoup.foundation.files import actions as files
from recoup.foundation.files.actions import Kept
from recoup.kit.actor import SYSTEM, Actor
from recoup.kit.refusal import Refusal


class TooManyPhotos(Refusal):
    code, status = "evidence.too_many_photos", 403
    sentence = "This link takes up to {limit} photos, and they are all here. Send us what you have."


class PhotoDiffers(Refusal):
    code, status = "evidence.photo_differs", 422
    sentence = "A different photo was already sent under this name. Send this one as a new photo."


@transaction.atomic
def announce_upload(
    *,
    session: CaptureSession,
    client_id: UUID,
    length: int,
    now: datetime.datetime,
    sha256: str = "",
    shot: str = "",
    media_type: str = "application/octet-stream",
    metadata: str = "",
) -> Upload:
    """An upload for this photo of the phone; ``length`` in bytes, ``sha256`` in hex or empty.

    Announcing the same photo again is no second photo: the upload that runs, or that brought it here, is given
    back. Raises SessionClosed, TooManyPhotos, PhotoDiffers, KeyDestroyed.
    """
    session = locked(session)
    if known := _known(session, client_id, sha256, length, now):
        return known
    if session.state != "open" or session.expires_at <= now:
        raise SessionClosed()
    _check_room(session)
    file = files.open_upload(
        key=session.key, purpose="photo", media_type=media_type, retention="original",
        length=length, expires_at=now + limits.UPLOAD_LIVES,
    )  # fmt: skip
    return Upload.objects.create(
        session=session, file=file, client_id=client_id, shot=shot, sha256=sha256, metadata=metadata
    )


def _known(session: CaptureSession, client_id: UUID, sha256: str, length: int, now: datetime.datetime) -> Upload | None:
    uploads = Upload.objects.select_related("file__key", "session").filter(session=session, client_id=client_id)
    if photo := Photo.objects.select_related("file").filter(session=session, client_id=client_id).first():
        if photo.file.length != length or sha256 not in ("", photo.sha256):
            raise PhotoDiffers()
        return uploads.get(file=photo.file)
    if running := uploads.filter(ended_at=None).first():
        if running.file.length == length and running.sha256 == sha256:
            return running
        # Phones encode a picture anew each time it is picked: the earlier bytes will never come.
        _end(running, now)
    return None


def _check_room(session: CaptureSession) -> None:
    taken = session.photos.count() + session.uploads.filter(ended_at=None).count()
    if taken >= limits.photos_per_session():
        raise TooManyPhotos(limit=limits.photos_per_session())


@transaction.atomic
def complete_upload(*, upload: Upload, kept: Kept | None, sha256: str, actor: Actor, now: datetime.datetime) -> Photo:
    """The last bytes are durable (``kept``; None when they already were known) and all of it hashes to ``sha256``.

    From here the photo exists. Raises SessionClosed and OffsetMoved; then nothing has changed.
    """
    session = locked(upload.session)
    if session.state in ("closed", "expired"):
        raise SessionClosed()
    if kept:
        files.append(file=upload.file, kept=kept)
    files.complete(file=upload.file, sha256=sha256)
    photo = Photo.objects.create(
        session=session, client_id=upload.client_id, file=upload.file, sha256=sha256, shot=upload.shot,
        position=session.photos.count() + 1,
    )  # fmt: skip
    _close(upload, now)
    supersede(session)
    audit.record(
        verb="photo.arrived", subject=photo, actor=actor,
        position=photo.position, bytes=upload.file.length, sha256=sha256, shot=photo.shot,
    )  # fmt: skip
    facts.tell(PhotoArrived(photo_id=photo.id, session_id=session.id))
    return photo


@transaction.atomic
def refuse_upload(*, upload: Upload, now: datetime.datetime) -> None:
    """What arrived is not what was announced: none of it is kept."""
    _end(upload, now)
    audit.record(verb="upload.refused", subject=upload.session, actor=SYSTEM)


@transaction.atomic
def drop_upload(*, upload: Upload, actor: Actor, now: datetime.datetime) -> None:
    """The phone gives the upload up. Raises IllegalMove or MovedMeanwhile when it has ended."""
    _end(upload, now)
    audit.record(verb="upload.dropped", subject=upload.session, actor=actor)


@transaction.atomic
def sweep_uploads(*, now: datetime.datetime) -> int:
    """Give up every upload whose time is over; returns how many."""
    over = Upload.objects.select_for_update(skip_locked=True, of=("self",)).select_related("file")
    uploads = list(over.filter(ended_at=None, file__state="open", file__expires_at__lte=now))
    for upload in uploads:
        _end(upload, now)
    return len(uploads)


def _end(upload: Upload, now: datetime.datetime) -> None:
    files.discard(file=upload.file)
    _close(upload, now)


def _close(upload: Upload, now: datetime.datetime) -> None:
    """The announcement goes with the upload: it holds a file name, and those are personal."""
    upload.ended_at, upload.metadata = now, ""
    upload.save(update_fields=["ended_at", "metadata"])
