"""Text messages: through a real gateway over HTTP, once, tried again when it may help, and never too many."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail

from recoup.foundation.accounts.tests.factories import staff
from recoup.foundation.audit import queries as audit
from recoup.foundation.audit.models import Record
from recoup.foundation.jobs import queries as job_queries
from recoup.foundation.jobs.rules import ATTEMPTS
from recoup.foundation.jobs.worker import drain
from recoup.foundation.notices import actions, allowance, sending
from recoup.foundation.notices.enclosure import COVER
from recoup.foundation.notices.models import Notice
from recoup.foundation.notices.tests.gateway_house import WORDS, GatewayHouse, open_gateway
from recoup.foundation.notices.wording import WordingMissing
from recoup.kit import ids
from recoup.kit.actor import SYSTEM, Actor
from recoup.kit.refusal import GiveUp, TryAgain

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("texts")]
MOBILE = "+4915228817386"
AGENT = Actor(kind="staff", id="1", name="Ada", roles=frozenset({"agent"}))


@pytest.fixture
def house(settings: Any) -> Iterator[GatewayHouse]:
    with open_gateway() as opened:
        settings.RECOUP_SMS_URL, settings.RECOUP_SMS_TOKEN = opened.url, "sesame"
        yield opened


def queued(**changed: Any) -> Notice:
    given: dict[str, Any] = {
        "audience": "customer", "to": MOBILE, "way": "text", "template": "hello", "subject": staff(), "actor": SYSTEM,
        "name": "Eva", "amount": "49.90 EUR", "secret": "S", "gift": "",
    }  # fmt: skip
    return actions.queue(**given | changed)


def send(notice: Notice) -> Notice:
    try:
        sending.send(notice_id=str(notice.pk))
    finally:
        notice.refresh_from_db()
    return notice


def test_a_text_leaves_once_and_no_mail(house: GatewayHouse) -> None:
    secret, person = ids.secret(), staff()
    notice = queued(secret=secret, subject=person)
    assert secret not in repr(Notice.objects.values().get())
    assert drain() == 1
    notice.refresh_from_db()
    assert (notice.state, notice.way, notice.attempts) == ("sent", "text", 1)
    text = f"Recoup: Eva's 49.90 EUR - http://127.0.0.1:8000/r/{secret}\n\n@127.0.0.1 #1"
    assert house.got == [{"to": MOBILE, "text": text, "id": str(notice.pk), "path": "/texts?way=test"}]
    assert house.headers[0]["Authorization"] == "Bearer sesame"
    assert house.headers[0]["Content-Type"] == "application/json"
    assert (mail.outbox, notice.enclosed) == ([], None)
    assert (notice.subject_line, notice.body_text) == ("Hello Eva", text.replace(secret, COVER) + "\n")
    assert MOBILE not in repr(list(Record.objects.values()))
    assert [line.sentence for line in audit.trail(person)][-1] == "Recoup sent “hello” to the customer."


@pytest.mark.parametrize("answer", [500, 503, 429, 408, 0])
def test_what_passes_is_tried_again_under_the_same_id(house: GatewayHouse, answer: int) -> None:
    house.answers = [answer]
    notice = queued()
    with pytest.raises(TryAgain) as caught:
        send(notice)
    assert (notice.state, notice.attempts) == ("queued", 1)
    assert notice.error == str(caught.value) and caught.value.__context__ is None
    assert MOBILE not in notice.error and WORDS.decode() not in notice.error
    assert send(notice).state == "sent"
    assert [each["id"] for each in house.got] == [str(notice.pk)] * 2
    assert len({each["Idempotency-Key"] for each in house.headers}) == 1


def test_a_gateway_that_is_not_there_is_tried_again_until_a_person_must_look(settings: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.RECOUP_SMS_URL = f"http://127.0.0.1:{free.getsockname()[1]}/"
        notice = queued()
        for _ in range(ATTEMPTS - 1):
            with pytest.raises(TryAgain, match=r"cannot be reached \(ConnectionRefusedError\)"):
                send(notice)
        with pytest.raises(GiveUp):
            send(notice)
    assert (notice.state, notice.attempts) == ("failed", ATTEMPTS)


@pytest.mark.parametrize("answer", [400, 401, 404, 422, 301, 302, 307])
def test_a_no_fails_at_once_and_a_redirect_is_one(house: GatewayHouse, answer: int) -> None:
    house.answers = [answer]
    notice = queued()
    assert drain(swallow=True) == 1
    notice.refresh_from_db()
    assert (notice.state, notice.error) == ("failed", f"The text gateway answered {answer}.")
    assert len(house.got) == 1
    (letter,) = job_queries.dead_letters()
    assert MOBILE not in letter.error and WORDS.decode() not in letter.error
    actions.send_again(notice=notice, actor=AGENT)
    drain()
    notice.refresh_from_db()
    assert (notice.state, len(house.got)) == ("sent", 2)


def test_a_gateway_that_was_taken_away_is_said(house: GatewayHouse, settings: Any) -> None:
    notice = queued()
    settings.RECOUP_SMS_URL = ""
    with pytest.raises(GiveUp, match="RECOUP_SMS_URL"):
        send(notice)
    assert house.got == []


@pytest.mark.parametrize("to", ["+4930901820", "+499001234567", "01522 8817386", "eva@example.com"])
def test_what_takes_no_texts_is_kept_and_never_sent(house: GatewayHouse, to: str) -> None:
    person = staff()
    notice = queued(to=to, subject=person)
    assert (notice.state, notice.error, drain(), house.got) == ("suppressed", allowance.TAKES_NONE, 0, [])
    assert "did not send it: The number takes no text messages." in audit.trail(person)[-1].sentence


def test_without_a_gateway_none_are_sent() -> None:
    assert (queued().error, queued(to="").error) == (allowance.SWITCHED_OFF, actions.NO_ADDRESS)
    assert drain() == 0


def test_one_number_gets_only_so_many_a_day_and_others_theirs(house: GatewayHouse) -> None:
    notices = [queued() for _ in range(allowance.TO_ONE_NUMBER + 2)]
    assert [each.error for each in notices[-3:]] == ["", allowance.ENOUGH_TO_ONE, allowance.ENOUGH_TO_ONE]
    assert queued(to="+4915228895456").error == ""


def test_all_together_get_only_so_many_a_day(house: GatewayHouse, settings: Any) -> None:
    settings.RECOUP_SMS_PER_DAY = 2
    queued(to="+4930901820")  # kept back, and so not counted
    assert [queued(to=f"+491522881738{n}").error for n in range(3)] == ["", "", allowance.ENOUGH_IN_ALL]


def test_the_demo_shows_them_where_it_shows_its_mails(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.RECOUP_DEMO = True
    assert send(queued()).state == "sent"
    shown = capsys.readouterr()
    assert shown.out == ""
    assert f"Text message to {MOBILE}:\nRecoup: Eva's 49.90 EUR" in shown.err


@pytest.mark.parametrize(
    ("changed", "bug"), [({"way": "dove"}, ValueError), ({"template": "approved"}, WordingMissing)]
)
def test_bugs_leave_nothing(house: GatewayHouse, changed: dict[str, str], bug: type[Exception]) -> None:
    with pytest.raises(bug):
        queued(**changed, number="R-1")
    assert not Notice.objects.exists()
