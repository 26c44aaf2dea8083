"""Reading evidence: sessions by their link, photos as a page shows them, views, and what verification needs.

Redacted copies are not here: what a supplier may see is read through ``redacted_queries`` alone.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from recoup.domain.evidence import rules
from recoup.domain.evidence.models import (
    CaptureSession,
    CodeRead,
    Photo,
    Upload,
    Verdict,
    View,
)
from recoup.foundation.accounts import queries as accounts
from recoup.foundation.files import queries as files
from recoup.foundation.files.models import StoredFile
from recoup.kit.actor import Actor
from recoup.kit.refusal import NotFound

# For those above the domain, who may not name its models.
RunningUpload = Upload

_SEEN_BY = ("agent", "warehouse", "quality", "buyer", "finance")


@dataclass(frozen=True, slots=True)
class Visit:
    """A customer who came in through a link: their session, and who they are in the audit trail."""

    session: CaptureSession
    actor: Actor


@dataclass(frozen=True, slots=True)
class PhotoSeen:
    """One photo as a page shows it. ``sentence`` is the verdict's, for the customer; empty while nobody has looked.

    ``replaced``: a later photo took its place. ``may_send_anyway``: two tries are over.
    """

    id: UUID
    client_id: UUID
    shot: str
    position: int
    state: str
    sentence: str
    reasons: tuple[str, ...]
    near_line: bool
    sent_anyway: bool
    replaced: bool
    may_send_anyway: bool
    views: frozenset[str]
    arrived_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """The bytes of a view, in pieces; ``sha256`` serves as its ETag."""

    chunks: Iterator[bytes]
    length: int
    media_type: str
    sha256: str


def access_session(*, secret: str, now: datetime.datetime) -> Visit:
    """The session behind a customer's link. Raises NotFound or LinkExpired; unknown and withdrawn look alike."""
    link = accounts.access_link(purpose="capture", secret=secret, now=now)
    session = CaptureSession.objects.select_related("key").filter(pk=link.subject_id).first()
    if session is None:
        raise NotFound()
    return Visit(session=session, actor=Actor(kind="customer", id=str(link.id), name="The customer"))


def session(*, session_id: UUID) -> CaptureSession:
    """For staff and flows, who need no link. Raises NotFound."""
    found = CaptureSession.objects.select_related("key").filter(pk=session_id).first()
    if found is None:
        raise NotFound()
    return found


def photo(*, photo_id: UUID) -> Photo:
    """With its session, file and key; for staff and flows. Raises NotFound."""
    found = Photo.objects.select_related("session__key", "file__key").filter(pk=photo_id).first()
    if found is None:
        raise NotFound()
    return found


def photo_of(*, session: CaptureSession, photo_id: UUID) -> Photo:
    """A photo of this very session; anybody else's looks missing."""
    found = photo(photo_id=photo_id)
    if found.session_id != session.pk:
        raise NotFound()
    return found


def photos_of(session: CaptureSession) -> list[PhotoSeen]:
    """Every photo of the session, in order of arrival."""
    return seen(session.photos.all())


def photos(ids: Iterable[UUID]) -> list[PhotoSeen]:
    """These photos, of whatever session, in order of session and arrival."""
    return seen(Photo.objects.filter(pk__in=list(ids)))


def seen(photos: QuerySet[Photo]) -> list[PhotoSeen]:
    """Each with its latest verdict and the kinds of its views, in one question."""
    verdicts = Verdict.objects.filter(photo=OuterRef("pk"), source="server").order_by("-created_at")
    told = JSONObject(sentence="sentence", reasons="reasons", near_line="near_line")
    known = photos.annotate(
        judged=Subquery(verdicts.values(told=told)[:1]),
        kinds=ArraySubquery(View.objects.filter(photo=OuterRef("pk")).values("kind")),
    )
    rows = list(known.order_by("session_id", "position"))
    return [_seen(row, rows) for row in rows]


def _seen(row: Any, beside: Sequence[Photo]) -> PhotoSeen:
    judged = row.judged or {"sentence": "", "reasons": [], "near_line": False}
    standings = [_standing(other) for other in beside if other.session_id == row.session_id]
    return PhotoSeen(
        id=row.id, client_id=row.client_id, shot=row.shot, position=row.position, state=row.state,
        sentence=judged["sentence"], reasons=tuple(judged["reasons"]), near_line=judged["near_line"],
        sent_anyway=row.send_anyway,
        replaced=row.superseded_by_id is not None,
        may_send_anyway=rules.may_send_anyway(_standing(row), standings),
        views=frozenset(row.kinds), arrived_at=row.created_at,
    )  # fmt: skip


def _standing(row: Photo) -> rules.Standing:
    return rules.Standing(row.id, row.shot, row.position, row.state, row.superseded_by_id is not None)


def photo_view(*, actor: Actor, photo: Photo, kind: str, session: CaptureSession | None = None) -> Seen:
    """A derived view, ``thumb`` or ``screen``: for staff, and for the customer of ``session``; others see nothing.

    Raises NotFound, NotAllowed, FileDamaged.
    """
    if actor.kind == "staff":
        actor.must(*_SEEN_BY)
    elif actor.kind != "customer" or session is None or photo.session_id != session.pk:
        raise NotFound()
    view = View.objects.select_related("file__key").filter(photo=photo, kind=kind).first()
    if view is None:
        raise NotFound()
    return opened(view.file)


def opened(file: StoredFile) -> Seen:
    chunks = files.stream(file)
    return Seen(chunks=chunks, length=file.offset, media_type=file.media_type, sha256=file.sha256)


def codes_of(photo: Photo) -> list[CodeRead]:
    return list(photo.codes.order_by("id"))


def codes_in(session: CaptureSession) -> list[CodeRead]:
    """Every code read in any photo of the session that still counts."""
    counting = CodeRead.objects.filter(photo__session=session, photo__superseded_by=None)
    return list(counting.order_by("photo__position", "id"))


def waiting(session: CaptureSession) -> bool:
    """Is any photo still on its way in, or not judged yet?"""
    arriving = session.uploads.filter(ended_at=None, file__offset__gt=0).exists()
    return arriving or session.photos.filter(state="arrived").exists()


def running_upload(*, session: CaptureSession, upload_id: UUID) -> Upload:
    """An upload of this session, finished ones too, by its file's id. Raises NotFound."""
    uploads = Upload.objects.select_related("file__key", "session__key")
    found = uploads.filter(session=session, file_id=upload_id).first()
    if found is None:
        raise NotFound()
    return found


def counts(session: CaptureSession) -> Mapping[str, int]:
    """How many photos stand where: {"accepted": 3, "retake": 1}; those that were replaced do not count."""
    states = session.photos.filter(superseded_by=None).values_list("state", flat=True)
    found: dict[str, int] = {}
    for state in states:
        found[state] = found.get(state, 0) + 1
    return found
