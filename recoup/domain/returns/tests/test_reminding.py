"""Who left something unfinished is reminded, twice at most; what is over is left in peace."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

import pytest
from django.db import transaction
from django.utils import timezone

from recoup.domain.evidence import actions as evidence
from recoup.domain.orders.models import Channel, Customer, Order
from recoup.domain.returns import actions, letters, queries, sweeping
from recoup.domain.returns.models import CaptureLink, Reminder, Return, ReturnLine
from recoup.domain.returns.tests import factories as make
from recoup.foundation.accounts.models import LinkToken
from recoup.foundation.audit.queries import trail
from recoup.foundation.files import actions as files
from recoup.foundation.jobs.registry import JOBS
from recoup.foundation.notices.models import Notice
from recoup.foundation.notices.sending import message
from recoup.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
LIFE = datetime.timedelta(days=14)


def noon(day: int) -> datetime.datetime:
    """Twelve o'clock UTC so many days from now: rows say by the real clock when they were made."""
    return (timezone.now() + datetime.timedelta(days=day)).replace(hour=12, minute=0, second=0, microsecond=0)


def begun(*, chosen: bool = True, until: datetime.timedelta = LIFE) -> CaptureLink:
    line, at = make.order_line(), timezone.now()
    link, _ = actions.open_link(order=line.order, language="en", expires_at=at + until, actor=make.CUSTOMER)
    if chosen:
        actions.choose(link=link, draft={"order_line_id": str(line.pk)}, at=at, actor=make.CUSTOMER)
    return link


def asked() -> ReturnLine:
    """Sent with one photo of two; we asked for the other today, and wrote so."""
    line = make.submitted(shots=("overall",))
    actions.verify(return_case=line.return_case, at=timezone.now(), actor=SYSTEM)
    line = queries.line_of(line.pk)
    assert letters.need_more(line=line, actor=SYSTEM)
    return line


def letter() -> Notice | None:
    told = Reminder.objects.order_by("-created_at")[0]
    return letters.reminder(reminder_id=told.pk, at=told.created_at, actor=SYSTEM)


def way_back(notice: Notice, at: datetime.datetime) -> queries.Capture:
    found = re.search(r"/c/([\w-]{43})/", str(message(notice).body))
    assert found and found[1] not in notice.body_text
    return queries.access_capture(found[1], at)


def test_who_began_is_reminded_once_however_often_the_job_runs_and_once_more_near_the_end() -> None:
    link = begun()
    assert sweeping.remind_unfinished(now=timezone.now() + datetime.timedelta(hours=1)) == 0
    assert [sweeping.remind_unfinished(now=noon(2)) for _ in range(3)] == [1, 0, 0]
    notice = letter()
    assert notice
    assert (notice.to, notice.template) == ("cora@example.com", "returns.reminder")
    assert f"is not sent yet, and until {link.session.expires_at:%-d %B %Y} you can go on here" in notice.body_text
    assert way_back(notice, noon(2)).link == link
    assert [sweeping.remind_unfinished(now=noon(day)) for day in (5, 12, 12, 13, 20)] == [0, 1, 0, 0, 0]
    said = [each.sentence for each in trail(link) if each.verb == "link.reminded"]
    assert said == [
        f"Recoup reminded the customer that their return is not sent yet ({number} of 2)." for number in (1, 2)
    ]
    assert link.order and queries.last_reminded([link.order]) == {link.order_id: noon(12)}


def test_a_photo_that_came_is_something_begun_and_a_sign_of_life() -> None:
    link = begun(chosen=False)
    assert sweeping.remind_unfinished(now=noon(2)) == 0
    shown = make.photo(link.session, "overall")
    type(shown).objects.update(created_at=noon(2))
    assert sweeping.remind_unfinished(now=noon(2) + datetime.timedelta(hours=3)) == 0
    assert sweeping.remind_unfinished(now=noon(3)) == 1


def test_what_was_asked_for_and_did_not_come_is_asked_for_again_kindly() -> None:
    line = asked()
    case = line.return_case
    assert [sweeping.remind_unfinished(now=noon(2)) for _ in range(2)] == [1, 0]
    notice = letter()
    assert notice and (notice.template, notice.subject_id) == ("returns.reminder_of_photos", case.pk)
    assert notice.subject_line == f"Your return {case.number} only waits for one photo"
    assert "all we still need from you is the close-up photo, which you can take here until" in notice.body_text
    assert way_back(notice, noon(2)).link.return_case == case
    assert trail(case)[-2].sentence == "Recoup reminded the customer of the photos we asked for (1 of 2)."
    assert sweeping.remind_unfinished(now=noon(12)) == 1


def test_each_question_has_reminders_of_its_own() -> None:
    line = asked()
    assert sweeping.remind_unfinished(now=noon(2)) == 1
    make.sent_again(line)
    assert sweeping.remind_unfinished(now=noon(4)) == 0
    actions.ask(line=queries.line_of(line.pk), shots=["packaging"], reason="", at=timezone.now(), actor=make.agent())
    assert sweeping.remind_unfinished(now=noon(4)) == 1
    assert list(Reminder.objects.values_list("number", flat=True)) == [1, 1]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("shots", [["close_up"], ["overall", "close_up", "packaging"]])
def test_a_reminder_is_one_sentence_in_the_customers_language(language: str, shots: list[str]) -> None:
    line = asked()
    if len(shots) > 1:
        actions.ask(line=line, shots=shots, reason="", at=timezone.now(), actor=make.agent())
    type(line.return_case.links.get().session).objects.update(language=language)
    sweeping.remind_unfinished(now=noon(2))
    notice = letter()
    assert notice and notice.language == language
    greeting, sentence, way, name = notice.body_text.strip().split("\n\n")
    assert greeting.endswith("Cora Customer,") and sentence.endswith(":") and "/c/" in way and name == "Recoup"
    assert ("{" in notice.body_text, ". " in sentence) == (False, False)


def sent(link: CaptureLink) -> None:
    line = link.order.lines.get()
    choice = actions.Choice(order_line_id=line.pk, defect_type=make.defect().code)
    actions.submit(link=link, choice=choice, at=timezone.now(), actor=make.CUSTOMER)


def sent_through_an_older_link(link: CaptureLink) -> None:
    case = make.submitted(make.order_line(link.order)).return_case
    case.links.update(created_at=link.created_at - datetime.timedelta(days=1))


def withdrawn(link: CaptureLink) -> None:
    assert link.order
    actions.withdraw_links(about=link.order, at=timezone.now(), actor=make.agent())


def erased(link: CaptureLink) -> None:
    files.destroy_key(key=link.session.key, actor=SYSTEM)


def closed(link: CaptureLink) -> None:
    evidence.close_session(session=link.session, actor=SYSTEM)


def nobody_to_write_to(link: CaptureLink) -> None:
    Customer.objects.update(email="")


def order_cancelled(link: CaptureLink) -> None:
    Order.objects.update(cancelled_at=timezone.now())


def given_back_by_the_shop(link: CaptureLink) -> None:
    link.order.lines.update(refunded_quantity=2, refunded_minor=9980)


OVER = [
    sent,
    sent_through_an_older_link,
    withdrawn,
    erased,
    closed,
    nobody_to_write_to,
    order_cancelled,
    given_back_by_the_shop,
]


@pytest.mark.parametrize("over", OVER)
def test_what_is_over_is_left_in_peace(over: Callable[[CaptureLink], None]) -> None:
    over(begun())
    assert sweeping.remind_unfinished(now=noon(2)) == 0
    assert not Reminder.objects.exists()


@pytest.mark.parametrize("over", [sent, withdrawn, erased, closed])
def test_no_letter_leaves_about_what_was_done_since_it_was_due(over: Callable[[CaptureLink], None]) -> None:
    link = begun()
    assert sweeping.remind_unfinished(now=noon(2)) == 1
    over(link)
    secrets = LinkToken.objects.count()
    assert letter() is None
    assert (LinkToken.objects.count(), Notice.objects.count()) == (secrets, 0)


def answered(line: ReturnLine) -> None:
    make.sent_again(line)


def cancelled(line: ReturnLine) -> None:
    actions.cancel(line=line, reason="", at=timezone.now(), actor=make.CUSTOMER)


def approved(line: ReturnLine) -> None:
    actions.approve(line=line, remedy="refund", reason="Clear.", at=timezone.now(), actor=make.agent())


def case_withdrawn(line: ReturnLine) -> None:
    actions.withdraw_links(about=line.return_case, at=timezone.now(), actor=make.agent())


def handed_over(line: ReturnLine) -> None:
    Return.objects.update(deadline_at=timezone.now())
    assert sweeping.hand_over_overdue(now=noon(1))


@pytest.mark.parametrize("over", [answered, cancelled, approved, case_withdrawn, handed_over])
def test_an_answered_or_ended_question_is_not_asked_again(over: Callable[[ReturnLine], None]) -> None:
    line = asked()
    over(queries.line_of(line.pk))
    assert sweeping.remind_unfinished(now=noon(2)) == 0


def test_nobody_is_reminded_at_night_of_the_shops_day() -> None:
    link = begun()
    Channel.objects.update(time_zone="Asia/Tokyo")
    assert sweeping.remind_unfinished(now=noon(2)) == 0  # 21:00 in Tokyo
    assert actions.remind(link=link, at=noon(2), actor=SYSTEM) == 0
    assert sweeping.remind_unfinished(now=noon(3).replace(hour=3)) == 1


def test_of_two_links_to_an_order_the_newest_begun_is_reminded_of() -> None:
    first = begun()
    second, _ = actions.open_link(
        order=first.order, language="en", expires_at=timezone.now() + LIFE, actor=make.CUSTOMER
    )
    actions.choose(link=second, draft={"words": "It leaks."}, at=timezone.now(), actor=make.CUSTOMER)
    assert sweeping.remind_unfinished(now=noon(2)) == 1
    assert Reminder.objects.get().link == second


def test_the_table_itself_refuses_a_third_reminder_and_the_same_twice() -> None:
    link = begun()
    Reminder.objects.create(link=link, number=1)
    for number in (1, 3):
        with pytest.raises(Exception, match=r"begun_reminded_once|reminded_at_most_twice"), transaction.atomic():
            Reminder.objects.create(link=link, number=number)


def test_the_clock_itself_looks_four_times_an_hour() -> None:
    begun()
    sweeping.remind()
    assert JOBS["returns.remind"].cron == "*/15 * * * *"
