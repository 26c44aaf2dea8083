"""Every write to keys and files. Bytes are durable on disk before a row says so."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from recoup.foundation.audit import actions as audit
from recoup.foundation.files import folder, keys
from recoup.foundation.files.folder import SegmentFile
from recoup.foundation.files.models import SealKey, Segment, StoredFile
from recoup.foundation.files.states import FILE_MOVES
from recoup.kit import ids, sealing
from recoup.kit.actor import Actor
from recoup.kit.refusal import Refusal

# An unfinished part or a segment without a row may be somebody's write of this moment; after an hour it is nobody's.
SWEEP_AFTER = 3600.0  # seconds


class OffsetMoved(Refusal):
    code = "files.offset_moved"
    sentence = "Somebody else is adding to this file. Ask where it stands, and go on from there."


@dataclass(frozen=True, slots=True)
class Kept:
    """A segment that is durable on disk and not yet known to the database."""

    number: int
    offset: int
    length: int
    path: str


def new_key() -> SealKey:
    """A fresh data key, wrapped by the current installation key."""
    key_id = ids.new()
    wrapped, ring_key_id = keys.wrapped(sealing.new_key(), key_id)
    return SealKey.objects.create(id=key_id, wrapped=wrapped, ring_key_id=ring_key_id)


@transaction.atomic
def destroy_key(*, key: SealKey, actor: Actor) -> None:
    """Erase every file of the key, for good: nobody can open them again, here or in any backup of the files."""
    now = timezone.now()
    if not SealKey.objects.filter(pk=key.pk, destroyed_at=None).update(wrapped=b"", destroyed_at=now):
        raise keys.KeyDestroyed()
    key.wrapped, key.destroyed_at = b"", now
    for file in StoredFile.objects.select_for_update().filter(key=key).exclude(state="gone"):
        discard(file=file)
    audit.record(verb="key.destroyed", subject=key, actor=actor)


@transaction.atomic
def store(*, data: bytes, key: SealKey, purpose: str, media_type: str, retention: str) -> StoredFile:
    """Seal whole ``data`` as one complete file. Durable when this returns, known when the transaction commits."""
    if not data:
        raise ValueError("A stored file holds at least one byte.")
    file = StoredFile(
        key=key, purpose=purpose, media_type=media_type, retention=retention, state="complete",
        length=len(data), offset=len(data), sha256=hashlib.sha256(data).hexdigest(), completed_at=timezone.now(),
    )  # fmt: skip
    kept = _write(file, data)
    file.save(force_insert=True)
    _know(file, kept)
    return file


def _write(file: StoredFile, data: bytes) -> Kept:
    segment = begin_segment(file_id=file.id, key=file.key, number=0)
    segment.write(data)
    segment.keep()
    return Kept(number=0, offset=0, length=segment.length, path=segment.path)


def open_upload(
    *, key: SealKey, purpose: str, media_type: str, retention: str, length: int, expires_at: datetime.datetime
) -> StoredFile:
    """A file that will come in pieces; ``length`` in bytes."""
    keys.opened(key)
    return StoredFile.objects.create(
        key=key, purpose=purpose, media_type=media_type, retention=retention, length=length, expires_at=expires_at
    )


def begin_segment(*, file_id: UUID, key: SealKey, number: int) -> SegmentFile:
    """A segment to write into. Touches the disk only; ``append`` makes it part of the file."""
    bound = keys.binding(key.id, file_id, number)
    return SegmentFile(file_id=file_id, number=number, sealer=keys.sealer(key), context=bound)


@transaction.atomic
def append(*, file: StoredFile, kept: Kept) -> None:
    """Make a kept segment part of the file, if the file still stands where the segment begins. Raises OffsetMoved."""
    moved = StoredFile.objects.filter(pk=file.pk, state="open", offset=kept.offset)
    if not moved.update(offset=F("offset") + kept.length):
        raise OffsetMoved()
    file.offset = kept.offset + kept.length
    _know(file, kept)


def _know(file: StoredFile, kept: Kept) -> None:
    Segment.objects.create(file=file, number=kept.number, offset=kept.offset, length=kept.length, path=kept.path)


@transaction.atomic
def complete(*, file: StoredFile, sha256: str) -> None:
    """Every announced byte is durable, and this is their hash. From here on the file never changes."""
    FILE_MOVES.make(file, "complete", sha256=sha256, completed_at=timezone.now(), expires_at=None)


@transaction.atomic
def discard(*, file: StoredFile) -> None:
    """The file is gone: its row stays as a tombstone, its segments leave the disk once this is committed."""
    FILE_MOVES.make(file, "discard", expires_at=None)
    segments = Segment.objects.filter(file=file)
    paths = list(segments.values_list("path", flat=True))
    segments.delete()
    transaction.on_commit(lambda: folder.remove(paths))


def sweep_folder() -> int:
    """Remove what a crash left on the disk and no row knows; returns how many. Safe beside running uploads."""
    lost = list(folder.unfinished(older_than=SWEEP_AFTER)) + unknown_segments()
    folder.remove(lost)
    return len(lost)


def unknown_segments() -> list[str]:
    """Kept segments, older than an hour, that belong to no file."""
    found = list(folder.segments(older_than=SWEEP_AFTER))
    known = set(Segment.objects.filter(path__in=found).values_list("path", flat=True)) if found else set()
    return [path for path in found if path not in known]
