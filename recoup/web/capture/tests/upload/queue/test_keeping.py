"""What the phone keeps, for how long, and what it does where it can keep nothing."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from recoup.domain.returns.tests import factories as make
from recoup.web.capture.tests.upload.queue.customer import (
    MIB,
    Customer,
    Line,
    all_arrived,
    cards,
    kept,
    new_link,
    sent_at_least,
    take,
    would_ask_before_closing,
)
from recoup.web.tests.in_a_browser import MARKS, picture

pytestmark = MARKS
Photos = Callable[..., Path]


NO_STORE = "indexedDB.open = () => { throw new DOMException('private', 'SecurityError'); };"
FULL = """
IDBObjectStore.prototype.put = function () { throw new DOMException('full', 'QuotaExceededError'); };
"""

SILENT = "indexedDB.open = () => ({});"
ALL_FORBIDDEN = (
    NO_STORE + "navigator.locks.request = async () => { throw new DOMException('forbidden', 'SecurityError'); };"
)


@pytest.mark.parametrize(
    "without",
    [NO_STORE, FULL, SILENT, ALL_FORBIDDEN],
    ids=["private mode", "storage full", "no answer", "locks forbidden too"],
)
def test_what_cannot_be_kept_is_sent_from_memory_and_the_page_says_so(
    customer: Customer, photo: Photos, without: str
) -> None:
    customer.context.add_init_script(without)
    page, one = customer.open(), photo(4)
    line = Line(page)
    line.set(upload=MIB)
    take(page, one)
    expect(page.get_by_role("status").filter(has_text="0 of 1 sent. Your phone cannot keep photos")).to_be_visible()
    picture(page, "queue-memory")
    assert would_ask_before_closing(page)
    line.set()
    all_arrived(page, 1)
    expect(page.locator("[data-line]")).to_be_empty()
    assert not would_ask_before_closing(page)
    customer.sent(one)


def test_closing_asks_nothing_once_the_phone_has_the_photo(customer: Customer, photo: Photos) -> None:
    page = customer.open()
    Line(page).set(upload=MIB // 2)
    take(page, photo(4))
    sent_at_least(page, 0.1)
    assert not would_ask_before_closing(page)


def test_the_same_photo_picked_twice_is_one_photo(customer: Customer, photo: Photos) -> None:
    page, one = customer.open(), photo(2)
    line = Line(page)
    line.set(upload=MIB // 2)
    take(page, one)
    sent_at_least(page, 0.05)
    take(page, one)
    expect(cards(page)).to_have_count(1)
    line.set()
    all_arrived(page, 1)
    customer.sent(one)


def test_only_what_another_link_left_two_weeks_ago_is_swept_whatever_the_phones_clock_says(
    customer: Customer, photo: Photos
) -> None:
    page, old, fresh = customer.open(), photo(1, name="old.jpg"), photo(1, name="fresh.jpg")
    Line(page).set(offline=True)
    take(page, old)
    expect(cards(page)).to_contain_text("The line is down")
    page.evaluate(OLDER, 15 * 24 * 3600 * 1000)
    take(page, fresh)
    expect(cards(page).filter(has_text="The line is down")).to_have_count(2)
    page.close()
    elsewhere = customer.context.new_page()
    elsewhere.clock.install(time=timezone.now() + dt.timedelta(days=365))
    elsewhere.goto(new_link(make.order_line().order)[1])
    kept(elsewhere, notes=1, segments=1)
    all_arrived(customer.open(), 1)
    customer.sent(fresh)


OLDER = """(by) => new Promise((resolve) => {
  const asked = indexedDB.open("recoup");
  asked.onsuccess = () => {
    const notes = asked.result.transaction("notes", "readwrite").objectStore("notes");
    notes.getAll().onsuccess = ({ target }) => target.result.forEach((note) => notes.put({ ...note, when: note.when - by }));
    notes.transaction.oncomplete = () => { asked.result.close(); resolve(); };
  };
})"""


def test_the_screen_stays_on_while_something_is_sent_and_no_longer(customer: Customer, photo: Photos) -> None:
    customer.context.add_init_script(LOCK)
    page = customer.open()
    line = Line(page)
    line.set(upload=MIB)
    take(page, photo(2))
    page.wait_for_function("() => held === 1")
    line.set(offline=True)
    expect(cards(page)).to_contain_text("The line is down")
    page.wait_for_function("() => held === 0")
    line.set()
    all_arrived(page, 1)
    page.wait_for_function("() => held === 0")


LOCK = """
window.held = 0;
const request = async () => {
  const lock = { released: false, release: async () => { if (!lock.released) held -= 1; lock.released = true; } };
  held += 1;
  return lock;
};
Object.defineProperty(navigator, "wakeLock", { value: { request } });
"""


def test_a_card_keeps_the_focus_while_its_photo_goes(customer: Customer, photo: Photos) -> None:
    page = customer.open()
    Line(page).set(upload=MIB)
    take(page, photo(3))
    sent_at_least(page, 0.1)
    button = cards(page).get_by_role("button", name="Take it out")
    button.focus()
    sent_at_least(page, 0.6)
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(cards(page)).to_have_count(0)


@pytest.mark.parametrize("name", ["photo.heic", "receipt.pdf"])
def test_what_the_browser_cannot_show_goes_untouched_with_a_plain_picture(
    customer: Customer, tmp_path: Path, name: str
) -> None:
    page, file = customer.open(), tmp_path / name
    file.write_bytes(b"\0\0\0\x18ftypheic" + os.urandom(MIB))
    take(page, file)
    all_arrived(page, 1)
    image = cards(page).locator("img")
    assert image.evaluate("image => image.complete && image.naturalWidth > 0")
    customer.sent(file)
