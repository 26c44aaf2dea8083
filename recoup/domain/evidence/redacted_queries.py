"""The wall: all that can be read for a supplier. Only signed copies come out, and only the bytes that were signed.

Nothing here knows how to reach a photo's original or its views, and nothing in ``queries`` gives out a copy.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from recoup.domain.evidence.models import RedactedCopy
from recoup.foundation.files import queries as files
from recoup.kit.actor import Actor
from recoup.kit.refusal import NotFound, Refusal


class NotSigned(Refusal):
    code = "evidence.not_signed"
    sentence = "{count} photo(s) have no signed redacted copy yet. Sign them off first; nothing else can leave."


@dataclass(frozen=True, slots=True)
class SignedCopy:
    """A copy that may leave. ``signed_by`` is a staff id."""

    copy_id: UUID
    photo_id: UUID
    version: int
    shot: str
    taken_in: datetime.date
    sha256: str
    media_type: str
    length: int
    signed_by: str
    signed_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Review:
    """A copy as the person who signs sees it: staff only, signed or not."""

    copy_id: UUID
    photo_id: UUID
    version: int
    shot: str
    state: str
    sha256: str
    covers: list[dict[str, Any]]
    residue: list[dict[str, Any]]
    signed_by: str
    signed_at: datetime.datetime | None
    reject_reason: str


def signed_copies(photo_ids: Iterable[UUID]) -> list[SignedCopy]:
    """The signed copies of these photos, in the photos' order of arrival; photos without one are left out."""
    rows = RedactedCopy.objects.filter(photo__in=list(photo_ids), state="signed").select_related("photo", "file")
    return [_signed(row) for row in rows.order_by("photo__created_at", "photo_id")]


def all_signed(photo_ids: Iterable[UUID]) -> list[SignedCopy]:
    """One signed copy for every photo. Raises NotSigned when any is missing."""
    wanted = set(photo_ids)
    found = signed_copies(wanted)
    if missing := wanted - {copy.photo_id for copy in found}:
        raise NotSigned(count=len(missing))
    return found


def signed_bytes(copy_id: UUID) -> bytes:
    """The outgoing bytes of a signed copy, checked against the signature once more. Raises NotFound, FileDamaged."""
    row = RedactedCopy.objects.select_related("file__key").filter(pk=copy_id, state="signed").first()
    if row is None:
        raise NotFound()
    data = files.read(row.file)
    if hashlib.sha256(data).hexdigest() != row.signed_sha256:
        raise files.FileDamaged(file=row.file_id, path="the stored copy", why="It is not what was signed.")
    return data


def living_copy(photo_id: UUID) -> RedactedCopy | None:
    """The copy that stands for this photo now, in any state but superseded."""
    copies = RedactedCopy.objects.select_related("photo__file__key", "file__key")
    return copies.filter(photo=photo_id).exclude(state="superseded").first()


def access_copy(*, actor: Actor, copy_id: UUID) -> RedactedCopy:
    """Any version of a copy, for those who sign. Raises NotFound (a supplier sees nothing here) or NotAllowed."""
    if actor.kind not in ("staff", "system"):
        raise NotFound()
    actor.must("buyer", "quality")
    copy = RedactedCopy.objects.select_related("photo__file__key", "file__key").filter(pk=copy_id).first()
    if copy is None:
        raise NotFound()
    return copy


def copy_bytes(*, actor: Actor, copy_id: UUID) -> bytes:
    """The bytes of a proposed or signed copy, for the person who decides on it."""
    return files.read(access_copy(actor=actor, copy_id=copy_id).file)


def to_review(photo_ids: Iterable[UUID]) -> list[Review]:
    """The living copies of these photos; those with residue first, then those that wait for a signature."""
    rows = RedactedCopy.objects.filter(photo__in=list(photo_ids)).exclude(state="superseded").select_related("photo")
    order = sorted(rows, key=lambda row: (not row.residue, row.state != "proposed", row.photo.created_at))
    return [_review(row) for row in order]


def versions(photo_id: UUID) -> list[Review]:
    """Every version that was ever made, superseded and rejected ones too, oldest first."""
    rows = RedactedCopy.objects.filter(photo=photo_id).select_related("photo").order_by("version")
    return [_review(row) for row in rows]


def _signed(row: RedactedCopy) -> SignedCopy:
    if row.signed_at is None:
        raise ValueError(f"The copy {row.id} is signed without a time.")
    return SignedCopy(
        copy_id=row.id, photo_id=row.photo_id, version=row.version, shot=row.photo.shot,
        taken_in=row.photo.created_at.date(), sha256=row.signed_sha256, media_type=row.file.media_type,
        length=row.file.offset, signed_by=row.signed_by, signed_at=row.signed_at,
    )  # fmt: skip


def _review(row: RedactedCopy) -> Review:
    return Review(
        copy_id=row.id, photo_id=row.photo_id, version=row.version, shot=row.photo.shot, state=row.state,
        sha256=row.sha256, covers=row.covers, residue=row.residue, signed_by=row.signed_by, signed_at=row.signed_at,
        reject_reason=row.reject_reason,
    )  # fmt: skip
