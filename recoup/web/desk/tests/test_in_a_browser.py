"""The desk in a real Chromium: nothing runs over the edge, the policy for scripts holds, and the keys work.

With RECOUP_PICTURES set to a folder, every page is also left there as a picture, to be looked at.
"""

from __future__ import annotations

import os
import re
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page

from recoup.domain.catalogue import actions as catalogue
from recoup.domain.catalogue.models import Product
from recoup.domain.evidence.models import CatalogueMatch
from recoup.domain.returns import actions as returns
from recoup.domain.returns.models import ReturnLine
from recoup.domain.returns.tests import factories
from recoup.foundation.accounts import actions as accounts
from recoup.kit.actor import SYSTEM
from recoup.web.desk.tests import company
from recoup.web.tests.in_a_browser import MARKS, picture

LONG = "Edelstahl-Wasserkocher mit Temperaturvoreinstellung und Kalkfiltereinsatz"
pytestmark = MARKS


def _page(browser: Browser, address: str, *roles: str, wide: int = 1440, high: int = 900, dark: bool = False) -> Page:
    """A page of a signed-in person, whose console must stay silent."""
    _heard.clear()  # what an earlier test provoked is not this page's
    client, _ = company.signed_in(*(roles or ("admin",)))
    context = browser.new_context(viewport={"width": wide, "height": high}, color_scheme="dark" if dark else "light")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}])
    page = context.new_page()
    page.on("console", lambda said: _loud(said) if said.type == "error" else None)
    page.on("pageerror", lambda error: pytest.fail(f"a script broke: {error}"))
    return page


_heard: list[str] = []


def _loud(said: Any) -> None:
    _heard.append(said.text)


def _company() -> dict[str, str]:
    """Cases in every state; the address of each page."""
    waiting = company.sent_in(
        factories.order_line(sold=factories.product(name=LONG, warranty_plan="")),
        shots=("overall", "close_up", "serial_label"),
    )
    talkative = company.sent_in(words=f"It looks like https://shop.example/{'kettle-' * 60}1 and leaks.")
    asked = company.sent_in()
    returns.ask(
        line=asked,
        shots=["serial_label"],
        reason="We cannot read the number.",
        at=timezone.now(),
        actor=factories.agent(),
    )
    decided = company.received()
    company.approved("replacement")
    blind = company.blind()
    kettle = _with_pictures(waiting)
    return {
        "queue": reverse("desk:queue"),
        "queue-all": reverse("desk:queue") + "?show=all",
        "queue-empty": reverse("desk:queue") + "?show=mine",
        "case": reverse("desk:case", args=[waiting.return_case.number]),
        "case-long-word": reverse("desk:case", args=[talkative.return_case.number]),
        "case-decided": reverse("desk:case", args=[decided.return_case.number]),
        "case-blind": reverse("desk:case", args=[blind.return_case.number]),
        "product": reverse("desk:product", args=[kettle.sku]),
        "product-bare": reverse("desk:product", args=[factories.product(name="Lamp", warranty_plan="").sku]),
        "products": reverse("desk:products"),
        "products-none": reverse("desk:products") + "?q=nothing+such",
        "new-link": reverse("desk:new_link"),
        "receiving": reverse("desk:receiving"),
        "receiving-scan": reverse("desk:receiving") + f"?code={company.approved().return_case.rma_number}",
        "receiving-refused": reverse("desk:receiving") + "?code=4006381333931",
        "stock": reverse("desk:stock"),
        "finance": reverse("desk:finance"),
        "insight": reverse("desk:insight"),
        "dead-letters": reverse("desk:dead_letters"),
        "staff": reverse("desk:staff"),
        "channels": reverse("desk:channels"),
        "search": reverse("desk:search") + "?q=Cora",
        "password": "/accounts/password/change/",
        "second-factor": "/accounts/2fa/",
    }


def _with_pictures(line: ReturnLine) -> Product:
    """The line's product with two reference pictures, and a photo that was known by one of them."""
    assert line.order_line is not None
    product: Product = line.order_line.product
    for shot in ("overall", "packaging"):
        catalogue.add_picture(product=product, data=company.rendered(shot)["screen"], actor=SYSTEM)
    photo = line.photos.get(shot="overall").photo
    CatalogueMatch.objects.create(photo=photo, product=product, inliers=48, share=0.8, box=[1, 2, 3, 4])
    return product


def test_every_page_fits_and_is_silent(browser: Browser, live_server: Any) -> None:
    pages = _company()
    missing = {pages["receiving-refused"]: 404}
    page = _page(browser, live_server.url)
    for name, address in pages.items():
        response = page.goto(live_server.url + address, wait_until="load")
        assert response is not None
        assert response.status in (200, missing.get(address)), name
        assert _wrong(page, name) == []
    page.wait_for_load_state("networkidle")  # what the last of them says late is heard, too
    assert _wrong(page, "the last page") == []


def _wrong(page: Page, name: str) -> list[str]:
    """What is wrong with the page that is open: what runs over the edge at any size, light or dark, and what was said
    to the console. One visit serves every size: a page has to follow when a phone is turned, too."""
    wanted, wrong = os.environ.get("RECOUP_PICTURES_OF", "").split(), []
    for wide, high, dark in (
        (1440, 900, False),
        (768, 1024, False),
        (390, 844, False),
        (390, 844, True),
        (1440, 900, True),
    ):
        page.set_viewport_size({"width": wide, "height": high})
        page.emulate_media(color_scheme="dark" if dark else "light")
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        wrong += [f"{name} at {wide} px runs {over} px over the edge"] if over > 0 else []
        if not wanted or name in wanted:
            picture(page, f"{name}-{wide}{'-dark' if dark else ''}")
    wrong += [f"{name}: {said}" for said in _heard]
    _heard.clear()
    page.set_viewport_size({"width": 1440, "height": 900})
    return wrong


def test_the_doors_fit_and_are_silent(browser: Browser, live_server: Any) -> None:
    secret = accounts.first_admin_link(now=timezone.now())
    pages = {
        "login": "/accounts/login/",
        "reset": "/accounts/password/reset/",
        "first": reverse("desk:first_admin", args=[secret]),
    }
    for wide, dark in ((1440, False), (390, True)):
        page = browser.new_context(
            viewport={"width": wide, "height": 844}, color_scheme="dark" if dark else "light"
        ).new_page()
        page.on("console", lambda said: _loud(said) if said.type == "error" else None)
        for name, address in pages.items():
            _heard.clear()
            page.goto(live_server.url + address, wait_until="load")
            picture(page, f"{name}-{wide}{'-dark' if dark else ''}")
            assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, (
                name
            )
            assert _heard == [], name


def test_an_agent_decides_with_three_keys(browser: Browser, live_server: Any) -> None:
    line = company.sent_in()
    page = _page(browser, live_server.url, "agent")
    page.goto(live_server.url + reverse("desk:queue"), wait_until="load")
    page.wait_for_selector("#preview >> text=it leaks when hot")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/**")
    page.keyboard.press("a")
    page.wait_for_selector("text=Approved. The customer’s page says so")
    line.refresh_from_db()
    assert line.decision == "approved"


def test_j_and_k_move_and_the_preview_follows(browser: Browser, live_server: Any) -> None:
    for _ in range(2):
        company.sent_in()
    page = _page(browser, live_server.url, "agent")
    page.goto(live_server.url + reverse("desk:queue"), wait_until="load")
    chosen = []
    for key in ("j", "j", "k"):
        page.keyboard.press(key)
        row = page.inner_text('[data-row][aria-selected="true"]')
        number = re.findall(r"R-\w{4}-\w{4}", row)[0]
        page.wait_for_selector(f"#preview >> text={number}")
        chosen.append(number)
    assert chosen[0] == chosen[2] != chosen[1]


def test_a_refusal_is_read_in_place_and_nothing_typed_is_lost(browser: Browser, live_server: Any) -> None:
    line = company.sent_in()
    page = _page(browser, live_server.url, "agent")
    page.goto(live_server.url + reverse("desk:case", args=[line.return_case.number]), wait_until="load")
    page.keyboard.press("r")
    page.keyboard.type("It was dropped.")
    returns.cancel(line=line, reason="", at=timezone.now(), actor=factories.agent())
    page.get_by_role("button", name="Refuse with this reason").click()
    page.wait_for_selector("#refusal [role=alert]")
    assert "not possible" in page.inner_text("#refusal")
    assert page.get_by_label("Why not?").input_value() == "It was dropped."


def test_asking_shows_the_letter_while_it_is_written(browser: Browser, live_server: Any) -> None:
    line = company.sent_in()
    page = _page(browser, live_server.url, "agent")
    page.goto(live_server.url + reverse("desk:case", args=[line.return_case.number]), wait_until="load")
    page.keyboard.press("q")
    page.get_by_label("Serial label").check()
    page.get_by_label("What should they show?").fill("The number on the bottom, please.")
    page.wait_for_selector(".letter-preview >> text=The number on the bottom, please.")
    picture(page, "case-asking-1440")
    page.get_by_role("button", name="Ask for these photos").click()
    page.wait_for_selector("text=Asked.")
    line.return_case.refresh_from_db()
    assert line.return_case.waiting_for == "customer"


def test_photos_are_turned_over_and_enlarged_by_keys(browser: Browser, live_server: Any) -> None:
    line = company.sent_in()
    page = _page(browser, live_server.url, "agent")
    page.goto(live_server.url + reverse("desk:case", args=[line.return_case.number]), wait_until="load")
    picture = page.locator("[data-stage] img")
    first = picture.get_attribute("src")
    page.keyboard.press("]")
    assert picture.get_attribute("src") != first
    assert picture.get_attribute("alt") == "close-up"
    page.keyboard.press("+")
    assert "scale(1.5)" in (picture.get_attribute("style") or "")
    page.keyboard.press("0")
    assert "scale(1)" in (picture.get_attribute("style") or "")


def test_without_scripts_a_case_is_decided_all_the_same(browser: Browser, live_server: Any) -> None:
    line = company.sent_in()
    client, _ = company.signed_in("agent")
    context = browser.new_context(java_script_enabled=False)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("desk:case", args=[line.return_case.number]), wait_until="load")
    page.get_by_role("button", name="Approve refund of 49.90 EUR").click()
    line.refresh_from_db()
    assert line.decision == "approved"


def test_a_case_that_is_still_checked_fills_in_by_itself(browser: Browser, live_server: Any) -> None:
    line = company.sent_in(verified=False)
    page = _page(browser, live_server.url, "agent")
    page.goto(live_server.url + reverse("desk:case", args=[line.return_case.number]), wait_until="load")
    assert page.get_by_text("Not checked yet. This page fills in").is_visible()
    returns.verify(return_case=line.return_case, at=timezone.now(), actor=SYSTEM)
    page.wait_for_selector("text=The link was made for this order.")
