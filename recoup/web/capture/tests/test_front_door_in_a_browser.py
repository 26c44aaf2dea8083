"""The customers' front door, and the hand-over from a desk to a phone, in a real Chromium.

With RECOUP_PICTURES set to a folder, pages are also left there as pictures, to be looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from django.conf import settings
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from recoup.domain.orders.models import Order
from recoup.domain.returns import actions
from recoup.domain.returns.tests import factories as make
from recoup.foundation.accounts.models import OneTimeCode
from recoup.foundation.notices.models import Notice
from recoup.web.capture.tests import mail
from recoup.web.tests.in_a_browser import MARKS, picture

pytestmark = MARKS
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    """Opens a page of ours on a phone, or on what is described; what was sold by the factories was sold in 2025."""
    contexts = []

    def go(path: str, **about: Any) -> Page:
        contexts.append(browser.new_context(base_url=live_server.url, **(PHONE | about)))
        page = contexts[-1].new_page()
        page.goto(path)
        return page

    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)
    yield go
    for context in contexts:
        context.close()


def mailed(mailoutbox: list[Any]) -> str:
    """The code in the notice that was sent last; what we keep of the notice does not show it."""
    code = mail.mailed(mailoutbox)
    assert code not in Notice.objects.order_by("-created_at")[0].body_text
    return code


def ask(page: Page, order: Order) -> None:
    page.get_by_label("Order number").fill(f" {order.number.removeprefix('#')} ")
    page.get_by_label("E-mail address").fill("cora@example.com")
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("If an order fits, a code is on its way")


def type_in(page: Page, code: str) -> None:
    page.get_by_label("The six digits from the mail").fill(code)
    page.get_by_role("button", name="Go on").click()


def within_reach(page: Page) -> bool:
    """Nothing is wider than the phone, and everything that is pressed is large enough."""
    wide = page.evaluate("document.documentElement.scrollWidth") > 390
    boxes = [each.bounding_box() for each in page.locator("main button, main input:visible, main a.reach").all()]
    return not wide and all(box and box["height"] >= 44 for box in boxes)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_from_the_front_door_to_the_capture_page(visit: Visit, scheme: str, mailoutbox: list[Any]) -> None:
    order = make.order_line().order
    page = visit("/", color_scheme=scheme)
    assert within_reach(page)
    picture(page, f"front-door-{scheme}")
    ask(page, order)
    assert within_reach(page)
    picture(page, f"code-{scheme}")
    code = mailed(mailoutbox)
    type_in(page, f"{(int(code) + 1) % 10**6:06}")
    expect(page.get_by_role("alert")).to_have_text("That code does not fit. You have 4 tries left.")
    expect(page.get_by_label("The six digits from the mail")).to_be_focused()
    picture(page, f"code-wrong-{scheme}")
    type_in(page, f"{code[:3]} {code[3:]}")
    expect(page.get_by_role("heading", name="What is wrong with it?")).to_be_visible()
    assert re.search(r"/c/[\w-]{43}/(#wrong)?$", page.url)
    expect(page.locator(".handover")).to_be_hidden()
    picture(page, f"came-in-{scheme}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_script_a_spent_code_is_sent_anew_by_one_press(
    visit: Visit, scheme: str, mailoutbox: list[Any]
) -> None:
    page = visit("/", color_scheme=scheme, java_script_enabled=False)
    ask(page, make.order_line().order)
    OneTimeCode.objects.update(tries=4)
    type_in(page, f"{(int(mailed(mailoutbox)) + 1) % 10**6:06}")
    expect(page.get_by_role("alert")).to_contain_text("No tries are left for this code.")
    picture(page, f"code-over-{scheme}")
    page.get_by_role("button", name="Send me a new code").click()
    expect(page.get_by_role("status")).to_contain_text("the mail before does not work any more")
    picture(page, f"code-again-{scheme}")
    type_in(page, mailed(mailoutbox))
    expect(page.get_by_role("button", name="Send my return")).to_be_visible()


def test_the_keyboard_alone_comes_in(visit: Visit, mailoutbox: list[Any]) -> None:
    order = make.order_line().order
    page = visit("/", **DESK, is_mobile=False, has_touch=False)
    page.keyboard.press("Tab")
    page.keyboard.type(order.number)
    page.keyboard.press("Tab")
    page.keyboard.type("cora@example.com")
    page.keyboard.press("Enter")
    page.wait_for_url("**/code/")
    page.keyboard.press("Tab")
    page.keyboard.type(mailed(mailoutbox))
    page.keyboard.press("Enter")
    page.wait_for_url("**/c/**")


def test_too_many_codes_are_refused_where_the_last_one_can_still_be_typed(visit: Visit) -> None:
    page = visit("/")
    ask(page, make.order_line().order)
    for _ in range(4):
        page.get_by_role("button", name="Send me a new code").click()
        expect(page.get_by_role("status")).to_be_visible()
    page.get_by_role("button", name="Send me a new code").click()
    expect(page.get_by_role("alert")).to_contain_text("You can ask for another one in 60 minutes.")
    expect(page.get_by_label("The six digits from the mail")).to_be_visible()
    picture(page, "code-too-many")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_desk_hands_over_to_a_phone_and_what_was_chosen_is_there(visit: Visit, scheme: str) -> None:
    line = make.order_line()
    other = make.order_line(line.order, sold=make.product(name="Lamp"))
    make.defect()
    link, secret = make.link(line.order, secret=True)
    at_desk = visit(f"/c/{secret}/", **DESK, is_mobile=False, has_touch=False, color_scheme=scheme)
    code = at_desk.get_by_role("img", name="The address of this page, as a code to scan")
    expect(code).to_be_visible()
    code.evaluate("picture => picture.decode()")
    (read,) = zxingcpp.read_barcodes(Image.open(BytesIO(code.screenshot())))
    assert read.text == f"{settings.RECOUP_ADDRESS}/c/{secret}/"
    picture(at_desk, f"handover-{scheme}")
    with at_desk.expect_response("**/draft"):
        at_desk.get_by_text("Lamp").click()
    on_phone = visit(f"/c/{secret}/")
    expect(on_phone.get_by_role("radio", name="Lamp")).to_be_checked()
    at_desk.get_by_text("Easier with your phone’s camera").click()
    expect(code).to_be_hidden()
    link.refresh_from_db()
    assert link.draft["order_line_id"] == str(other.pk)


def test_a_phone_neither_shows_nor_fetches_the_code_to_scan(visit: Visit) -> None:
    _, secret = make.link(make.order_line().order, secret=True)
    page, asked = visit("/"), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/c/{secret}/", wait_until="networkidle")
    expect(page.locator(".handover")).to_be_hidden()
    assert any(each.endswith(f"/c/{secret}/") for each in asked)
    assert not [each for each in asked if each.endswith("code.svg")]


def test_something_else_of_an_order_is_begun_from_where_the_return_stands(visit: Visit) -> None:
    line = make.to_agent()
    link = line.return_case.links.get()
    page = visit(f"/c/{actions.new_secret(link=link, expires_at=make.LATER, actor=make.CUSTOMER)}/status")
    picture(page, "something-else")
    page.get_by_role("button", name="Return something else").click()
    expect(page.get_by_role("heading", name="What is wrong with it?")).to_be_visible()
