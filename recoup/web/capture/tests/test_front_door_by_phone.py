"""The front door with a mobile number, over HTTP to a gateway of texts: nobody outside can tell what fits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from recoup.domain.orders.models import Customer, Order
from recoup.domain.returns.tests import factories as make
from recoup.foundation.accounts.models import OneTimeCode
from recoup.foundation.jobs.worker import drain
from recoup.foundation.notices.tests.gateway_house import GatewayHouse

pytestmark = pytest.mark.django_db
MOBILE, TYPED, OTHER = "+4915228817386", "01522 8817386", "01522 8895456"
CHANGES = re.compile(r'nonce="[^"]*"|name="(csrfmiddlewaretoken|asked)" value="[^"]*"')


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)


def order(number: str = "#2001", phone: str = MOBILE, email: str = "") -> Order:
    made = make.order_line(make.order(number=number)).order
    Customer.objects.filter(pk=made.customer_id).update(phone=phone, email=email)
    return made


def ask(client: Client, address: str = TYPED) -> Any:
    return client.post("/", {"number": "#2001", "address": address})


def texted(gateway: GatewayHouse) -> str:
    """What a phone fills in: the code of the text's last line, which says whom it is for."""
    drain()
    found = re.fullmatch(r"@127\.0\.0\.1 #(\d{6})", gateway.texts[-1].splitlines()[-1])
    assert found and gateway.got[-1]["to"] == MOBILE
    return found[1]


def test_a_number_and_a_code_by_text_lead_to_the_customers_page(
    client: Client, gateway: GatewayHouse, mailoutbox: list[Any]
) -> None:
    order()
    assert ask(client)["Location"] == "/code/"
    page = client.get("/code/").content.decode()
    assert "a code is on its way to that number" in page and "The six digits from the text message" in page
    assert 'inputmode="numeric" autocomplete="one-time-code"' in page
    answer = client.post("/code/", {"code": texted(gateway)})
    assert "Which item is it?" in client.get(answer["Location"]).content.decode()
    assert not mailoutbox


def walk(client: Client) -> Iterator[Any]:
    """Everything that somebody outside can see who types one order number and one telephone number."""
    yield ask(client)
    yield client.get("/code/")
    for code in ("12345", *["000000"] * 6):
        yield client.post("/code/", {"code": code})
    for _ in range(5):
        yield ask(client)


def seen(walked: Iterator[HttpResponse]) -> list[tuple[int, str, str]]:
    return [(each.status_code, each.get("Location", ""), CHANGES.sub("", each.content.decode())) for each in walked]


@pytest.mark.parametrize(("phone", "texts"), [(MOBILE, 1), (OTHER, 0), ("030 901820", 0)])
def test_nobody_can_tell_a_known_number_from_an_unknown_one(gateway: GatewayHouse, phone: str, texts: int) -> None:
    unknown = seen(walk(Client()))
    drain()
    assert gateway.got == []
    OneTimeCode.objects.all().delete()
    order(phone=phone)
    assert seen(walk(Client())) == unknown
    assert [status for status, *_ in unknown] == [302, 200, 422, *[422] * 4, 410, 410, *[302] * 4, 429]
    drain()
    assert len(gateway.got) == texts


@pytest.mark.usefixtures("gateway")
def test_the_database_is_asked_the_same_whether_an_order_fits_or_not() -> None:
    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as found:
            ask(Client())
        shape = r"'[^']*'(::\w+)?|\b\d+\b|NULL|\"s\d+_x\d+\""
        return [re.sub(shape, "?", each["sql"]) for each in found.captured_queries]

    unknown = asked()
    order(phone=OTHER)
    assert asked() == unknown
    Customer.objects.update(phone=MOBILE)
    assert asked() == unknown
    assert OneTimeCode.objects.exclude(subject_id=None).count() == 1


def test_too_many_codes_are_refused_with_words_for_texts(client: Client, gateway: GatewayHouse) -> None:
    order()
    for _ in range(5):
        assert ask(client).status_code == 302
    answer = ask(client)
    assert answer.status_code == 429
    assert "Look at your text messages" in answer.content.decode()


def test_without_a_gateway_the_page_asks_for_the_e_mail_address_alone(client: Client) -> None:
    page = client.get("/").content.decode()
    assert 'type="email" inputmode="email"' in page and "mobile" not in page
    answer = ask(client)
    assert answer.status_code == 422
    assert "Write the e-mail address you gave" in answer.content.decode()
    assert not OneTimeCode.objects.exists()


@pytest.mark.parametrize(("typed", "kept"), [("cora", "cora"), ("12345", "12345"), ("", "")])
def test_what_is_neither_is_said_with_the_rest_still_there(
    client: Client, gateway: GatewayHouse, typed: str, kept: str
) -> None:
    page = ask(client, typed).content.decode()
    assert "Write the e-mail address or the mobile number you gave" in page
    assert 'value="#2001"' in page and f'value="{kept}"' in page


@pytest.mark.parametrize("root", ["/", "/embed/", "/app/de/"])
def test_a_link_of_the_shop_fills_the_number_in_and_nothing_else(client: Client, root: str) -> None:
    page = client.get(root, {"order": ' #10<b>"01 ', "email": "cora@example.com", "address": "cora@example.com"})
    assert 'name="number" value="#10&lt;b&gt;&quot;01"' in page.content.decode()
    assert "cora@" not in page.content.decode()
    long = client.get(root, {"order": "1" * 500}).content.decode()
    assert f'value="{"1" * 120}"' in long


def test_a_link_of_the_shop_knows_better_than_what_was_typed_before(client: Client) -> None:
    ask(client, "cora@example.com")
    page = client.get("/?order=%231002").content.decode()
    assert 'value="#1002"' in page and 'value="cora@example.com"' in page
    assert 'value="#2001"' in client.get("/").content.decode()
