"""The customers' front door: what was typed earns a mail or nothing, the code a link; and nobody outside can tell."""

from __future__ import annotations

import datetime
import re
from uuid import UUID

import pytest

from recoup.domain.evidence.models import CaptureSession
from recoup.domain.orders.models import Order
from recoup.domain.returns import actions, letters, queries
from recoup.domain.returns.models import CaptureLink, Return, ReturnLine
from recoup.domain.returns.tests import factories as make
from recoup.foundation.accounts import codes
from recoup.foundation.accounts.models import LinkToken, OneTimeCode
from recoup.foundation.facts.models import Fact
from recoup.foundation.notices.models import Notice
from recoup.foundation.notices.sending import message
from recoup.kit.actor import SYSTEM
from recoup.kit.refusal import NotFound, Refusal

pytestmark = pytest.mark.django_db


def ask(number: str, email: str = "cora@example.com", place: str = "192.0.2.7") -> UUID:
    return actions.ask_to_come_in(number=number, address=email, place=place, at=make.NOW)


def mailed(code_id: UUID) -> str:
    notice = letters.one_time_code(code_id=code_id, at=make.NOW, actor=SYSTEM)
    assert notice
    return digits_in(notice)


def digits_in(notice: Notice) -> str:
    found = re.search(r"^\d{6}$", str(message(notice).body), re.MULTILINE)
    assert found
    return found[0]


def entered(order: Order | None) -> queries.Capture:
    assert order
    code_id = ask(order.number)
    secret = actions.come_in(code_id=code_id, typed=mailed(code_id), at=make.NOW)
    return queries.access_capture(secret, make.NOW)


@pytest.mark.parametrize("shape", ["{}", " {} ", "#{}", "# {}\n", "\x00{}"])
@pytest.mark.parametrize("email", ["cora@example.com", " Cora@Example.COM "])
def test_the_right_words_however_typed_earn_a_link_for_fourteen_days(shape: str, email: str) -> None:
    order = make.order_line().order
    code_id = ask(shape.format(order.number.removeprefix("#")), email)
    secret = actions.come_in(code_id=code_id, typed=mailed(code_id), at=make.NOW)
    capture = queries.access_capture(secret, make.NOW)
    assert (capture.link.order, capture.link.return_case) == (order, None)
    assert LinkToken.objects.get().expires_at == make.NOW + datetime.timedelta(days=14)


def test_the_mail_shows_the_code_to_its_reader_alone() -> None:
    order = make.order_line().order
    code_id = ask(order.number)
    notice = letters.one_time_code(code_id=code_id, at=make.NOW, actor=SYSTEM)
    assert notice
    assert (notice.to, notice.template, notice.subject_id) == ("cora@example.com", "returns.code", code_id)
    assert digits_in(notice) not in f"{notice.body_text} {notice.subject_line}"
    assert letters.one_time_code(code_id=code_id, at=make.NOW, actor=SYSTEM) is None


@pytest.mark.parametrize(("language", "words"), [("en", "Your code for order"), ("de", "Ihr Code zur Bestellung")])
def test_the_mail_speaks_the_customers_language(language: str, words: str) -> None:
    order = make.order_line().order
    order.customer.language = language
    order.customer.save()
    notice = letters.one_time_code(code_id=ask(order.number), at=make.NOW, actor=SYSTEM)
    assert notice
    assert notice.subject_line == f"{words} {order.number}"


@pytest.mark.parametrize(("number", "email"), [("#77", "cora@example.com"), ("", "eve@example.com")])
def test_what_fits_nothing_gets_no_mail_and_the_same_answers(number: str, email: str) -> None:
    order = make.order_line().order
    code_id = ask(number or order.number, email)
    assert letters.one_time_code(code_id=code_id, at=make.NOW, actor=SYSTEM) is None
    with pytest.raises(codes.CodeDoesNotFit, match="4 tries left"):
        actions.come_in(code_id=code_id, typed="123456", at=make.NOW)
    assert not CaptureLink.objects.exists()


@pytest.mark.parametrize(
    ("number", "email", "refusal"),
    [("", "cora@example.com", actions.NumberMissing), (" # ", "cora@example.com", actions.NumberMissing)]
    + [("#1", email, actions.AddressMissing) for email in ("", "cora", "@", "\x00")],
)
def test_what_is_missing_is_said_and_nothing_is_kept(number: str, email: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        ask(number, email)
    assert not OneTimeCode.objects.exists()
    assert not Fact.objects.exists()


def test_a_wrong_code_stays_counted_and_opens_nothing() -> None:
    order = make.order_line().order
    code_id = ask(order.number)
    wrong = f"{(int(mailed(code_id)) + 1) % 10**6:06}"
    for left in ("4 tries", "3 tries"):
        with pytest.raises(codes.CodeDoesNotFit, match=left):
            actions.come_in(code_id=code_id, typed=wrong, at=make.NOW)
    assert OneTimeCode.objects.get().tries == 2
    assert not CaptureLink.objects.exists()
    assert not LinkToken.objects.exists()


def test_a_used_code_opens_no_second_link() -> None:
    order = make.order_line().order
    code_id = ask(order.number)
    digits = mailed(code_id)
    actions.come_in(code_id=code_id, typed=digits, at=make.NOW)
    with pytest.raises(codes.CodeUsed):
        actions.come_in(code_id=code_id, typed=digits, at=make.NOW)
    assert LinkToken.objects.count() == 1


def test_a_return_under_way_is_shown_with_its_newest_link() -> None:
    line = make.to_agent()
    case = line.return_case
    capture = entered(case.order)
    assert capture.link == queries.newest_link(case)
    assert queries.status_page(capture.link).number == case.number
    assert CaptureLink.objects.count() == 1


def test_of_two_returns_the_newest_is_shown() -> None:
    line = make.order_line()
    make.submitted(line)
    newest = make.submitted(make.order_line(line.order)).return_case
    assert entered(line.order).link.return_case == newest


def decided(line: ReturnLine) -> Return:
    actions.refuse(line=line, reason="It was dropped.", at=make.NOW, actor=make.agent())
    return line.return_case


def test_when_a_return_is_over_and_something_is_left_a_new_one_begins() -> None:
    case = decided(make.to_agent())
    assert entered(case.order).link.return_case is None


def test_when_nothing_is_left_the_newest_return_is_shown_though_it_is_over() -> None:
    line = make.to_agent(make.order_line(sold=make.product(warranty_plan=""), quantity=1))
    case = decided(line)
    line.order_line.refunded_quantity = 1
    line.order_line.save()
    assert entered(case.order).link.return_case == case


def test_what_was_begun_and_not_sent_goes_on() -> None:
    line = make.order_line()
    begun = make.link(line.order)
    make.photo(begun.session, "overall")
    assert entered(line.order).link == begun
    assert {token.expires_at for token in LinkToken.objects.exclude(expires_at=make.LATER)} == {
        make.NOW + datetime.timedelta(days=14)
    }
    make.submitted(line)
    assert queries.begun_link(line.order) is None


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_what_was_begun_too_long_ago_is_begun_anew_with_what_was_typed(days: int) -> None:
    line = make.order_line()
    begun = make.link(line.order)
    draft = {"order_line_id": str(line.pk), "words": "It leaks."}
    actions.choose(link=begun, draft=draft, at=make.NOW, actor=make.CUSTOMER)
    begun.session.expires_at = make.NOW + datetime.timedelta(days=days)
    begun.session.save()
    capture = entered(line.order)
    assert capture.link != begun
    assert capture.link.draft == draft
    assert capture.session.expires_at == make.NOW + datetime.timedelta(days=14)


def test_a_link_never_outlives_the_session_it_goes_on_with() -> None:
    line = make.order_line()
    begun = make.link(line.order)
    begun.session.expires_at = make.NOW + datetime.timedelta(days=3)
    begun.session.save()
    assert entered(line.order).link == begun
    assert LinkToken.objects.latest("created_at").expires_at == begun.session.expires_at


def test_from_a_return_something_else_of_the_order_gets_a_link_of_its_own() -> None:
    first = make.to_agent(make.order_line(sold=make.product(warranty_plan=""), quantity=1))
    link = queries.newest_link(first.return_case)
    assert link
    assert not queries.more_to_return(link)
    with pytest.raises(actions.NothingElseLeft):
        actions.open_another(link=link, at=make.NOW, actor=make.CUSTOMER)
    make.order_line(first.return_case.order)
    assert queries.more_to_return(link)
    secret = actions.open_another(link=link, at=make.NOW, actor=make.CUSTOMER)
    opened = queries.access_capture(secret, make.NOW).link
    assert (opened.order, opened.return_case) == (first.return_case.order, None)


def test_a_blind_return_has_nothing_else() -> None:
    link = queries.newest_link(make.blind().return_case)
    assert link
    assert not queries.more_to_return(link)
    assert Return.objects.count() == 1


def test_a_code_of_nobody_is_not_found() -> None:
    with pytest.raises(NotFound):
        actions.come_in(code_id=UUID(int=1), typed="123456", at=make.NOW)


def test_something_else_goes_back_in_the_language_that_the_customer_reads() -> None:
    case = make.submitted(make.order_line(quantity=2)).return_case
    link = case.links.select_related("session", "order").get()
    CaptureSession.objects.filter(pk=link.session_id).update(language="de")
    link.session.refresh_from_db()
    actions.open_another(link=link, at=make.NOW, actor=make.CUSTOMER)
    assert CaptureLink.objects.exclude(pk=link.pk).get().session.language == "de"
