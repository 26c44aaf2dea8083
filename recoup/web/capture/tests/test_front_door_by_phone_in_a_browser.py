"""The front door with a mobile number, and from a shop's link, in a real Chromium.

With RECOUP_PICTURES set to a folder, pages are also left there as pictures, to be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from recoup.domain.returns.tests import factories as make
from recoup.foundation.notices.tests.gateway_house import GatewayHouse
from recoup.web.capture.tests.test_front_door_by_phone import TYPED, order, texted
from recoup.web.tests.in_a_browser import MARKS, picture

pytestmark = MARKS
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
BOTH = "E-mail address or mobile number"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)


@pytest.fixture
def phone(browser: Browser, live_server: Any) -> Iterator[Any]:
    contexts = []

    def go(path: str, **about: Any) -> Page:
        contexts.append(browser.new_context(base_url=live_server.url, **(PHONE | about)))
        page = contexts[-1].new_page()
        page.goto(path)
        return page

    yield go
    for context in contexts:
        context.close()


def within_reach(page: Page) -> bool:
    wide = page.evaluate("document.documentElement.scrollWidth") > 390
    boxes = [each.bounding_box() for each in page.locator("main button, main input:visible, main a.reach").all()]
    return not wide and all(box and box["height"] >= 44 for box in boxes)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_from_the_shops_link_with_a_mobile_number_to_the_capture_page(
    phone: Any, gateway: GatewayHouse, scheme: str
) -> None:
    order()
    page = phone("/?order=%232001", color_scheme=scheme)
    expect(page.get_by_label("Order number")).to_have_value("#2001")
    assert within_reach(page)
    picture(page, f"front-door-by-phone-{scheme}")
    page.get_by_label(BOTH).fill("cora")
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("alert")).to_contain_text("Write the e-mail address or the mobile number")
    picture(page, f"front-door-by-phone-refused-{scheme}")
    page.get_by_label(BOTH).fill(TYPED)
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("on its way to that number")
    assert within_reach(page)
    picture(page, f"code-by-phone-{scheme}")
    page.get_by_role("button", name="Send me a new code").click()
    expect(page.get_by_role("status")).to_contain_text("the text message before does not work any more")
    page.get_by_label("The six digits from the text message").fill(texted(gateway))
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="What is wrong with it?")).to_be_visible()


def test_the_fields_tell_a_phone_which_keyboard_and_what_to_offer(phone: Any, gateway: GatewayHouse) -> None:
    page = phone("/")
    field = page.get_by_label(BOTH)
    expect(field).to_have_attribute("type", "text")  # one for e-mail would refuse a number before we see it
    expect(field).to_have_attribute("inputmode", "email")
    expect(field).to_have_attribute("autocomplete", "email")
    expect(field).to_have_attribute("autocapitalize", "none")
    order()
    page.get_by_label("Order number").fill("2001")
    field.fill(TYPED)
    field.press("Enter")
    code = page.get_by_label("The six digits from the text message")
    expect(code).to_have_attribute("autocomplete", "one-time-code")
    expect(code).to_have_attribute("inputmode", "numeric")


#: A browser that has read the text message once the test says so, as Android's does after its reader allowed it.
READS = """
window.OTPCredential = class {};
navigator.credentials.get = (wanted) => {
  window.wanted = wanted;
  return new Promise((given, refused) => {
    window.came = (code) => given({ code });
    wanted.signal.addEventListener("abort", () => { window.given_up = true; refused(wanted.signal.reason); });
  });
};
"""


@pytest.fixture
def reading(phone: Any, gateway: GatewayHouse) -> Page:
    """The page of the code, in such a browser."""
    order()
    page: Page = phone("/?order=2001")
    page.context.add_init_script(READS)
    page.get_by_label(BOTH).fill(TYPED)
    page.get_by_label(BOTH).press("Enter")
    page.wait_for_url("**/code/")
    page.wait_for_function("window.wanted")
    return page


def test_a_browser_that_reads_the_text_message_fills_the_code_in(reading: Page, gateway: GatewayHouse) -> None:
    assert reading.evaluate("window.wanted.otp") == {"transport": ["sms"]}
    reading.evaluate("code => window.came(code)", texted(gateway))
    expect(reading.get_by_role("heading", name="What is wrong with it?")).to_be_visible()


def test_what_somebody_types_meanwhile_stays_theirs(reading: Page, gateway: GatewayHouse) -> None:
    field = reading.get_by_label("The six digits from the text message")
    field.fill("12")
    reading.evaluate("code => window.came(code)", texted(gateway))
    expect(field).to_have_value("12")
    reading.get_by_role("button", name="Go on").click()
    expect(reading.get_by_role("alert")).to_contain_text("A code has six digits.")


def test_a_code_by_mail_makes_no_browser_look_into_text_messages(phone: Any, gateway: GatewayHouse) -> None:
    page: Page = phone("/?order=2001")
    page.context.add_init_script(READS)
    page.get_by_label(BOTH).fill("cora@example.com")
    page.get_by_label(BOTH).press("Enter")
    expect(page.get_by_label("The six digits from the mail")).to_be_visible()
    assert page.locator("script[src*=texted_code]").count() == 0
