"""What the phone keeps and for whom, what it does where it can keep nothing, and what it says of what is in the way."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from recoup.domain.evidence import actions as evidence
from recoup.domain.returns import actions
from recoup.domain.returns.tests import factories as make
from recoup.web.capture.tests.upload.queue.customer import (
    MIB,
    NO_STORE,
    UPLOADS,
    Customer,
    Line,
    all_arrived,
    answer_once,
    cards,
    end,
    kept,
    new_link,
    nothing_kept,
    requests,
    sent_at_least,
    take,
    would_ask_before_closing,
)
from recoup.web.tests.in_a_browser import MARKS, picture

pytestmark = MARKS
Photos = Callable[..., Path]


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
    page, one = customer.open(), photo(0.5)
    line = Line(page)
    line.set(upload=MIB // 8)
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
    Line(page).set(upload=MIB // 4)
    take(page, photo(1))
    sent_at_least(page, 0.1)
    assert not would_ask_before_closing(page)


def test_the_same_photo_picked_twice_is_one_photo(customer: Customer, photo: Photos) -> None:
    page, one = customer.open(), photo(0.5)
    line = Line(page)
    line.set(upload=MIB // 4)
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
    page, old, fresh = customer.open(), photo(0.5, name="old.jpg"), photo(0.5, name="fresh.jpg")
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
    line.set(upload=MIB // 2)
    take(page, photo(1))
    page.wait_for_function("() => held === 1")
    line.set(offline=True)
    expect(cards(page)).to_contain_text("The line is down")
    page.wait_for_function("() => held === 0")
    line.set()
    all_arrived(page, 1)
    page.wait_for_function("() => held === 0")


LOCK = """
window.held = 0;
window.locks = [];
const request = async () => {
  const lock = { released: false, release: async () => { if (!lock.released) held -= 1; lock.released = true; } };
  held += 1;
  locks.push(lock);
  return lock;
};
Object.defineProperty(navigator, "wakeLock", { value: { request } });
"""


def test_a_screen_that_was_switched_off_stays_on_again_when_somebody_looks_and_no_lock_is_left(
    customer: Customer, photo: Photos
) -> None:
    customer.context.add_init_script(LOCK)
    page = customer.open()
    Line(page).set(upload=MIB // 2)
    take(page, photo(1.5))
    page.wait_for_function("() => held === 1")
    page.evaluate("locks.at(-1).release()")  # as a browser does with a page that nobody looks at
    page.evaluate(
        "document.dispatchEvent(new Event('visibilitychange')); document.dispatchEvent(new Event('visibilitychange'))"
    )
    page.wait_for_function("() => held === 1 && locks.length === 2")
    all_arrived(page, 1)
    page.wait_for_function("() => held === 0")


def test_the_browsers_own_lock_is_taken_and_let_go(customer: Customer, photo: Photos) -> None:
    customer.context.grant_permissions(["screen-wake-lock"])
    customer.context.add_init_script(WATCHED)
    page = customer.open()
    Line(page).set(upload=MIB // 2)
    take(page, photo(1))
    page.wait_for_function("() => taken.length === 1 && !taken[0].released")
    all_arrived(page, 1)
    page.wait_for_function("() => taken[0].released")


WATCHED = """
window.taken = [];
const request = navigator.wakeLock.request;
navigator.wakeLock.request = async (kind) => {
  const lock = await request.call(navigator.wakeLock, kind);
  taken.push(lock);
  return lock;
};
"""


def test_a_card_keeps_the_focus_while_its_photo_goes(customer: Customer, photo: Photos) -> None:
    page = customer.open()
    Line(page).set(upload=MIB // 2)
    take(page, photo(1))
    sent_at_least(page, 0.1)
    button = cards(page).get_by_role("button", name="Take it out")
    button.focus()
    sent_at_least(page, 0.6)
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(cards(page)).to_have_count(0)


def test_what_the_browser_cannot_show_goes_untouched_with_a_plain_picture(customer: Customer, tmp_path: Path) -> None:
    page, files = customer.open(), [tmp_path / "photo.heic", tmp_path / "receipt.pdf"]
    for file, begins in zip(files, (b"\0\0\0\x18ftypheic", b"%PDF-1.7"), strict=True):
        file.write_bytes(begins + os.urandom(MIB // 8))
    take(page, *files)
    all_arrived(page, 2)
    images = cards(page).locator("img")
    assert images.evaluate_all("images => images.map((it) => it.complete && it.naturalWidth > 0)") == [True, True]
    customer.sent(*files)


def test_a_new_link_of_the_same_order_takes_over_what_an_ended_one_could_not_send(
    customer: Customer, photo: Photos
) -> None:
    page, one = customer.open(), photo(2.5)
    Line(page).set(upload=MIB)
    take(page, one)
    sent_at_least(page, 0.3)
    end(customer.link)
    expect(cards(page).filter(has_text="Nothing is lost")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="the rest is kept on this phone")).to_be_visible()
    picture(page, "queue-ended")
    page.close()
    earlier, (customer.link, address) = customer.link, new_link(customer.link.order)
    actions.choose(link=customer.link, draft=earlier.draft, at=make.NOW, actor=make.CUSTOMER)
    page = customer.open(address)
    all_arrived(page, 1)
    customer.sent(one)
    nothing_kept(page)


def test_a_new_secret_of_the_same_link_goes_on_with_the_same_upload(customer: Customer, photo: Photos) -> None:
    page, one = customer.open(), photo(1)
    Line(page).set(upload=MIB // 2)
    take(page, one)
    sent_at_least(page, 0.3)
    page.close()
    until = timezone.now() + dt.timedelta(days=1)
    secret = actions.new_secret(link=customer.link, expires_at=until, actor=make.CUSTOMER)
    page = customer.open(f"/c/{secret}/")
    all_arrived(page, 1)
    customer.sent(one)
    assert customer.bytes_received() - MIB <= MIB // 2


def test_another_link_shows_and_sends_nothing_of_it(customer: Customer, photo: Photos) -> None:
    page, one = customer.open(), photo(1)
    Line(page).set(upload=MIB // 2)
    take(page, one)
    sent_at_least(page, 0.1)
    page.close()
    mine = customer.link
    customer.link, address = new_link(mine.order)  # the first link still lives
    actions.choose(link=customer.link, draft=mine.draft, at=make.NOW, actor=make.CUSTOMER)
    other = customer.open(address)
    methods = requests(other)
    other.reload()
    expect(other.get_by_role("heading", name="Show all of it")).to_be_visible()
    expect(cards(other)).to_have_count(0)
    assert methods == []
    customer.link = mine
    all_arrived(customer.open(), 1)
    customer.sent(one)


def test_a_session_that_takes_no_more_keeps_the_photo_on_the_phone(customer: Customer, photo: Photos) -> None:
    page = customer.open()
    evidence.close_session(session=customer.link.session, actor=make.CUSTOMER)
    take(page, photo(0.5))
    expect(cards(page).filter(has_text="This link takes no more photos")).to_be_visible()
    expect(cards(page).get_by_role("button", name="Try again")).to_be_visible()
    assert not would_ask_before_closing(page)


PASSING = [
    ("POST", 500),
    ("PATCH", 500),
    ("PATCH", 423),
    ("PATCH", 409),
    ("PATCH", 410),
    ("PATCH", 404),
    ("PATCH", 460),
]


def test_what_passes_by_itself_loses_nothing(customer: Customer, photo: Photos, subtests: pytest.Subtests) -> None:
    page, sent = customer.open(), []
    for method, status in PASSING:
        with subtests.test(f"{method} {status}"):
            sent.append(photo(0.5, name=f"{method}-{status}.jpg"))
            answered = answer_once(page, method, status)
            take(page, sent[-1])
            all_arrived(page, len(sent))
            assert len(answered) == 1
            page.unroute_all()
    with subtests.test("HEAD 503"):
        sent.append(photo(1, name="head.jpg"))
        Line(page).set(upload=MIB // 2)
        take(page, sent[-1])
        sent_at_least(page, 0.2)
        answered = answer_once(page, "HEAD", 503)
        page.reload()
        all_arrived(page, len(sent))
        assert len(answered) == 1
    customer.sent(*sent)


WAITING = {500: "We cannot take photos right this moment.", 423: "Another page is sending this photo."}
FINAL = {413: "too large for us", 415: "cannot use this file as a photo", 422: "cannot use this file as a photo"}


def test_what_is_in_the_way_is_said(
    customer: Customer, photo: Photos, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    page, one = customer.open(), photo(0.5)
    for status, words in FINAL.items():
        with subtests.test("it will not do", status=status):
            answer_once(page, "POST", status)
            take(page, one)
            taken_out(page, words)
    with subtests.test("the server's own words"):
        answer_once(page, "POST", 413, {"code": "tus.too_large", "sentence": "The photo is larger than 40 MB."})
        take(page, one)
        taken_out(page, "The photo is larger than 40 MB.")
    with subtests.test("80 MB"):
        huge = tmp_path / "huge.jpg"
        with huge.open("wb") as file:
            file.truncate(80 * MIB)
        methods = requests(page)
        take(page, huge)
        taken_out(page, "too large for us")
        assert methods == []
    with subtests.test("the phone has cleared it away"):
        line = Line(page)
        line.set(offline=True)
        take(page, one)
        expect(cards(page)).to_contain_text("The line is down")
        page.evaluate(CLEAR)
        line.set()
        taken_out(page, "does not give us this photo any more")
    for count, (status, words) in enumerate(WAITING.items(), start=1):
        with subtests.test("it waits", status=status):
            page.route(UPLOADS, said(status))
            take(page, one)
            waits = cards(page).filter(has_text=words)
            expect(waits).to_be_visible()
            page.unroute_all()
            # It may go on by itself in this very moment, and its button with it; then the press changes nothing.
            page.get_by_role("button", name="Try again").dispatch_event("click")
            all_arrived(page, count)
    customer.sent(one, one)


def said(status: int) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=status, body="no")


def taken_out(page: Page, words: str) -> None:
    """This is said of the only photo, and there is nothing to do but to take it out."""
    expect(cards(page)).to_contain_text(words)
    expect(cards(page).get_by_role("button", name="Try again")).to_be_hidden()
    cards(page).get_by_role("button", name="Take it out").click()
    expect(cards(page)).to_have_count(0)
    nothing_kept(page)


CLEAR = """() => new Promise((resolve) => {
  const asked = indexedDB.open("recoup");
  asked.onsuccess = () => {
    const turn = asked.result.transaction("segments", "readwrite");
    turn.objectStore("segments").clear();
    turn.oncomplete = () => { asked.result.close(); resolve(); };
  };
})"""
