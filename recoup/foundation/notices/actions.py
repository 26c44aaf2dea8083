"""Every change to the outbox. Nothing here sends; that is the job in ``sending``."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import models, transaction

from recoup.foundation.audit import actions as audit
from recoup.foundation.jobs import actions as jobs
from recoup.foundation.notices import allowance
from recoup.foundation.notices.enclosure import Enclosed, enclose
from recoup.foundation.notices.models import Notice
from recoup.foundation.notices.states import AUDIENCES, DELIVERY, WAYS
from recoup.foundation.notices.wording import write
from recoup.kit import ids
from recoup.kit.actor import SYSTEM, Actor

_DESK = ("agent", "warehouse", "quality", "buyer", "finance")
NO_ADDRESS = "There is no address to send this to."
BAD_ADDRESS = "The address does not look like an e-mail address."


@transaction.atomic
def queue(
    *,
    audience: str,
    to: str,
    template: str,
    subject: models.Model,
    actor: Actor,
    language: str = "en",
    way: str = "mail",
    hidden: Sequence[str] = (),
    **facts: Any,
) -> Notice:
    """Write a notice and have it sent once this transaction is committed.

    It is rendered now, so that every page shows the very words that leave. ``template`` is the
    name of a text file of the subject's concept ("approved"), or of another ("claims.sent").
    ``way`` is mail, or text for a text message to the telephone number ``to`` (E.164).
    ``hidden`` are short secrets, such as a one-time code, that only the reader may see; those in links are known.
    Without a usable address the notice is kept, suppressed. A bug: WordingMissing, KeyError for
    a missing fact, ValueError for an unknown audience.
    """
    if audience not in AUDIENCES or way not in WAYS:
        raise ValueError(f"There is no audience “{audience}”, or no way “{way}”.")
    concept, _, name = template.rpartition(".")
    wording = write(concept=concept or subject._meta.app_label, name=name, language=language, facts=facts, way=way)
    problem = _problem(to.strip(), way)
    key = ids.new()
    body = enclose(text=wording.body_text, notice_id=key, hidden=hidden)
    kept = Enclosed(body.text, None, "") if problem else body
    notice = Notice.objects.create(
        id=key,
        audience=audience,
        way=way,
        to=to.strip()[:254],
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        template=f"{concept or subject._meta.app_label}.{name}",
        language=wording.language,
        subject_line=wording.subject_line,
        body_text=kept.text,
        enclosed=kept.sealed,
        enclosed_by=kept.by,
        state="suppressed" if problem else DELIVERY.start,
        error=problem,
    )
    _note_queued(notice, actor)
    if not problem:
        jobs.defer("notices.send", notice_id=str(notice.pk))
    return notice


@transaction.atomic
def send_again(*, notice: Notice, actor: Actor) -> None:
    """Put a failed notice back into the queue. Raises NotAllowed, IllegalMove, MovedMeanwhile."""
    actor.must(*_DESK)
    was = DELIVERY.make(notice, "send_again", attempts=0, error="")
    _note(notice, "notice.send_again", actor, was=was)
    jobs.defer("notices.send", notice_id=str(notice.pk))


@transaction.atomic
def suppress(*, notice: Notice, actor: Actor) -> None:
    """Hold back a notice that has not left yet. Raises NotAllowed, IllegalMove, MovedMeanwhile."""
    actor.must(*_DESK)
    was = DELIVERY.make(notice, "suppress", enclosed=None, enclosed_by="")
    _note(notice, "notice.suppressed", actor, was=was)


@transaction.atomic
def claim(*, notice: Notice) -> bool:
    """Take the notice for sending; False when it has left or is not to leave. Raises MovedMeanwhile.

    The caller holds the notice's advisory lock: so “sending” means that a worker died over it,
    and “failed” that its dead letter is being run again.
    """
    if notice.state == "sending":
        DELIVERY.make(notice, "give_back")
    if notice.state == "failed":
        DELIVERY.make(notice, "send_again", attempts=0)
    if notice.state != "queued":
        return False
    DELIVERY.make(notice, "claim", attempts=notice.attempts + 1)
    return True


@transaction.atomic
def left(*, notice: Notice, now: datetime.datetime) -> None:
    """The mail server took it: keep when, and forget the secrets. Raises MovedMeanwhile."""
    was = DELIVERY.make(notice, "send", sent_at=now, error="", enclosed=None, enclosed_by="")
    _note(notice, "notice.sent", SYSTEM, was=was)


@transaction.atomic
def give_back(*, notice: Notice, error: str) -> None:
    """It did not leave this time; it waits for the next try. Raises MovedMeanwhile."""
    DELIVERY.make(notice, "give_back", error=error)


@transaction.atomic
def fail(*, notice: Notice, error: str) -> None:
    """It will not leave by itself any more. Raises MovedMeanwhile."""
    was = DELIVERY.make(notice, "fail", error=error)
    _note(notice, "notice.failed", SYSTEM, was=was, why=error)


def _problem(to: str, way: str) -> str:
    """Why this address cannot be written to; empty when it can."""
    if to and way == "text":
        return allowance.problem(to)
    try:
        EmailValidator()(to)
    except ValidationError:
        return BAD_ADDRESS if to else NO_ADDRESS
    return BAD_ADDRESS if len(to) > 254 else ""


def _note_queued(notice: Notice, actor: Actor) -> None:
    if not notice.error:
        _note(notice, "notice.queued", actor)
    elif notice.to and notice.way == "text":
        _note(notice, "notice.not_texted", actor, why=notice.error)
    else:
        _note(notice, "notice.kept_back", actor)


def _note(notice: Notice, verb: str, actor: Actor, was: str = "", **facts: Any) -> None:
    """In the trail of what the notice is about, where people look."""
    subject = apps.get_model(notice.subject_type)(pk=notice.subject_id)
    who = "staff" if notice.audience == "staff" else f"the {notice.audience}"
    name = notice.template.rpartition(".")[2].replace("_", " ")
    audit.record(
        verb=verb, subject=subject, actor=actor, was=was, notice=notice.pk, audience=who, template=name, **facts
    )
