"""Sending: retried, never twice at once, and never lost when a worker dies over it."""

from __future__ import annotations

import os
import smtplib
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection, connections
from django.utils import timezone

from recoup.foundation.accounts.tests.factories import staff
from recoup.foundation.jobs import actions as jobs
from recoup.foundation.jobs import queries as job_queries
from recoup.foundation.jobs.rules import ATTEMPTS
from recoup.foundation.jobs.worker import drain
from recoup.foundation.notices import actions, queries, sending
from recoup.foundation.notices.models import Notice
from recoup.kit import ids
from recoup.kit.actor import SYSTEM, Actor
from recoup.kit.refusal import GiveUp, TryAgain

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("texts")]
AGENT = Actor(kind="staff", id="1", name="Ada", roles=frozenset({"agent"}))


def queued(secret: str = "S") -> Notice:
    return actions.queue(
        audience="customer", to="eva@example.com", template="hello", subject=staff(), actor=SYSTEM,
        name="Eva", amount="49.90 EUR", secret=secret, gift="",
    )  # fmt: skip


def send(notice: Notice) -> Notice:
    try:
        sending.send(notice_id=str(notice.pk))
    finally:
        notice.refresh_from_db()
    return notice


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Lets the mail server raise this instead of taking the mail."""

    def breaks(error: BaseException) -> None:
        def refuse(self: EmailMultiAlternatives) -> None:
            raise error

        monkeypatch.setattr(EmailMultiAlternatives, "send", refuse)

    return breaks


REFUSED = smtplib.SMTPRecipientsRefused({"eva@example.com": (550, b"no eva@example.com here")})
BUSY = smtplib.SMTPRecipientsRefused({"eva@example.com": (450, b"eva@example.com: later")})


@pytest.mark.parametrize(
    "error", [ConnectionRefusedError("x"), TimeoutError(), BUSY, smtplib.SMTPDataError(451, b"eva@")]
)
def test_what_passes_is_tried_again(server: Callable[[BaseException], None], error: Exception) -> None:
    notice = queued()
    server(error)
    with pytest.raises(TryAgain) as caught:
        send(notice)
    assert (notice.state, notice.attempts) == ("queued", 1)
    assert notice.error == str(caught.value) != ""
    assert "eva" not in notice.error
    assert caught.value.__context__ is None


def test_after_the_last_try_a_person_must_look(server: Callable[[BaseException], None]) -> None:
    notice = queued()
    server(ConnectionRefusedError())
    for _ in range(ATTEMPTS - 1):
        with pytest.raises(TryAgain):
            send(notice)
    with pytest.raises(GiveUp):
        send(notice)
    assert (notice.state, notice.attempts) == ("failed", ATTEMPTS)
    assert queries.failed() == [notice]


def test_a_refused_address_fails_at_once_and_can_be_sent_again(
    server: Callable[[BaseException], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = ids.secret()
    notice = queued(secret)
    server(REFUSED)
    assert drain(swallow=True) == 1
    notice.refresh_from_db()
    assert (notice.state, notice.error) == ("failed", "The mail server refuses the address (550).")
    (letter,) = job_queries.dead_letters()
    assert "eva" not in letter.error
    monkeypatch.undo()
    actions.send_again(notice=notice, actor=AGENT)
    drain()
    notice.refresh_from_db()
    assert (notice.state, notice.attempts) == ("sent", 1)
    assert secret in mail.outbox[0].body


def test_replaying_its_dead_letter_sends_it_too(
    server: Callable[[BaseException], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = queued()
    server(REFUSED)
    drain(swallow=True)
    monkeypatch.undo()
    (letter,) = job_queries.dead_letters()
    jobs.replay(job_id=letter.job_id, actor=AGENT)
    drain()
    notice.refresh_from_db()
    assert (notice.state, len(mail.outbox)) == ("sent", 1)


def test_the_same_job_twice_sends_once() -> None:
    notice = queued()
    send(notice)
    send(notice)
    assert (notice.state, notice.attempts, len(mail.outbox)) == ("sent", 1, 1)


def test_a_notice_that_is_gone_is_no_error() -> None:
    sending.send(notice_id=str(ids.new()))
    assert mail.outbox == []


def test_the_sweep_sends_what_lost_its_job_and_leaves_the_young_alone() -> None:
    lost, half, young = queued(), queued(), queued()
    old = timezone.now() - timedelta(hours=1)
    Notice.objects.filter(pk__in=[lost.pk, half.pk]).update(created_at=old)
    Notice.objects.filter(pk=half.pk).update(state="sending")
    sending.sweep()
    assert dict(Notice.objects.values_list("pk", "state")) == {lost.pk: "sent", half.pk: "sent", young.pk: "queued"}


def test_one_stuck_notice_does_not_stop_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = queued(), queued()
    Notice.objects.update(created_at=timezone.now() - timedelta(hours=1))
    deliver = EmailMultiAlternatives.send

    def pick(self: EmailMultiAlternatives) -> int:
        if str(bad.pk) in str(self.extra_headers):
            raise ConnectionRefusedError
        return deliver(self)

    monkeypatch.setattr(EmailMultiAlternatives, "send", pick)
    sending.sweep()
    assert dict(Notice.objects.values_list("pk", "state")) == {bad.pk: "queued", good.pk: "sent"}


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_once(monkeypatch: pytest.MonkeyPatch) -> None:
    notice, deliver = queued(), EmailMultiAlternatives.send

    def slowly(self: EmailMultiAlternatives) -> int:
        time.sleep(0.4)
        return deliver(self)

    monkeypatch.setattr(EmailMultiAlternatives, "send", slowly)
    start, results = threading.Barrier(3), list[str]()

    def work() -> None:
        start.wait()
        try:
            sending.send(notice_id=str(notice.pk))
            results.append("done")
        except TryAgain:
            results.append("try again")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["done", "try again", "try again"]
    notice.refresh_from_db()
    assert (notice.state, notice.attempts, len(mail.outbox)) == ("sent", 1, 1)


DYING = """
import os, sys, django
django.setup()
from django.core.mail import EmailMultiAlternatives
from recoup.foundation.notices import sending
EmailMultiAlternatives.send = lambda self: os.kill(os.getpid(), 9)
sending.send(notice_id=sys.argv[1])
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_over_it_leaves_it_visible_and_the_next_one_sends_it() -> None:
    notice = queued()
    died = subprocess.run(
        [sys.executable, "-c", DYING, str(notice.pk)],
        env=os.environ | {"DATABASE_URL": same_database()}, cwd=Path(__file__).parents[4], timeout=60,
    )  # fmt: skip
    assert died.returncode == -9
    notice.refresh_from_db()
    assert (notice.state, notice.attempts, notice.sent_at) == ("sending", 1, None)
    until = time.monotonic() + 10
    while (state := attempt(notice)) != "sent" and time.monotonic() < until:
        time.sleep(0.05)  # the server notices within moments that the dead worker's connection is gone
    assert (state, notice.attempts, len(mail.outbox)) == ("sent", 2, 1)


def attempt(notice: Notice) -> str:
    try:
        return send(notice).state
    except TryAgain:
        return notice.state


def same_database() -> str:
    known: dict[str, Any] = connection.settings_dict
    password = f":{quote(known['PASSWORD'], safe='')}" if known["PASSWORD"] else ""
    where = f"host={quote(known['HOST'], safe='')}" + (f"&port={known['PORT']}" if known["PORT"] else "")
    return f"postgresql://{quote(known['USER'], safe='')}{password}@/{quote(known['NAME'], safe='')}?{where}"
