"""The page of a return that was sent: it changes by itself, and nothing in the reader's hand is taken away.

With RECOUP_PICTURES set to a folder, pages are also left there as pictures, to be looked at.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import zxingcpp
from django.db import connections
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from recoup.domain.returns import actions
from recoup.domain.returns.models import ReturnLine
from recoup.domain.returns.tests import factories as make
from recoup.kit.actor import SYSTEM
from recoup.web.capture import events
from recoup.web.capture.tests.shop import open_house
from recoup.web.tests.in_a_browser import MARKS, picture

pytestmark = MARKS
Visit = Callable[..., Page]
#: What is asked again and again is never asked here, so only the line can tell.
NO_ASKING = "const later = setTimeout; window.setTimeout = (work, pause) => (pause > 4000 || pause < 500 ? later(work, pause) : 0);"
NO_LINES = "delete window.EventSource;"


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)
    # Its threads come and go with the requests; none may keep a connection to the database.
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    with open_house() as address:
        yield address
    connections.close_all()


@pytest.fixture
def visit(browser: Browser, house: str) -> Iterator[Visit]:
    """Opens the status page of a return on a phone."""
    contexts = []

    def go(line: ReturnLine, *scripts: str, scheme: Any = "light", wait: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": 390, "height": 844},
            is_mobile=True,
            has_touch=True,
            base_url=house,
            color_scheme=scheme,
            timezone_id="Europe/Berlin",
        )
        contexts.append(context)
        for script in scripts:
            context.add_init_script(script)
        return seen(context.new_page(), line, wait=wait)

    yield go
    for context in contexts:
        context.close()


def seen(page: Page, line: ReturnLine, *, wait: bool = True) -> Page:
    """The line stands, or it was asked once, before the test goes on."""
    link = line.return_case.links.order_by("-created_at")[0]
    secret = actions.new_secret(link=link, expires_at=make.LATER, actor=make.CUSTOMER)
    if not wait:
        page.goto(f"/c/{secret}/status")
        return page
    with page.expect_response("**/status/now"):
        page.goto(f"/c/{secret}/status")
    return page


def approve(line: ReturnLine) -> None:
    actions.approve(line=line, remedy="refund", reason="", at=make.NOW, actor=make.agent())
    line.return_case.refresh_from_db()


def write(line: ReturnLine, words: str) -> None:
    actions.write_message(return_case=line.return_case, body=words, audience="customer", actor=make.agent())


def heading(page: Page, words: str) -> None:
    # A line that ended is opened again after three seconds at the soonest.
    expect(page.get_by_role("heading", level=1)).to_have_text(words, timeout=20_000)


APPROVED = "Your return is approved. Please send the item back."


@pytest.mark.parametrize("scripts", [[NO_ASKING], [NO_LINES]], ids=["told on its line", "asking"])
def test_the_page_changes_by_itself(visit: Visit, scripts: list[str]) -> None:
    line = make.to_agent()
    page = visit(line, *scripts)
    heading(page, "We have your photos and are looking at them.")
    approve(line)
    heading(page, APPROVED)
    expect(page.locator(".timeline .next")).to_contain_text("next: your parcel")


def test_where_a_line_is_refused_it_asks(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(events.MOST, "link", 0)
    line = make.to_agent()
    page = visit(line)
    approve(line)
    heading(page, APPROVED)


def test_a_line_that_ends_is_opened_again(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "LIFETIME", 0.1)
    line = make.to_agent()
    page = visit(line, NO_ASKING)
    with page.expect_response("**/status/events"), page.expect_response("**/status/now"):
        pass
    approve(line)
    heading(page, APPROVED)


def test_a_page_that_nobody_looks_at_holds_no_line(visit: Visit) -> None:
    page = visit(make.to_agent())
    assert len(events._open) == 1
    hide = "Object.defineProperty(document, 'hidden', {configurable: true, value: %s}); document.dispatchEvent(new Event('visibilitychange'))"
    page.evaluate(hide % "true")
    while events._open:
        time.sleep(0.01)
    with page.expect_response("**/status/now"):
        page.evaluate(hide % "false")
    assert len(events._open) == 1


def test_half_typed_words_outlast_a_change_and_only_news_are_read_aloud(visit: Visit) -> None:
    line = make.to_agent()
    actions.refuse(line=line, reason="The damage is from a fall.", at=make.NOW, actor=make.agent())
    page = visit(line)
    page.get_by_text("I see it differently").click()
    words = page.get_by_label("Tell us what we missed")
    words.type("It never fell")
    write(line, "A last question: which floor?")
    expect(page.locator("[data-key=messages]")).to_contain_text("A last question")
    expect(words).to_be_focused()
    expect(words).to_have_value("It never fell")
    news = page.locator("[data-news]")
    expect(news).to_contain_text("A last question: which floor?")
    expect(news).not_to_contain_text("We could not approve your return.")
    picture(page, "status-refused")
    words.type(".")
    page.get_by_role("button", name="Ask us to look again").click()
    expect(page.locator(".timeline .next")).to_contain_text("next: we look at it")


def test_times_are_those_of_the_readers_clock_also_after_a_change(visit: Visit) -> None:
    line = make.to_agent()
    page = visit(line)
    expect(page.locator(".timeline time")).to_have_text(["1 Jun 2025, 14:00 CEST"] * 2)
    approve(line)
    expect(page.locator(".timeline time")).to_have_text(["1 Jun 2025, 14:00 CEST"] * 4, timeout=20_000)
    expect(page.locator("[data-news]")).not_to_contain_text("Photos checked")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_scanner_reads_the_number_from_the_screen(visit: Visit, scheme: str) -> None:
    line = make.to_agent()
    approve(line)
    page = visit(line, scheme=scheme)
    code = page.get_by_role("img", name="as a code to scan")
    expect(code).to_be_visible()
    assert code.evaluate("async (image) => (await image.decode(), image.naturalWidth)") > 0
    picture(page, f"status-approved-{scheme}")
    with Image.open(io.BytesIO(page.screenshot())) as screen:
        assert [code.text for code in zxingcpp.read_barcodes(screen)] == [line.return_case.rma_number]
    with page.expect_response("**/label.pdf") as pdf:
        page.evaluate("fetch(document.querySelector('[href$=\"label.pdf\"]').href)")
    assert pdf.value.headers["content-type"] == "application/pdf"


def test_one_return_leads_to_the_other_on_the_phone_that_has_both_links(visit: Visit) -> None:
    line = make.order_line(quantity=2)
    one, two = make.submitted(line), make.submitted(line)
    page = visit(one)
    other = page.locator(".others")
    expect(other).to_contain_text(two.return_case.number)
    expect(other.get_by_role("link")).to_have_count(0)
    expect(other).to_contain_text("in the mail we sent you")
    picture(page, "status-others")
    seen(page, two)
    page.get_by_role("link", name=f"Show it {one.return_case.number}").click()
    expect(page.get_by_text(f"Return {one.return_case.number}, order")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_of_every_state(visit: Visit, scheme: str) -> None:
    """All six steps from the first to the last, each in a word."""
    line = make.to_agent()
    page = visit(line, scheme=scheme)
    expect(page.locator(".timeline li")).to_have_count(6)
    picture(page, f"status-looking-{scheme}")
    actions.ask(line=line, shots=["serial_label"], reason="", at=make.NOW, actor=make.agent())
    expect(page.get_by_role("link", name="Take the photo")).to_be_visible()
    picture(page, f"status-asked-{scheme}")
    make.sent_again(line)
    approve(line)
    actions.post_remedy(remedy=line.remedies.get(), at=make.NOW, actor=SYSTEM)
    actions.receive_goods(line=line, at=make.NOW, actor=make.WAREHOUSE)
    actions.mark_paid(
        remedy=line.remedies.get(), reference="B-1", paid_on=make.NOW.date(), at=make.NOW, actor=make.agent("finance")
    )
    heading(page, "Your money has been sent.")
    expect(page.locator(".timeline .next, .timeline .ahead")).to_have_count(0)
    picture(page, f"status-paid-{scheme}")
