"""The job that hands a notice to the mail server, over Django's e-mail backend, or to the gateway of text messages.

At least once: a worker that dies after the server's yes and before our own note leaves the notice
as “sending”, and the next run sends it again, under the same Message-ID so that mailboxes can tell.
"""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from recoup.foundation.database.locks import try_advisory
from recoup.foundation.jobs.registry import job, periodic
from recoup.foundation.jobs.rules import ATTEMPTS
from recoup.foundation.notices import actions, gateway, queries
from recoup.foundation.notices.enclosure import Enclosed, disclose
from recoup.foundation.notices.models import Notice
from recoup.foundation.notices.wording import as_html
from recoup.kit.refusal import GiveUp, TryAgain

_OVERDUE = timedelta(minutes=15)  # all retries of a job take a minute and a half


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a notice did not leave. ``final``: trying again will not help. The sentence names nobody."""

    sentence: str
    final: bool


@job("notices.send")
def send(*, notice_id: str) -> None:
    """Send this notice unless it has left. Raises TryAgain, or GiveUp when a person must look."""
    with try_advisory(f"notice {notice_id}") as free:
        if not free:
            raise TryAgain("Another worker is sending this notice.")
        notice = Notice.objects.filter(pk=notice_id).first()
        if notice is not None and actions.claim(notice=notice):
            _settle(notice, _hand_over(notice))


@periodic("*/5 * * * *", "notices.sweep")
def sweep() -> None:
    """Send what lost its job on the way, such as one that was killed with its worker five times."""
    for notice in queries.overdue(before=timezone.now() - _OVERDUE):
        try:
            send(notice_id=str(notice.pk))
        except (TryAgain, GiveUp):
            continue  # kept with the notice itself, and tried again by the next sweep unless it failed


def _settle(notice: Notice, trouble: Trouble | None) -> None:
    if trouble is None:
        actions.left(notice=notice, now=timezone.now())
    elif trouble.final or notice.attempts >= ATTEMPTS:
        actions.fail(notice=notice, error=trouble.sentence)
        raise GiveUp(trouble.sentence)
    else:
        actions.give_back(notice=notice, error=trouble.sentence)
        raise TryAgain(trouble.sentence)


def _hand_over(notice: Notice) -> Trouble | None:
    try:
        words = _disclosed(notice)
    except GiveUp as gone:
        return Trouble(str(gone), final=True)
    return _text(notice, words) if notice.way == "text" else _mail(notice, words)


def _mail(notice: Notice, words: str) -> Trouble | None:
    # Errors of mail servers quote addresses, so none of them may travel on into logs and dead letters.
    try:
        _letter(notice, words).send()
    except smtplib.SMTPRecipientsRefused as refused:
        codes = {code for code, _ in refused.recipients.values()}
        return Trouble(f"The mail server refuses the address ({_list(codes)}).", final=min(codes) >= 500)
    except smtplib.SMTPResponseException as answer:
        return Trouble(f"The mail server answered {answer.smtp_code}.", final=False)
    except (smtplib.SMTPException, OSError) as broken:
        return Trouble(f"The mail server cannot be reached ({type(broken).__name__}).", final=False)
    return None


def _text(notice: Notice, words: str) -> Trouble | None:
    if not gateway.on():
        return Trouble("Text messages are not set up any more (RECOUP_SMS_URL).", final=True)
    try:
        status = gateway.post(to=notice.to, text=words.rstrip(), key=str(notice.pk))
    except (HTTPException, OSError) as broken:
        return Trouble(f"The text gateway cannot be reached ({type(broken).__name__}).", final=False)
    if 200 <= status < 300:
        return None
    return Trouble(f"The text gateway answered {status}.", final=not gateway.passes(status))


def message(notice: Notice) -> EmailMultiAlternatives:
    """The e-mail itself: plain text, and the same words as HTML. Raises GiveUp when its secrets are lost."""
    return _letter(notice, _disclosed(notice))


def _disclosed(notice: Notice) -> str:
    sealed = bytes(notice.enclosed) if notice.enclosed is not None else None
    return disclose(enclosed=Enclosed(notice.body_text, sealed, notice.enclosed_by), notice_id=notice.pk)


def _letter(notice: Notice, words: str) -> EmailMultiAlternatives:
    host = urlsplit(settings.RECOUP_ADDRESS).hostname or "localhost"
    mail = EmailMultiAlternatives(
        subject=notice.subject_line,
        body=words,
        to=[notice.to],
        headers={"Message-ID": f"<{notice.pk}@{host}>", "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(as_html(text=words, title=notice.subject_line, language=notice.language), "text/html")
    return mail


def _list(codes: set[int]) -> str:
    return ", ".join(str(code) for code in sorted(codes))
