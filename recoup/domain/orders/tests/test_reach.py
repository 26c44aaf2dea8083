"""How a customer is written to, and how their order is found by a mobile number on it."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from recoup.domain.orders import queries, reach
from recoup.domain.orders.models import BARE_NUMBER, Customer, Order
from recoup.domain.orders.reach import Reach, find_order_by_phone
from recoup.domain.orders.tests.factories import NOW, channel
from recoup.kit.refusal import NotFound

pytestmark = pytest.mark.django_db
MOBILE, OTHER, AUSTRIAN, LANDLINE, PREMIUM = (
    "+4915228817386", "+4915228895456", "+436641234567", "030 901820", "0900 1234567",
)  # fmt: skip


@pytest.fixture(autouse=True)
def house(settings: Any) -> None:
    settings.RECOUP_SMS_URL, settings.RECOUP_COUNTRY = "https://gateway.example/", "DE"


LATER = NOW + timedelta(days=1)
_external_ids = count(1)


def sold(phone: str = "", second: str = "", **values: Any) -> Order:
    """Order #1001, to a customer with these numbers."""
    known = {
        "channel": queries.find_channel("shop") or channel(), "external_id": f"{next(_external_ids)}", "number": "#1001",
        "customer": Customer.objects.create(email="cora@example.com", phone=phone), "ship_to": {"phone": second},
        "placed_at": NOW, "source_updated_at": NOW, "currency": "EUR", "total_minor": 4990, "payment": "paid",
    }  # fmt: skip
    return queries.order(Order.objects.create(**known | values).pk)


@pytest.mark.parametrize("number", ["#1001", "1001", " # 1001 "])
@pytest.mark.parametrize("phone", ["01522 8817386", "+49 1522 8817386", "0049-1522-8817386"])
def test_the_order_is_found_by_its_number_and_a_mobile_number(number: str, phone: str) -> None:
    order = sold("01522/881 73 86")
    assert find_order_by_phone(number=number, phone=phone) == (order, reach.PHONE)


def test_the_number_it_was_sent_to_does_as_well() -> None:
    order = sold(LANDLINE, MOBILE)
    assert find_order_by_phone(number="1001", phone=MOBILE) == (order, reach.SHIP_TO_PHONE)


@pytest.mark.parametrize("where", [{"country": "AT"}, {"ship_to": {"country": "AT"}, "country": "DE"}])
def test_numbers_are_read_where_the_order_went(where: dict[str, Any]) -> None:
    order = sold("0664 1234567", **where)
    for typed in ("0664 1234567", AUSTRIAN, "0043 664 1234567"):
        assert find_order_by_phone(number="1001", phone=typed) == (order, reach.PHONE)


@pytest.mark.parametrize(
    ("number", "phone"),
    [("1002", MOBILE), ("1001", OTHER), ("", MOBILE), ("1001", ""), ("1001", LANDLINE), ("%", "%"), ("10.1", MOBILE)],
)
def test_what_does_not_fit_finds_nothing(number: str, phone: str) -> None:
    sold(MOBILE, LANDLINE)
    with pytest.raises(NotFound):
        find_order_by_phone(number=number, phone=phone)


@pytest.mark.parametrize("phone", [LANDLINE, PREMIUM, "0180 1234567", "112", "", "no number"])
def test_numbers_that_take_no_texts_open_nothing(phone: str) -> None:
    order = sold(phone)
    with pytest.raises(NotFound):
        find_order_by_phone(number="1001", phone=phone)
    assert reach.reach_at(order, reach.PHONE) == Reach("text", "")


@pytest.mark.parametrize("own", ["+4915228817386", "+4915228895456"])
def test_what_we_compare_with_when_there_is_no_order_is_nobodys(own: str) -> None:
    for number in ("1001", "", "#"):
        with pytest.raises(NotFound):
            find_order_by_phone(number=number, phone=own)


def test_of_two_shops_orders_the_latest_that_fits() -> None:
    sold(MOBILE)
    newest = sold(MOBILE, placed_at=LATER)
    sold(OTHER, placed_at=LATER + timedelta(days=1))
    assert find_order_by_phone(number="1001", phone=MOBILE) == (newest, reach.PHONE)


def test_finding_nothing_asks_the_database_the_same() -> None:
    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as seen, pytest.raises(NotFound):
            find_order_by_phone(number="1001", phone=OTHER)
        return [each["sql"] for each in seen.captured_queries]

    before = asked()
    sold(MOBILE)
    assert asked() == before
    assert len(before) == 1


@given(number=st.text("#0123456789 \tAbC-.\\", max_size=12))
def test_the_database_bares_numbers_as_we_do(number: str) -> None:
    order = sold(number=number)
    assert Order.objects.annotate(bare=BARE_NUMBER).get(pk=order.pk).bare == queries.bare_number(number)
    order.delete()


def test_bare_numbers_are_indexed() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Order.objects.annotate(bare=BARE_NUMBER).filter(bare="1001").explain()
    assert re.search(r"order_bare_number", plan)


def test_mail_comes_first_then_a_mobile_number_and_then_nothing(settings: Any) -> None:
    order = sold(LANDLINE, MOBILE)
    assert reach.reach(order) == Reach("mail", "cora@example.com")
    order.customer.email = ""
    assert reach.reach(order) == Reach("text", MOBILE)
    order.customer.phone = OTHER
    assert reach.reach(order) == Reach("text", OTHER)
    order.customer.phone = order.ship_to["phone"] = LANDLINE
    assert reach.reach(order) == Reach("mail", "")
    order.customer.phone, settings.RECOUP_SMS_URL = MOBILE, ""
    assert reach.reach(order) == Reach("mail", "")
