"""Reading stored files: any range, opened on the way."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from recoup.foundation.files import folder, keys
from recoup.foundation.files.models import Segment, StoredFile
from recoup.kit.refusal import NotFound, Refusal
from recoup.kit.sealing import SealBroken, Sealer


class FileDamaged(Refusal):
    code, status = "files.damaged", 500
    sentence = "The stored file {file} is damaged: {why} Run “recoup verify”, and bring {path} back from a backup."


def file(*, file_id: UUID) -> StoredFile:
    """With its key. Raises NotFound."""
    found = StoredFile.objects.select_related("key").filter(pk=file_id).first()
    if found is None:
        raise NotFound()
    return found


def read(file: StoredFile, start: int = 0, end: int | None = None) -> bytes:
    """The bytes ``start`` … ``end`` of a complete file. Raises NotFound, FileDamaged, KeyDestroyed or KeyMissing."""
    return b"".join(stream(file, start, end))


def stream(file: StoredFile, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """Like ``read``, in pieces of up to 64 KiB. A damaged frame raises before any byte of it is given out."""
    if file.key.destroyed_at:
        raise keys.KeyDestroyed()
    if file.state != "complete":
        raise NotFound()
    return durable(file, start, end)


def durable(file: StoredFile, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """The durable bytes of a file, finished or not. Raises as ``read`` does."""
    stop = file.offset if end is None else min(end, file.offset)
    sealer = keys.sealer(file.key)
    segments = Segment.objects.filter(file=file, offset__lt=stop).order_by("number")
    for segment in segments:
        if segment.offset + segment.length > start:
            yield from _opened(file, segment, sealer, start, stop)


def _opened(file: StoredFile, segment: Segment, sealer: Sealer, start: int, stop: int) -> Iterator[bytes]:
    span = {"start": max(start - segment.offset, 0), "end": min(stop - segment.offset, segment.length)}
    bound = keys.binding(file.key_id, file.id, segment.number)
    try:
        with folder.open_segment(segment.path) as sealed:
            yield from sealer.open(sealed, context=bound, length=segment.length, **span)
    except SealBroken as broken:
        raise FileDamaged(file=file.id, path=segment.path, why=str(broken)) from broken
    except FileNotFoundError:
        raise FileDamaged(file=file.id, path=segment.path, why="Its segment is missing.") from None
