from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.channels.kinds import kind
from recoup.channels.reading import ChannelSettings
from recoup.channels.shopify.sums import Bought, Sums, proven, spread, spread_within
from recoup.channels.shopify.tests.factories import codes, good, item, order, read, three
from recoup.domain.orders.rules import gates

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_plain_order():
    made = good(order())
    assert read(order()).problems == ()
    assert gates(made, at=NOW) == []
    assert (made.external_id, made.number) == ("820982911946154508", "#1001")
    assert (made.currency, made.payment) == ("USD", "paid")
    assert made.placed_at == datetime(2026, 1, 5, 15, tzinfo=UTC)
    assert made.source_updated_at == datetime(2026, 1, 6, 15, tzinfo=UTC)
    assert (made.customer.email, made.customer.name, made.country) == ("ada@example.com", "Ada L", "US")
    assert (made.ship_to.lines, made.ship_to.city) == (("Road 1",), "Louisville KY")
    only = made.lines[0]
    assert (only.sku, only.title, only.quantity, only.paid_minor) == ("K-1", "Kettle - red", 1, 19900)
    assert only.pointer == "/line_items/0"


def test_discounts_and_taxes_of_each_line():
    made = good(three())
    assert [line.paid_minor for line in made.lines] == [19964, 19965, 19965]
    assert [line.tax_minor for line in made.lines] == [398, 398, 398]
    assert made.summed_minor == made.total_minor == 59894


def test_a_discount_and_tax_of_the_whole_order_are_shared_out_when_the_total_proves_it():
    bare = [item(number) for number in (1, 2, 3)]
    assert [line.paid_minor for line in good(three(line_items=bare)).lines] == [19964, 19965, 19965]
    assert codes(three(line_items=bare)) == {"arithmetic.spread": "warn"}


def test_what_the_total_does_not_prove_stays_as_it_came():
    bare = [item(number) for number in (1, 2, 3)]
    made = good(three(line_items=bare, total_price="700.00"))
    assert [line.paid_minor for line in made.lines] == [19900] * 3
    assert [(each.code, each.severity) for each in gates(made, at=NOW)] == [("arithmetic.total", "hold")]


def test_with_the_tax_in_the_price_it_is_not_added():
    made = good(order(taxes_included=True, total_tax="31.77", line_items=[item(1, tax_lines=[{"price": "31.77"}])]))
    assert (made.lines[0].paid_minor, made.lines[0].tax_minor) == (19900, 3177)
    untold = good(order(taxes_included=True, total_tax="31.77"))
    assert (untold.lines[0].paid_minor, untold.lines[0].tax_minor) == (19900, 3177)


def test_shipping_tip_duty_and_fee_are_charges():
    sets = {"shop_money": {"amount": "2.00", "currency_code": "USD"}}
    made = good(
        order(
            shipping_lines=[{"price": "10.00", "discounted_price": "8.00", "tax_lines": [{"price": "0.50"}]}],
            total_tip_received="5.00", original_total_duties_set=sets, original_total_additional_fees_set=sets,
            total_price="216.50",
        )
    )  # fmt: skip
    assert {charge.kind: charge.amount_minor for charge in made.charges} == {
        "shipping": 850, "tip": 500, "duty": 200, "fee": 200,
    }  # fmt: skip
    assert gates(made, at=NOW) == []


def test_a_tip_that_is_a_line_is_no_goods():
    tip = item(9, title="Tip", sku="", price="5.00", tip={"payment_gateway": "visa"})
    made = good(order(line_items=[item(1), tip], total_price="204.00", total_tip_received="5.00"))
    assert len(made.lines) == 1
    assert [charge.kind for charge in made.charges] == ["tip"]
    assert made.summed_minor == made.total_minor


def test_refunds_count_per_line():
    refund = {
        "transactions": [{"kind": "refund", "status": "success", "amount": "199.65", "currency": "USD"}],
        "refund_line_items": [{"line_item_id": 1002, "quantity": 1, "subtotal": 195.67, "total_tax": "3.98"}],
    }
    made = good(three(refunds=[refund], financial_status="partially_refunded"))
    assert [(line.refunded_quantity, line.refunded_minor) for line in made.lines] == [(0, 0), (1, 19965), (0, 0)]
    assert made.payment == "partly_refunded"
    assert codes(three(refunds=[refund])) == {}


def test_money_given_back_for_no_line_is_spread_with_a_hold():
    refund = {"transactions": [{"kind": "refund", "status": "success", "amount": "30.00"}], "refund_line_items": []}
    made = good(three(refunds=[refund]))
    assert sum(line.refunded_minor for line in made.lines) == 3000
    assert codes(three(refunds=[refund])) == {"arithmetic.refund_without_line": "hold"}


def test_shipping_that_was_given_back_is_not_the_lines():
    refund = {
        "transactions": [{"kind": "refund", "status": "success", "amount": "10.00"}],
        "order_adjustments": [{"kind": "shipping_refund", "amount": "-9.00", "tax_amount": "-1.00"}],
    }
    made = good(three(refunds=[refund]))
    assert [line.refunded_minor for line in made.lines] == [0, 0, 0]


def test_a_refund_that_failed_gave_nothing_back():
    refund = {"transactions": [{"kind": "refund", "status": "failure", "amount": "30.00"}]}
    assert [line.refunded_minor for line in good(three(refunds=[refund])).lines] == [0, 0, 0]


def test_never_more_is_given_back_than_was_paid():
    twice = {"refund_line_items": [{"line_item_id": 1001, "quantity": 5, "subtotal": "900.00"}]}
    made = good(order(refunds=[twice]))
    assert (made.lines[0].refunded_quantity, made.lines[0].refunded_minor) == (1, 19900)
    assert codes(order(refunds=[twice])) == {"arithmetic.refund_above_paid": "hold"}


def test_a_refunded_order_without_its_refunds_has_nothing_left():
    made = good(order(financial_status="refunded"))
    assert (made.lines[0].refunded_quantity, made.lines[0].refunded_minor) == (1, 19900)
    assert codes(order(financial_status="refunded")) == {"completeness.refunds": "hold"}


def test_what_an_edit_took_off_counts_as_given_back():
    made = good(order(line_items=[item(1, quantity=3, current_quantity=1)], total_price="597.00"))
    assert (made.lines[0].refunded_quantity, made.lines[0].refunded_minor) == (2, 39800)


def test_parcels():
    parcels: list[dict[str, Any]] = [
        {"status": "success", "created_at": "2026-01-07T00:00:00Z", "updated_at": "2026-01-09T00:00:00Z",
         "shipment_status": "delivered", "tracking_number": "T1", "tracking_numbers": ["T1"]},
        {"status": "success", "created_at": "2026-01-08T00:00:00Z", "updated_at": "2026-01-10T00:00:00Z",
         "shipment_status": "delivered", "tracking_numbers": ["T2", "T3"]},
        {"status": "cancelled", "created_at": "2026-02-08T00:00:00Z", "tracking_number": "T9"},
    ]  # fmt: skip
    made = good(order(fulfillments=parcels))
    assert made.shipped_at == datetime(2026, 1, 8, tzinfo=UTC)
    assert made.delivered_at == datetime(2026, 1, 10, tzinfo=UTC)
    assert made.tracking_numbers == ("T1", "T2", "T3")
    parcels[0]["shipment_status"] = "in_transit"
    assert good(order(fulfillments=parcels)).delivered_at is None


@pytest.mark.parametrize(
    ("given", "sku"),
    [
        ({"sku": ""}, "shopify:variant:51"),
        ({"sku": None, "variant_id": None}, "shopify:product:60"),
        ({"sku": None, "variant_id": None, "product_id": None}, "shopify:custom:kettle"),
    ],
)
def test_without_a_sku_something_stands_in(given, sku):
    assert good(order(line_items=[item(1, **given)])).lines[0].sku == sku
    assert codes(order(line_items=[item(1, **given)])) == {"references.no_sku": "warn"}


@pytest.mark.parametrize(
    ("given", "code", "severity"),
    [
        ({"currency": None}, "completeness.currency", "block"),
        ({"currency": "dollars"}, "completeness.currency", "block"),
        ({"id": None}, "completeness.id", "block"),
        ({"created_at": None}, "completeness.created_at", "block"),
        ({"created_at": "soon"}, "structure.not_a_date", "hold"),
        ({"updated_at": None}, "completeness.updated_at", "warn"),
        ({"total_price": "a lot"}, "structure.not_an_amount", "block"),
        ({"line_items": [item(1, price=None)]}, "completeness.price", "block"),
        ({"line_items": [item(1, price="-1.00")]}, "arithmetic.negative", "block"),
        ({"line_items": [item(1, quantity=None)]}, "completeness.quantity", "block"),
        ({"line_items": [item(1, quantity="many")]}, "structure.not_a_number", "block"),
        ({"line_items": [item(1, quantity=0), item(2)]}, "structure.nothing", "warn"),
        ({"line_items": [item(1, total_discount="500.00")]}, "arithmetic.discount_above_price", "hold"),
        ({"line_items": [item(1, id=None)]}, "completeness.line_id", "warn"),
        ({"line_items": [item(1, sku="x" * 90)]}, "structure.too_long", "block"),
        ({"financial_status": None}, "completeness.payment", "warn"),
        ({"financial_status": "bartered"}, "semantics.payment_word", "hold"),
        ({"presentment_currency": "EUR"}, "semantics.presentment", "warn"),
        ({"test": True}, "semantics.test_order", "hold"),
        ({"email": "not an address", "customer": None}, "structure.not_an_email", "warn"),
        ({"refunds": {"odd": 1}}, "structure.odd_value", "hold"),
        ({"line_items": [item(1, price="9" * 17)]}, "structure.not_an_amount", "block"),
        ({"line_items": [item(1, price="9000000000000", quantity=900_000)]}, "structure.out_of_range", "block"),
    ],
)
def test_what_is_odd_is_told_and_never_raised(given, code, severity):
    assert codes(order(**given))[code] == severity
    assert (read(order(**given)).order is None) == ("block" in codes(order(**given)).values())


def test_half_an_order_is_still_said_in_full():
    shirt = {"id": 1, "variant_id": 7, "name": "Shirt", "quantity": 2, "price": 29.95}
    half = {"id": 5, "order_number": 1042, "created_at": "2026-05-13", "currency": "USD", "total_price": "59.90"}
    made = good({**half, "line_items": [shirt]})
    assert (made.number, made.lines[0].sku, made.lines[0].paid_minor) == ("#1042", "shopify:variant:7", 5990)


def test_without_a_price_the_money_set_counts():
    sets = {"shop_money": {"amount": "199.00", "currency_code": "USD"}, "presentment_money": {"amount": "180.00"}}
    given = {"currency": None, "total_price": None, "total_price_set": sets}
    assert good(order(**given, line_items=[item(1, price=None, price_set=sets)])).total_minor == 19900


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(order())), json_values, max_size=6))
def test_no_order_whatever_its_values_breaks_the_translation(values):
    made = read(order(**values))
    assert made.order is not None or any(problem.severity == "block" for problem in made.problems)


@given(st.dictionaries(st.sampled_from(sorted(item(1))), json_values, max_size=6))
def test_no_line_whatever_its_values_breaks_the_translation(values):
    made = read(order(line_items=[item(1, **values)]))
    if made.order:
        for line in made.order.lines:
            assert 0 <= line.tax_minor <= line.paid_minor
            assert 0 <= line.refunded_minor <= line.paid_minor


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), max_size=8))
def test_sharing_out_loses_no_cent(amount, weights):
    assert sum(spread(amount, weights)) == (amount if sum(weights) else 0)
    within = spread_within(amount, weights)
    assert sum(within) == min(amount, sum(weights))
    assert all(0 <= share <= room for share, room in zip(within, weights, strict=True))


@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 99)), min_size=1, max_size=6),
    st.integers(0, 500),
    st.integers(0, 500),
)
def test_what_the_total_proves_adds_up(lines, discount, tax):
    bought = tuple(Bought(gross, gross * percent // 100, 0, included=False) for gross, percent in lines)
    net = sum(each.net for each in bought)
    discount = min(discount, net - 1)
    stated = sum(each.discount for each in bought) + discount
    sums, _ = proven(Sums(bought, (), 0), total=net - discount + tax, discount=stated, tax=tax)
    assert abs(sums.total - (net - discount + tax)) <= len(lines)


def test_files_are_cut_and_read_one_by_one():
    shop = kind("shopify")
    parts = shop.split(json.dumps({"orders": [order(id=1), order(id=2)]}).encode())
    assert [part.prefix for part in parts] == ["/orders/0", "/orders/1"]
    made = [shop.translate(part.body, ChannelSettings()).order for part in parts]
    assert [each.external_id for each in made if each] == ["1", "2"]
    assert read({"orders": [order(), order()]}).problems[0].code == "structure.several_orders"
    assert good({"order": order()}).lines[0].pointer == "/order/line_items/0"
    assert good({"orders": [order()]}).lines[0].pointer == "/orders/0/line_items/0"
