"""The customers' front door over HTTP: a code by mail, and answers that tell nobody whether an order exists."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from recoup.domain.orders.models import Order
from recoup.domain.returns import queries
from recoup.domain.returns.models import CaptureLink
from recoup.domain.returns.tests import factories as make
from recoup.foundation.accounts.models import OneTimeCode
from recoup.foundation.jobs.worker import drain
from recoup.web.capture.front_door import COOKIE
from recoup.web.capture.tests.mail import mailed

pytestmark = pytest.mark.django_db
MINUTE = datetime.timedelta(minutes=1)
# What differs from page to page whatever was typed: the nonce, the form's token, and what the browser keeps.
CHANGES = re.compile(r'nonce="[^"]*"|name="(csrfmiddlewaretoken|asked)" value="[^"]*"')

OF_EVERY_ANSWER = ("Expires", "Content-Security-Policy")  # the time, and a nonce


class Clock:
    now = make.NOW


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.now)
    return clock


@pytest.fixture
def order() -> Order:
    return make.order_line().order


def ask(client: Client, number: str, email: str = "cora@example.com") -> Any:
    return client.post("/", {"number": number, "address": email})


def type_in(client: Client, code: str) -> Any:
    return client.post("/code/", {"code": code})


def plain(answer: HttpResponse) -> str:
    return CHANGES.sub("", answer.content.decode())


def test_from_the_front_door_to_the_customers_page(client: Client, order: Order, mailoutbox: list) -> None:  # type: ignore[type-arg]
    answer = ask(client, f" {order.number.removeprefix('#')} ", " Cora@Example.com ")
    assert (answer.status_code, answer["Location"]) == (302, "/code/")
    assert "If an order fits, a code is on its way to that address" in client.get("/code/").content.decode()
    code = mailed(mailoutbox)
    assert [mail.to for mail in mailoutbox] == [["cora@example.com"]]
    answer = type_in(client, code)
    assert answer.status_code == 302
    secret = answer["Location"].split("/")[2]
    assert queries.access_capture(secret, make.NOW).link.order == order
    assert "Which item is it?" in client.get(answer["Location"]).content.decode()
    assert client.cookies[COOKIE].value == ""
    assert client.get("/code/")["Location"] == "/"


def walk(client: Client) -> Iterator[Any]:
    """Everything that somebody outside can see who types one order number and one address."""
    yield ask(client, "#2001")
    yield client.get("/code/")
    for code in ("12345", *["000000"] * 6):
        yield type_in(client, code)
    yield client.get("/")
    for _ in range(5):
        yield ask(client, "#2001")


def seen(walked: Iterator[HttpResponse]) -> list[tuple[object, ...]]:
    def cookie(answer: HttpResponse) -> list[tuple[str, str, object, object]]:
        return [(each.key, each["path"], each["httponly"], each["max-age"]) for each in answer.cookies.values()]

    def headers(answer: HttpResponse) -> dict[str, str]:
        return {name: value for name, value in answer.items() if name not in OF_EVERY_ANSWER}

    return [(each.status_code, headers(each), cookie(each), plain(each)) for each in walked]


def statements(client: Client) -> list[str]:
    """The shape of what the database is asked, without values."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        ask(client, "#2001")
    return [re.sub(r"'[^']*'(::\w+)?|\b\d+\b|NULL|\"s\d+_x\d+\"", "?", each["sql"]) for each in asked.captured_queries]


def test_nobody_can_tell_a_known_order_from_an_unknown_one(clock: Clock, mailoutbox: list) -> None:  # type: ignore[type-arg]
    unknown = seen(walk(Client()))
    drain()
    assert not mailoutbox
    OneTimeCode.objects.all().delete()
    make.order_line(make.order(number="#2001"))
    known = seen(walk(Client()))
    assert unknown == known
    assert [status for status, *_ in known] == [302, 200, 422, *[422] * 4, 410, 410, 200, *[302] * 4, 429]
    drain()
    assert len(mailoutbox) == 1  # of five codes the newest; the others were void before the job ran


def test_the_database_is_asked_the_same_for_a_known_order_and_an_unknown_one() -> None:
    """Whoever measures the time learns nothing: finding out is always done, and the mail is a job's business."""
    unknown = statements(Client())
    make.order_line(make.order(number="#2001"))
    assert statements(Client()) == unknown
    assert OneTimeCode.objects.exclude(subject_id=None).count() == 1


def test_a_wrong_code_says_how_many_tries_are_left(client: Client, order: Order) -> None:
    ask(client, order.number)
    said = [type_in(client, "000000").content.decode() for _ in range(5)]
    assert "That code does not fit. You have 3 tries left." in said[1]
    assert "That code does not fit. You have 1 try left." in said[3]
    assert "No tries are left" in said[4]
    assert 'name="code"' in said[3]
    assert 'name="code"' not in said[4]


def test_a_code_that_ran_out_is_sent_anew_by_one_press(
    client: Client, order: Order, clock: Clock, mailoutbox: list  # type: ignore[type-arg]
) -> None:  # fmt: skip
    ask(client, order.number)
    code = mailed(mailoutbox)
    clock.now += 10 * MINUTE
    answer = type_in(client, code)
    page = answer.content.decode()
    assert answer.status_code == 410
    assert "nothing you typed is lost" in page
    form = dict(re.findall(r'type="hidden" name="(number|address|asked)" value="([^"]*)"', page))
    assert (form["number"], form["address"]) == (order.number, "cora@example.com")
    client.cookies.clear()  # even when the browser kept nothing
    assert client.post("/", form)["Location"] == "/code/"
    assert "the code from the mail before does not work any more" in client.get("/code/").content.decode()
    assert type_in(client, mailed(mailoutbox)).status_code == 302
    assert CaptureLink.objects.count() == 1


def test_who_asks_too_often_is_told_when_to_come_back_and_can_still_type(
    client: Client, order: Order, clock: Clock, mailoutbox: list  # type: ignore[type-arg]
) -> None:  # fmt: skip
    for _ in range(5):
        assert ask(client, order.number).status_code == 302
        clock.now += MINUTE
    code = mailed(mailoutbox)
    answer = ask(client, order.number)
    assert answer.status_code == 429
    assert "You can ask for another one in 55 minutes." in answer.content.decode()
    assert 'name="code"' in answer.content.decode()
    assert OneTimeCode.objects.count() == 5
    assert type_in(client, code).status_code == 302
    clock.now += 55 * MINUTE
    assert ask(client, order.number).status_code == 302


def test_one_place_on_the_net_may_ask_twenty_times(client: Client, clock: Clock) -> None:
    for number in range(20):
        assert ask(client, f"#{number}", f"{number}@example.com").status_code == 302
    answer = ask(client, "#20", "20@example.com")
    assert answer.status_code == 429
    assert 'value="20@example.com"' in answer.content.decode()
    assert ask(Client(REMOTE_ADDR="192.0.2.1"), "#20", "20@example.com").status_code == 302
    assert OneTimeCode.objects.count() == 21


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"number": "", "address": "cora@example.com"}, "Write the number of your order."),
        ({"number": "#1", "address": "cora"}, "Write the e-mail address you gave"),
        ({"number": "#1"}, "Write the e-mail address you gave"),
    ],
)
def test_what_is_missing_is_said_with_the_rest_still_there(client: Client, typed: dict[str, str], words: str) -> None:
    answer = client.post("/", typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert all(f'value="{value}"' in answer.content.decode() for value in typed.values() if value)
    assert not OneTimeCode.objects.exists()


@pytest.mark.parametrize("kept", ["", "not ours", "eyJhIjoxfQ:1:x"])
def test_without_having_asked_there_is_nothing_to_type_in(client: Client, kept: str) -> None:
    client.cookies[COOKIE] = kept
    assert client.get("/code/")["Location"] == "/"
    assert type_in(client, "123456")["Location"] == "/"


def test_what_was_typed_comes_back_as_text(client: Client) -> None:
    ask(client, "<b>", "<i>@example.com")
    page = client.get("/code/").content.decode()
    assert "&lt;b&gt;" in page
    assert "<i>" not in page


def test_the_fields_tell_a_phone_what_to_offer(client: Client) -> None:
    page = client.get("/").content.decode()
    assert 'type="email" inputmode="email"' in page
    assert 'autocomplete="email"' in page
    ask(client, "#1")
    assert 'inputmode="numeric" autocomplete="one-time-code"' in client.get("/code/").content.decode()


def test_a_return_under_way_leads_to_where_it_stands(client: Client, mailoutbox: list) -> None:  # type: ignore[type-arg]
    case = make.to_agent().return_case
    assert case.order
    ask(client, case.order.number)
    drain()
    page = client.get(type_in(client, mailed(mailoutbox))["Location"], follow=True)
    assert f"Return {case.number}" in page.content.decode()
    assert "Return something else" in page.content.decode()
    another = client.post(page.request["PATH_INFO"].replace("/status", "/another"), follow=True)
    assert "Which item is it?" in another.content.decode()


def test_a_link_that_has_ended_leads_to_the_front_door(client: Client, order: Order, clock: Clock) -> None:
    _, secret = make.link(order, secret=True)
    clock.now = make.LATER
    answer = client.get(f"/c/{secret}/")
    assert answer.status_code == 410
    assert '<a href="/">Come in again with a code by mail</a>' in answer.content.decode()
    assert 'href="/"' not in client.get("/c/nothing/").content.decode()


def test_the_address_of_a_page_can_be_scanned_by_whoever_has_it(client: Client, order: Order) -> None:
    link, secret = make.link(order, secret=True)
    answer = client.get(f"/c/{secret}/code.svg")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    assert "no-store" in answer["Cache-Control"]
    assert client.get(f"/c/{secret[:-1]}x/code.svg").status_code == 404
    assert link.session.state == "open"
