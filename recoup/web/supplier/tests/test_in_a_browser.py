"""The supplier's room in a real Chromium, with and without JavaScript: it fits, it is silent, and it can be answered.

With RECOUP_PICTURES set to a folder, every page is also left there as a picture, to be looked at.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser

from recoup.domain.claims import actions as claims
from recoup.domain.claims.tests import factories, pictured
from recoup.web.tests.in_a_browser import MARKS, picture

pytestmark = MARKS
LONG = "Elektrogerätegroßhandelsgesellschaft Oberösterreich mit beschränkter Haftung"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    factories.today(monkeypatch)


def test_it_fits_is_silent_and_is_answered_without_javascript(browser: Browser, live_server: Any) -> None:
    claim, secret = pictured.sent(factories.Source(name=LONG))
    due = factories.SOON.date()
    claims.ask_question(claim=claim, kind="carton_photo", due=due, at=factories.NOW, actor=factories.QUALITY)
    address = live_server.url + reverse("supplier:room", args=[secret])
    heard: list[str] = []
    for wide, dark, scripts in ((1440, False, True), (390, False, True), (1440, True, True), (390, True, False)):
        context = browser.new_context(
            viewport={"width": wide, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
        )
        page = context.new_page()
        page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
        page.goto(address, wait_until="load")
        page.get_by_label("Accept in part").nth(1).check()
        picture(page, f"room-{wide}{'-dark' if dark else ''}")
        assert page.locator("body").bounding_box()["width"] <= wide  # type: ignore[index]
        if scripts:
            assert page.evaluate("document.documentElement.scrollWidth") <= wide
    assert heard == []
    page.get_by_label("Amount you accept").nth(1).fill("400")
    page.get_by_label("Why, or what you ask").nth(1).fill("Only the rim was ours.")
    page.get_by_role("button", name="Send these answers").click()
    assert "is more than the" in page.inner_text("[role=alert]")
    picture(page, "room-refused-390-dark")
    page.get_by_label("Amount you accept").nth(1).fill("4.00")
    page.get_by_role("button", name="Send these answers").click()
    assert "1 answer received" in page.inner_text("[role=status]")
    assert factories.lines(claim)[1].accepted_minor == 400


def test_a_link_that_leads_nowhere_has_a_kind_page(browser: Browser, live_server: Any) -> None:
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    answer = page.goto(f"{live_server.url}/supplier/{'x' * 43}/")
    assert answer is not None and answer.status == 404
    assert "ask for a new one" in page.inner_text("main")
    picture(page, "room-nowhere-390")
