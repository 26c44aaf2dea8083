"""What the server may say to a photo, and what the page makes of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from recoup.web.capture.tests.upload.queue.customer import (
    MIB,
    Customer,
    Line,
    all_arrived,
    answer_once,
    cards,
    nothing_kept,
    requests,
    sent_at_least,
    take,
)
from recoup.web.tests.in_a_browser import MARKS

pytestmark = MARKS
Photos = Callable[..., Path]


@pytest.mark.parametrize(
    ("method", "status"),
    [
        ("POST", 500),
        ("PATCH", 500),
        ("HEAD", 503),
        ("PATCH", 423),
        ("PATCH", 409),
        ("PATCH", 410),
        ("PATCH", 404),
        ("PATCH", 460),
    ],
)
def test_what_passes_by_itself_loses_nothing(customer: Customer, photo: Photos, method: str, status: int) -> None:
    page, one = customer.open(), photo(2)
    if method == "HEAD":
        Line(page).set(upload=MIB)
        take(page, one)
        sent_at_least(page, 0.2)
        page.reload()
    answered = answer_once(page, method, status)
    if method == "HEAD":
        page.reload()
    else:
        take(page, one)
    all_arrived(page, 1)
    assert len(answered) == 1
    customer.sent(one)


WORDS = {
    500: "We cannot take photos right this moment.",
    423: "Another page is sending this photo.",
}


@pytest.mark.parametrize("status", WORDS)
def test_while_it_waits_it_says_for_what(customer: Customer, photo: Photos, status: int) -> None:
    page, one = customer.open(), photo(1)
    page.route(re.compile("/upload/.+"), lambda route: route.fulfill(status=status, body="no"))
    take(page, one)
    expect(cards(page)).to_contain_text(WORDS[status])
    page.unroute_all()
    # It may go on by itself in this very moment, and its button with it; then the press changes nothing.
    cards(page).get_by_role("button", name="Try again").dispatch_event("click")
    all_arrived(page, 1)
    customer.sent(one)


FINAL = {
    413: "too large for us",
    415: "cannot use this file as a photo",
    422: "cannot use this file as a photo",
}


@pytest.mark.parametrize("status", FINAL)
def test_what_will_not_do_is_said_and_can_be_taken_out(customer: Customer, photo: Photos, status: int) -> None:
    page = customer.open()
    answer_once(page, "POST", status)
    take(page, photo(1))
    card = cards(page).filter(has_text=FINAL[status])
    expect(card).to_be_visible()
    expect(card.get_by_role("button", name="Try again")).to_be_hidden()
    card.get_by_role("button", name="Take it out").click()
    expect(cards(page)).to_have_count(0)
    nothing_kept(page)


def test_the_servers_own_sentence_is_preferred(customer: Customer, photo: Photos) -> None:
    page = customer.open()
    answer_once(page, "POST", 413, {"code": "tus.too_large", "sentence": "The photo is larger than 40 MB."})
    take(page, photo(1))
    expect(cards(page)).to_contain_text("The photo is larger than 40 MB.")


def test_a_photo_of_80_mb_is_refused_before_a_byte_is_read(customer: Customer, tmp_path: Path) -> None:
    page, huge = customer.open(), tmp_path / "huge.jpg"
    with huge.open("wb") as file:
        file.truncate(80 * MIB)
    methods = requests(page)
    take(page, huge)
    expect(cards(page)).to_contain_text("too large for us")
    assert methods == []


def test_what_the_phone_has_cleared_away_is_said(customer: Customer, photo: Photos) -> None:
    page = customer.open()
    line = Line(page)
    line.set(offline=True)
    take(page, photo(1))
    expect(cards(page)).to_contain_text("The line is down")
    page.evaluate(CLEAR)
    line.set()
    expect(cards(page)).to_contain_text("does not give us this photo any more")
    expect(cards(page).get_by_role("button", name="Take it out")).to_be_visible()


CLEAR = """() => new Promise((resolve) => {
  const asked = indexedDB.open("recoup");
  asked.onsuccess = () => {
    const turn = asked.result.transaction("segments", "readwrite");
    turn.objectStore("segments").clear();
    turn.oncomplete = () => { asked.result.close(); resolve(); };
  };
})"""
