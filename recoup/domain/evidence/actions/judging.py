"""What was seen in a photo, and what follows for the customer. Pixels were looked at before, outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import transaction

from recoup.domain.catalogue import queries as catalogue
from recoup.domain.evidence import rules
from recoup.domain.evidence.actions.sessions import locked
from recoup.domain.evidence.actions.superseding import standings, supersede
from recoup.domain.evidence.facts import PhotoJudged, PhotoSentAnyway
from recoup.domain.evidence.models import CatalogueMatch, CodeRead, Photo, Reuse, Verdict, View
from recoup.domain.evidence.states import PHOTO_MOVES
from recoup.foundation.audit import actions as audit
from recoup.foundation.database import hearing
from recoup.foundation.facts import actions as facts
from recoup.foundation.files import actions as files
from recoup.foundation.files import queries as stored
from recoup.kit.actor import SYSTEM, Actor
from recoup.kit.refusal import Refusal

SENT_ALREADY = "You sent this photo already. Take one from another angle."
_VERBS = {"accept": ("accept", "photo.accepted"), "retake": ("ask_again", "photo.retake")}


class OneMoreTry(Refusal):
    code = "evidence.one_more_try"
    sentence = "Please try this photo once more. After two tries you may send it as it is."


@dataclass(frozen=True, slots=True)
class CodeSeen:
    """``box`` is x, y, width, height in upright pixels."""

    kind: str
    value: str
    box: tuple[int, int, int, int]
    confidence: float


@dataclass(frozen=True, slots=True)
class SameAs:
    """An earlier photo, of whatever session, whose pixels are those of this one."""

    photo_id: UUID
    exact: bool
    inliers: int = 0
    agreeing: float = 1.0


@dataclass(frozen=True, slots=True)
class Shows:
    """A product that the photo shows as its reference picture does: ``inliers`` points agree, ``share`` (0 … 1) of
    those that were paired; ``box`` is x, y, width, height in upright pixels."""

    sku: str
    inliers: int
    share: float
    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Judged:
    """Everything the server found out about one photo. ``phash`` is 64 unsigned bits; ``views`` are JPEGs by kind.

    ``quarter_turns`` to the left put the decoded original upright; everything else is said of the upright picture.
    """

    media_type: str
    width: int
    height: int
    phash: int
    result: str
    rules_version: str
    reasons: Sequence[str] = ()
    sentence: str = ""
    scores: Mapping[str, float] = field(default_factory=dict)
    near_line: bool = False
    codes: Sequence[CodeSeen] = ()
    views: Mapping[str, bytes] = field(default_factory=dict)
    words: Sequence[int] = ()
    quarter_turns: int = 0
    same_as: Sequence[SameAs] = ()
    shows: Shows | None = None


@transaction.atomic
def judge(*, photo: Photo, judged: Judged, actor: Actor = SYSTEM) -> Verdict:
    """Record the server's verdict with the views and codes. Raises IllegalMove when it was judged before."""
    session = locked(photo.session)
    judged = _again(photo, judged)
    move, verb = _VERBS[judged.result]
    was = PHOTO_MOVES.make(
        photo, move, media_type=judged.media_type, width=judged.width, height=judged.height,
        phash=rules.signed_64(judged.phash), words=list(judged.words), quarter_turns=judged.quarter_turns,
    )  # fmt: skip
    _keep_views(photo, judged.views)
    verdict = _say(photo, judged)
    CodeRead.objects.bulk_create(
        CodeRead(
            photo=photo, kind=code.kind, value=_writable(code.value), box=list(code.box), confidence=code.confidence
        )
        for code in judged.codes
    )
    _keep_reuses(photo, judged.same_as)
    _keep_match(photo, judged.shows)
    supersede(session)
    _tell(photo, judged.result, verb, was, judged.reasons, actor)
    return verdict


@transaction.atomic
def mark_unreadable(
    *, photo: Photo, reason: str, sentence: str, rules_version: str = "", actor: Actor = SYSTEM
) -> Verdict:
    """The bytes are safe and are no picture; ``reason`` is a code, ``sentence`` is for the customer."""
    session = locked(photo.session)
    was = PHOTO_MOVES.make(photo, "give_up")
    verdict = Verdict.objects.create(
        photo=photo, source="server", result="unreadable", reasons=[reason], sentence=sentence,
        rules_version=rules_version,
    )  # fmt: skip
    supersede(session)
    _tell(photo, "unreadable", "photo.unreadable", was, [reason], actor)
    return verdict


@transaction.atomic
def send_anyway(*, photo: Photo, actor: Actor, reason: str = "") -> None:
    """After two tries the customer's photo goes as it is, marked so. Raises OneMoreTry or IllegalMove."""
    session = locked(photo.session)
    PHOTO_MOVES.next(photo.state, "send_anyway")
    mine = rules.Standing(photo.id, photo.shot, photo.position, photo.state)
    if not rules.may_send_anyway(mine, standings(session)):
        raise OneMoreTry()
    was = PHOTO_MOVES.make(photo, "send_anyway", send_anyway=True, send_anyway_reason=reason[:300], superseded_by=None)
    audit.record(verb="photo.sent_anyway", subject=photo, actor=actor, was=was, position=photo.position)
    facts.tell(PhotoSentAnyway(photo_id=photo.id, session_id=session.id))


@transaction.atomic
def open_original(*, photo: Photo, actor: Actor, purpose: str = "to look at it") -> bytes:
    """The exact bytes that arrived, for staff only; who opened them and why is kept. Raises NotAllowed."""
    actor.must("agent", "quality", "buyer")
    audit.record(
        verb="photo.original_opened", subject=photo, actor=actor, position=photo.position, purpose=purpose[:120]
    )
    return stored.read(photo.file)


def _again(photo: Photo, judged: Judged) -> Judged:
    """The verdict, with a reason more when the customer sent this photo before, in the same session.

    Another try at a photo that would not do may look just like it; only the very same bytes are no new try.
    """
    beside = Photo.objects.filter(session=photo.session_id).exclude(pk=photo.pk)
    twins = beside.filter(sha256=photo.sha256).exclude(state="arrived")
    alike = beside.filter(pk__in=[same.photo_id for same in judged.same_as], state="accepted")
    if not (twins | alike).exists():
        return judged
    sentence = judged.sentence if judged.result == "retake" else SENT_ALREADY
    return replace(judged, result="retake", reasons=[*judged.reasons, "same_photo"], sentence=sentence, near_line=False)


def _keep_reuses(photo: Photo, same_as: Sequence[SameAs]) -> None:
    Reuse.objects.bulk_create(
        Reuse(photo=photo, earlier_id=same.photo_id, exact=same.exact, inliers=same.inliers, agreeing=same.agreeing)
        for same in same_as
    )


def _keep_match(photo: Photo, shows: Shows | None) -> None:
    if shows:
        CatalogueMatch.objects.create(
            photo=photo, product=catalogue.product(shows.sku), inliers=shows.inliers, share=shows.share,
            box=list(shows.box),
        )  # fmt: skip


def _writable(text: str) -> str:
    """A code may hold any bytes; PostgreSQL keeps no NUL, and UTF-8 no half of a pair."""
    return text.replace("\x00", "�").encode("utf-8", "replace").decode()


def _keep_views(photo: Photo, views: Mapping[str, bytes]) -> None:
    for kind, data in views.items():
        file = files.store(data=data, key=photo.file.key, purpose=kind, media_type="image/jpeg", retention="derived")
        View.objects.create(photo=photo, kind=kind, file=file)


def _say(photo: Photo, judged: Judged) -> Verdict:
    return Verdict.objects.create(
        photo=photo, source="server", result=judged.result, reasons=list(judged.reasons), sentence=judged.sentence,
        scores=dict(judged.scores), near_line=judged.near_line, rules_version=judged.rules_version,
    )  # fmt: skip


def _tell(photo: Photo, result: str, verb: str, was: str, reasons: Sequence[str], actor: Actor) -> None:
    about: dict[str, Any] = {"position": photo.position, "reasons": ", ".join(reasons) or "none"}
    audit.record(verb=verb, subject=photo, actor=actor, was=was, **about)
    hearing.say_changed(photo.session_id)  # the customer's pages show a session, not one photo
    facts.tell(PhotoJudged(photo_id=photo.id, session_id=photo.session_id, result=result))
