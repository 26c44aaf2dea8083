"""Two tabs with the same link: one sends, both show it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from recoup.web.capture.tests.upload.queue.customer import (
    MIB,
    Customer,
    Line,
    all_arrived,
    cards,
    nothing_kept,
    requests,
    sent_at_least,
    take,
)
from recoup.web.tests.in_a_browser import MARKS

pytestmark = MARKS
Photos = Callable[..., Path]


def test_one_tab_sends_and_the_other_shows_it_until_it_is_its_turn(customer: Customer, photo: Photos) -> None:
    first, one, two = customer.open(), photo(8, name="1.jpg"), photo(1, name="2.jpg")
    second = customer.open()
    by_first, by_second = requests(first), requests(second)
    Line(first).set(upload=MIB)
    take(second, one)
    sent_at_least(first, 0.2)
    sent_at_least(second, 0.2)
    assert "PATCH" in by_first
    assert by_second == []
    first.close()
    take(second, two)
    all_arrived(second, 2)
    assert "PATCH" in by_second
    customer.sent(one, two)
    assert customer.bytes_received() - 9 * MIB <= MIB


def test_a_photo_taken_out_in_one_tab_is_out_in_both(customer: Customer, photo: Photos) -> None:
    first, second = customer.open(), customer.open()
    Line(first).set(upload=MIB)
    take(first, photo(8))
    sent_at_least(second, 0.1)
    cards(second).get_by_role("button", name="Take it out").click()
    expect(cards(first)).to_have_count(0)
    expect(cards(second)).to_have_count(0)
    nothing_kept(second)
    assert customer.arrived == []


def test_a_sending_tab_that_sleeps_is_relieved(customer: Customer, photo: Photos) -> None:
    first, one = customer.open(), photo(4)
    Line(first).set(upload=MIB)
    take(first, one)
    sent_at_least(first, 0.1)
    asleep = first.context.new_cdp_session(first)
    asleep.send("Page.setWebLifecycleState", {"state": "frozen"})
    second = customer.open()
    all_arrived(second, 1)
    asleep.send("Page.setWebLifecycleState", {"state": "active"})
    all_arrived(first, 1)
    customer.sent(one)


def test_a_tab_opened_later_shows_what_the_sending_one_waits_for(customer: Customer, photo: Photos) -> None:
    first, one = customer.open(), photo(1)
    line = Line(first)
    line.set(offline=True)
    take(first, one)
    expect(cards(first)).to_contain_text("The line is down")
    second = customer.open()
    expect(cards(second)).to_contain_text("The line is down")
    expect(second.locator("[data-line]")).to_contain_text("0 of 1 sent")
    line.set()
    all_arrived(second, 1)
    all_arrived(first, 1)
    customer.sent(one)
