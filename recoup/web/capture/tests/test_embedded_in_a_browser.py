"""The customer's pages within a shop's page on another origin, and in an app's web view, in a real Chromium.

With RECOUP_PICTURES set to a folder, pages are also left there as pictures, to be looked at.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, FrameLocator, Page, Route, expect

from recoup.cli.sample import scenes
from recoup.domain.returns.models import Return
from recoup.domain.returns.tests import factories as make
from recoup.foundation.jobs.worker import drain
from recoup.web.capture.tests.shop import Shop, open_house, open_shop
from recoup.web.tests.in_a_browser import MARKS, picture

pytestmark = MARKS
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
Visit = Callable[..., Page]


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """What was sold by the factories was sold in 2025."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)
    # Its threads come and go with the requests; none may keep a connection to the database.
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    with open_house() as address:
        yield address
    # Beside the browser's event loop this thread has a connection of its own, which nobody else closes.
    connections.close_all()


@pytest.fixture
def shop(settings: Any) -> Iterator[Shop]:
    """A shop that may show the pages of the house."""
    with open_shop() as shop:
        settings.RECOUP_EMBEDDERS = [shop.origin]
        yield shop


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    contexts = []

    def go(address: str, *scripts: str, **about: Any) -> Page:
        contexts.append(browser.new_context(**(PHONE | about)))
        for script in scripts:
            contexts[-1].add_init_script(script)
        page = contexts[-1].new_page()
        page.goto(address)
        return page

    yield go
    for context in contexts:
        context.close()


@pytest.fixture
def link() -> str:
    """A customer's link, as a path; the defect asks for two shots."""
    make.defect("overall", "close_up")
    return f"/c/{make.link(make.order_line().order, secret=True)[1]}/"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "overall.jpg"
    path.write_bytes(scenes.scene("overall", seed=31))
    return path


def onward(frame: FrameLocator | Page) -> None:
    expect(frame.locator("html")).to_have_class(re.compile("kept"))
    frame.get_by_role("button", name="Next").locator("visible=true").click()


def walk_to_sent(frame: FrameLocator | Page, photo: Path, at_photo: Callable[[], object] = lambda: None) -> None:
    """From the first step to the page that says how the return stands, with one photo of two."""
    frame.locator("label.choice:visible").first.click()
    onward(frame)
    frame.locator("section:visible input[type=file]").first.set_input_files(str(photo))
    expect(frame.locator("section:visible .photo")).to_contain_text("We are looking at it")
    at_photo()
    for _ in range(3):
        onward(frame)
    frame.get_by_role("button", name="Send my return").click()
    expect(frame.get_by_role("heading", level=1)).to_contain_text("We have your photos")


def way(number: str) -> list[Any]:
    """What is told of that way, in order; a photo may be told at any moment of it, so it is left out."""
    steps = ["wrong", "photo-overall", "photo-close_up", "words", "check"]
    of = [3, *[5] * 4]
    return [
        ["ready", {"page": "capture"}],
        *[["step", {"step": step, "number": n, "of": of[n - 1]}] for n, step in enumerate(steps, 1)],
        ["ready", {"page": "status"}],
        ["sent", {"case": number}],
    ]


def without_photos(heard: list[Any]) -> list[Any]:
    return [each for each in heard if each[0] != "photo"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_return_is_sent_from_a_shops_page_which_hears_of_every_step(
    visit: Visit, shop: Shop, house: str, link: str, photo: Path, scheme: str
) -> None:
    shop.shows(house, link, link=house + link, theme=scheme)
    page = visit(shop.origin)
    frame = page.frame_locator("recoup-capture iframe")
    expect(frame.get_by_role("heading", name="What is wrong with it?")).to_be_visible()
    assert page.evaluate("document.activeElement.localName") == "body"
    expect(page.locator("recoup-capture iframe")).to_have_attribute("title", "Your return")
    picture(page, f"embedded-item-{scheme}")
    walk_to_sent(frame, photo, lambda: picture(page, f"embedded-photo-{scheme}"))
    page.wait_for_function("heard.at(-1)[0] === 'sent'")
    picture(page, f"embedded-sent-{scheme}")
    heard = page.evaluate("heard")
    assert without_photos(heard) == way(Return.objects.get().number)
    photos = [detail for name, detail in heard if name == "photo"]
    assert photos[-1] == {"sent": 1, "of": 1}
    assert page.context.cookies() == []
    # The frame is as high as what is in it, and as light or dark as was asked.
    inside = page.frames[1].locator("html")
    assert inside.evaluate("html => html.scrollHeight === innerHeight")
    expect(inside).to_have_css("color-scheme", scheme)


def test_what_fills_the_screen_in_the_frame_fills_the_screen_of_the_shop(
    visit: Visit, shop: Shop, house: str, link: str
) -> None:
    """As the camera does, which is a dialog over its page."""
    shop.shows(house, link, link=house + link)
    page = visit(shop.origin)
    page.wait_for_function("heard.length === 2")
    frame = page.locator("recoup-capture iframe")
    before = frame.bounding_box()
    page.frames[1].evaluate(
        "document.body.append(document.createElement('dialog')); document.querySelector('dialog').showModal()"
    )
    expect(frame).to_have_class("whole")
    assert frame.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    page.frames[1].evaluate("document.querySelector('dialog').close()")
    expect(frame).not_to_have_class("whole")
    assert frame.bounding_box() == before


def test_a_page_that_is_not_allowed_shows_its_link_and_no_frame(
    visit: Visit, shop: Shop, house: str, link: str, settings: Any
) -> None:
    settings.RECOUP_EMBEDDERS = ["https://another.example"]
    shop.shows(house, link, link=house + link)
    page = visit(shop.origin)
    page.wait_for_function("heard.length")
    assert page.evaluate("heard") == [["refused", {"code": "embed.not_shown"}]]
    expect(page.get_by_role("link", name="Something is wrong with my order")).to_be_visible()
    expect(page.locator("iframe")).to_have_count(0)
    picture(page, "embedded-refused")


@pytest.mark.parametrize("path", ["/", "/desk/", "/accounts/login/", "/app/", "/embed/desk/", "LINK"])
def test_no_other_page_opens_in_a_frame_even_of_an_allowed_shop(
    visit: Visit, shop: Shop, house: str, link: str, path: str
) -> None:
    page = visit(f"{shop.origin}/empty")
    framed = "f => new Promise(done => { f.onload = done; f.src = %r; document.body.append(f) })"
    address = house + path.replace("LINK", link)
    page.evaluate(f"({framed % address})(document.createElement('iframe'))")
    shown = page.frames[1]
    if path.startswith("/embed"):
        assert "There is nothing here for you" in shown.locator("body").inner_text()
    else:
        assert shown.url.startswith("chrome-error:")


def test_a_word_from_elsewhere_is_not_believed(visit: Visit, shop: Shop, house: str, link: str) -> None:
    shop.shows(house, link, link=house + link)
    page = visit(shop.origin)
    page.wait_for_function("heard.length === 2")
    # From the page itself, and from a frame of the page's own: neither is the frame, neither has its origin.
    page.evaluate("postMessage({ recoup: 'sent', detail: { case: 'FORGED' } })")
    page.evaluate("""() => {
        const frame = document.createElement("iframe");
        frame.srcdoc = "<script>parent.postMessage({ recoup: 'sent', detail: { case: 'FORGED' } }, '*'); parent.postMessage('over', '*')<" + "/script>";
        return new Promise((done) => {
            addEventListener("message", (event) => event.data === "over" && done());
            document.body.append(frame);
        });
    }""")
    assert [name for name, _ in page.evaluate("heard")] == ["ready", "step"]


def test_a_page_of_ours_tells_nothing_to_whom_the_house_did_not_name(
    visit: Visit, shop: Shop, house: str, link: str
) -> None:
    shop.shows(house, link, link=house + link)
    page = visit(f"{shop.origin}/empty")

    def to_another(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace(f'"{shop.origin}"', '"https://another.example"'))

    page.route(f"**/embed/**{link}", to_another)
    page.goto(shop.origin)
    frame = page.frame_locator("recoup-capture iframe")
    onward(frame)
    expect(frame.get_by_role("heading", name="What is wrong with it?")).to_be_visible()
    assert page.evaluate("heard") == []


APP = """
window.told = JSON.parse(sessionStorage.told ?? "{}");
const keep = (who) => (message) => { (told[who] ??= []).push(message); sessionStorage.told = JSON.stringify(told); };
window.ReactNativeWebView = { postMessage: keep("native") };
window.webkit = { messageHandlers: { recoup: { postMessage: keep("webkit") } } };
window.RecoupAndroid = { sent: keep("android") };
"""


def test_an_app_hears_the_same_in_its_own_way(visit: Visit, house: str, link: str, photo: Path) -> None:
    page = visit(f"{house}/app/dark{link}", APP)
    expect(page.get_by_role("heading", name="What is wrong with it?")).to_be_visible()
    picture(page, "app-item-dark")
    walk_to_sent(page, photo, lambda: picture(page, "app-photo-dark"))
    picture(page, "app-sent-dark")
    number = Return.objects.get().number
    told = page.evaluate("told")
    expected = [{"type": f"recoup:{name}", "detail": detail} for name, detail in way(number)]
    assert [each for each in told["webkit"] if each["type"] != "recoup:photo"] == expected
    assert [json.loads(each) for each in told["native"]] == told["webkit"]
    assert told["android"] == [json.dumps({"case": number}, separators=(",", ":"))]


def test_from_a_shops_page_the_front_door_leads_in_without_a_cookie(
    visit: Visit, shop: Shop, house: str, mailoutbox: list[Any]
) -> None:
    order = make.order_line().order
    make.defect()
    shop.shows(house, order=order.number, language="en")
    page = visit(shop.origin)
    frame = page.frame_locator("recoup-capture iframe")
    expect(frame.get_by_label("Order number")).to_have_value(order.number)
    picture(page, "embedded-door")
    frame.get_by_label("E-mail address").fill("cora@example.com")
    frame.get_by_role("button", name="Send me a code").click()
    expect(frame.get_by_role("heading", level=1)).to_contain_text("If an order fits")
    picture(page, "embedded-code")
    drain()
    code = re.search(r"^\d{6}$", mailoutbox[-1].body, re.MULTILINE)
    assert code
    frame.get_by_label("The six digits").fill(code[0])
    frame.get_by_role("button", name="Go on").click()
    expect(frame.get_by_role("heading", name="What is wrong with it?")).to_be_visible()
    page.wait_for_function("heard.length === 4")
    assert [detail["page"] for name, detail in page.evaluate("heard") if name == "ready"] == [
        "front_door",
        "code",
        "capture",
    ]
    assert page.context.cookies() == []


def test_a_refusal_is_told_by_its_code(visit: Visit, shop: Shop, house: str) -> None:
    shop.shows(house, link=f"{house}/c/no-such-link/")
    page = visit(shop.origin)
    page.wait_for_function("heard.length === 2")
    assert page.evaluate("heard") == [["ready", {"page": "refused"}], ["refused", {"code": "not_found"}]]
    picture(page, "embedded-nothing-here")
