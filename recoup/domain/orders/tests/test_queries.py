from __future__ import annotations

import pytest

from recoup.domain.orders import actions, queries
from recoup.domain.orders.tests.factories import accepted, channel, delivered, judged, payload, product
from recoup.kit import ids
from recoup.kit.actor import SYSTEM, Actor
from recoup.kit.refusal import NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    product()
    return accepted(channel(), payload())


@pytest.mark.parametrize("number", ["#1001", "1001", " # 1001 "])
def test_the_customer_finds_the_order_by_number_and_address(order, number):
    assert queries.find_order(number=number, email=" Ada@Example.com ") == order


@pytest.mark.parametrize(
    ("number", "email"),
    [("#1001", "eve@example.com"), ("#1002", "ada@example.com"), ("", "ada@example.com"), ("#1001", ""), ("%", "%")],
)
@pytest.mark.usefixtures("order")
def test_a_stranger_and_a_missing_order_look_alike(number, email):
    with pytest.raises(NotFound) as refused:
        queries.find_order(number=number, email=email)
    assert refused.value.as_json() == NotFound().as_json()


def test_an_order_without_an_address_is_found_by_nobody():
    product()
    judged(delivered(channel(), payload(email="")))
    with pytest.raises(NotFound):
        queries.find_order(number="#1001", email="")


def test_only_staff_may_open_any_order(order):
    assert queries.access_order(actor=SYSTEM, order_id=order.pk) == order
    for actor, wanted in [(Actor("customer", "x", "C"), order.pk), (SYSTEM, ids.new())]:
        with pytest.raises(NotFound):
            queries.access_order(actor=actor, order_id=wanted)


def test_the_page_has_the_money_and_the_holds(order):
    page = queries.order_page(order)
    only = page.lines[0]
    assert str(page.total) == "49.90 EUR"
    assert (str(only.paid), str(only.tax), str(only.creditable), only.left) == ("49.90 EUR", "7.97 EUR", "49.90 EUR", 2)
    assert page.holds == []
    assert [each.state for each in page.deliveries] == ["accepted"]


@pytest.mark.parametrize("term", ["1001", "#1001", "7001", "ada@example.com", "lovelace"])
def test_the_desk_finds_an_order_by_anything(order, term):
    assert queries.search_orders(term) == [order]


@pytest.mark.usefixtures("order")
def test_nothing_and_nonsense_find_nothing():
    assert queries.search_orders("  ") == queries.search_orders("zebra") == []


def test_a_line_is_found_for_a_file(order):
    assert queries.find_line(number="#1001", sku="KETTLE").order == order
    assert queries.find_line(number="7001", sku="KETTLE", line_id="1").order == order
    with pytest.raises(queries.UnknownLine):
        queries.find_line(number="#1001", sku="LAMP")


def test_the_desk_finds_an_order_by_a_unit_that_was_sold_on_it(order):
    actions.declare_serial(line=order.lines.get(), number="K17-000231", actor=SYSTEM)
    assert queries.search_orders(" k17-000231 ") == queries.search_orders("kettle") == [order]
    assert queries.search_orders("K17-000232") == []
