"""The outbox: what is queued is what is shown, and it leaves only after the commit."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, IntegrityError, transaction

from recoup.foundation.accounts.models import Staff
from recoup.foundation.accounts.tests.factories import staff
from recoup.foundation.audit import queries as audit
from recoup.foundation.audit.models import Record
from recoup.foundation.jobs import queries as jobs
from recoup.foundation.jobs.worker import drain
from recoup.foundation.notices import actions, queries
from recoup.foundation.notices.enclosure import COVER
from recoup.foundation.notices.models import Notice
from recoup.foundation.notices.wording import WordingMissing
from recoup.kit import ids
from recoup.kit.actor import SYSTEM, Actor
from recoup.kit.money import Money
from recoup.kit.moves import IllegalMove, MovedMeanwhile
from recoup.kit.refusal import NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("texts")]
AGENT = Actor(kind="staff", id="1", name="Ada", roles=frozenset({"agent"}))


def queue(subject: Staff, **changed: Any) -> Notice:
    given: dict[str, Any] = {
        "audience": "customer", "to": "eva@example.com", "template": "hello", "subject": subject, "actor": SYSTEM,
        "name": "Eva", "amount": Money(4990, "EUR"), "secret": "S", "gift": "",
    }  # fmt: skip
    return actions.queue(**given | changed)


def html_of(letter: mail.EmailMessage) -> str:
    assert isinstance(letter, mail.EmailMultiAlternatives)
    ((content, mimetype),) = letter.alternatives
    assert mimetype == "text/html"
    return str(content)


def test_queued_and_sent() -> None:
    person = staff()
    notice = queue(person)
    assert (notice.state, notice.template, mail.outbox) == ("queued", "accounts.hello", [])
    assert drain() == 1
    notice.refresh_from_db()
    assert (notice.state, notice.attempts, notice.error) == ("sent", 1, "")
    assert notice.sent_at is not None
    (letter,) = mail.outbox
    assert (letter.to, letter.subject, letter.body) == (["eva@example.com"], notice.subject_line, notice.body_text)
    assert letter.extra_headers["Message-ID"] == f"<{notice.pk}@127.0.0.1>"
    assert "you get 49.90 EUR." in html_of(letter)
    assert queries.sent_about(person) == [notice]
    assert [line.sentence for line in audit.trail(person)] == [
        "Recoup wrote to the customer: “hello”.",
        "Recoup sent “hello” to the customer.",
    ]
    assert "eva@example.com" not in repr(list(Record.objects.values()))


def test_a_secret_reaches_its_reader_only() -> None:
    secret = ids.secret()
    notice = queue(staff(), secret=secret)
    assert secret not in repr(Notice.objects.values().get())
    drain()
    notice.refresh_from_db()
    assert secret in mail.outbox[0].body
    assert secret in html_of(mail.outbox[0])
    assert notice.body_text.endswith(f"/r/{COVER}\n")
    assert (notice.enclosed, notice.enclosed_by) == (None, "")


@pytest.mark.parametrize(
    ("to", "why"), [("", actions.NO_ADDRESS), (" ", actions.NO_ADDRESS), ("not an address", actions.BAD_ADDRESS)]
)
def test_without_an_address_it_is_kept_and_shown(to: str, why: str) -> None:
    person = staff()
    notice = queue(person, to=to, secret=ids.secret())
    assert (notice.state, notice.error, notice.enclosed) == ("suppressed", why, None)
    assert (drain(), jobs.waiting(), mail.outbox) == (0, 0, [])
    assert queries.sent_about(person) == [notice]


@pytest.mark.parametrize(
    ("changed", "bug"),
    [
        ({"audience": "everybody"}, ValueError),
        ({"template": "gone"}, WordingMissing),
        ({"template": "nowhere.hello"}, None),
    ],
)
def test_bugs_leave_nothing(changed: dict[str, str], bug: type[Exception] | None) -> None:
    if bug is None:
        assert queue(staff(), **changed).template == "nowhere.hello"
        return
    with pytest.raises(bug):
        queue(staff(), **changed)
    assert not Notice.objects.exists()
    assert jobs.waiting() == 0


@pytest.mark.django_db(transaction=True)
def test_a_rollback_takes_the_notice_with_it() -> None:
    person = staff()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        queue(person)
        raise ZeroDivisionError
    assert (drain(), Notice.objects.count(), mail.outbox) == (0, 0, [])


def test_held_back_before_it_left() -> None:
    notice = queue(staff(), secret=ids.secret())
    with pytest.raises(NotAllowed):
        actions.suppress(notice=notice, actor=Actor(kind="customer", id="x", name="x"))
    actions.suppress(notice=notice, actor=AGENT)
    drain()
    notice.refresh_from_db()
    assert (notice.state, notice.enclosed, mail.outbox) == ("suppressed", None, [])


def test_what_has_left_cannot_be_sent_or_held_back_again() -> None:
    notice = queue(staff())
    stale = Notice.objects.get(pk=notice.pk)
    drain()
    notice.refresh_from_db()
    before = Notice.objects.values().get()
    with pytest.raises(IllegalMove):
        actions.send_again(notice=notice, actor=AGENT)
    with pytest.raises(MovedMeanwhile):
        actions.suppress(notice=stale, actor=AGENT)
    assert Notice.objects.values().get() == before
    assert len(mail.outbox) == 1


def test_the_database_knows_the_moves() -> None:
    queue(staff())
    with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
        Notice.objects.update(state="sent", sent_at="2025-01-01T00:00Z")
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.update(to="")
    assert Notice.objects.get().state == "queued"


def test_several_subjects_in_one_list() -> None:
    one, two = staff(), staff()
    first, second = queue(one), queue(two)
    assert queries.sent_about(one, two) == [first, second]
    assert queries.sent_about(two) == [second]
