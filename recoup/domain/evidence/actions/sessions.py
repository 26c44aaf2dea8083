"""The life of a capture session."""

from __future__ import annotations

import datetime

from django.db import transaction

from recoup.domain.evidence.facts import SessionSubmitted
from recoup.domain.evidence.models import CaptureSession
from recoup.domain.evidence.states import SESSION_MOVES
from recoup.foundation.audit import actions as audit
from recoup.foundation.facts import actions as facts
from recoup.foundation.files import actions as files
from recoup.kit.actor import SYSTEM, Actor
from recoup.kit.refusal import Refusal


class SessionClosed(Refusal):
    code, status = "evidence.session_closed", 403
    sentence = "This link takes no more photos. Ask whoever sent it to you for a new one."


@transaction.atomic
def open_session(*, expires_at: datetime.datetime, actor: Actor, language: str = "en") -> CaptureSession:
    """A new session with a key of its own. The link to it is minted by ``accounts.actions.mint_link``."""
    session = CaptureSession.objects.create(key=files.new_key(), language=language, expires_at=expires_at)
    audit.record(verb="session.opened", subject=session, actor=actor)
    return session


@transaction.atomic
def speak(*, session: CaptureSession, language: str, actor: Actor) -> None:
    """From now on the link's pages and letters are in this language."""
    if CaptureSession.objects.filter(pk=session.pk).exclude(language=language).update(language=language):
        session.language = language
        audit.record(verb="session.language", subject=session, actor=actor, language=language)


@transaction.atomic
def submit_session(*, session: CaptureSession, actor: Actor, now: datetime.datetime) -> None:
    """The customer has sent everything. Raises IllegalMove or MovedMeanwhile when that was done before."""
    was = SESSION_MOVES.make(session, "submit", submitted_at=now)
    audit.record(verb="session.submitted", subject=session, actor=actor, was=was)
    facts.tell(SessionSubmitted(session_id=session.id))


@transaction.atomic
def reopen_session(*, session: CaptureSession, expires_at: datetime.datetime, actor: Actor) -> None:
    """“Please send one more photo”: the session takes photos again until ``expires_at``."""
    was = SESSION_MOVES.make(session, "reopen", expires_at=expires_at)
    audit.record(verb="session.reopened", subject=session, actor=actor, was=was)


@transaction.atomic
def close_session(*, session: CaptureSession, actor: Actor) -> None:
    was = SESSION_MOVES.make(session, "close")
    audit.record(verb="session.closed", subject=session, actor=actor, was=was)


@transaction.atomic
def expire_sessions(*, now: datetime.datetime) -> int:
    """Close every open session whose time is over; returns how many."""
    over = CaptureSession.objects.select_for_update(skip_locked=True, no_key=True)
    sessions = list(over.filter(state="open", expires_at__lte=now))
    for session in sessions:
        was = SESSION_MOVES.make(session, "expire")
        audit.record(verb="session.expired", subject=session, actor=SYSTEM, was=was)
    return len(sessions)


@transaction.atomic
def erase_session(*, session: CaptureSession, actor: Actor) -> None:
    """Destroy the session's key: its photos, views and redacted copies can never be opened again. Rows stay."""
    actor.must("admin")
    files.destroy_key(key=session.key, actor=actor)
    audit.record(verb="session.erased", subject=session, actor=actor)


def locked(session: CaptureSession) -> CaptureSession:
    """The session, held until the transaction ends: photos of one session arrive and are judged one after another."""
    return CaptureSession.objects.select_for_update(no_key=True).get(pk=session.pk)
