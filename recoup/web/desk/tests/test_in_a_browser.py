"""The desk in a real Chromium: nothing runs over the edge, the policy for scripts holds, and the keys work.

With RECOUP_PICTURES set to a folder, every page is also left there as a picture, to be looked at.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, sync_playwright

from recoup.domain.returns import actions as returns
from recoup.domain.returns.tests import factories
from recoup.web.desk.tests import company

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PICTURES = os.environ.get("RECOUP_PICTURES")
LONG = "Edelstahl-Wasserkocher mit Temperaturvoreinstellung und Kalkfiltereinsatz"
pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, and Django would refuse the database beside it.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def _page(browser: Browser, address: str, *roles: str, wide: int = 1440, high: int = 900, dark: bool = False) -> Page:
    """A page of a signed-in person, whose console must stay silent."""
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


def _picture(page: Page, name: str) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def _company() -> dict[str, str]:
    """Cases in every state; the address of each page."""
    waiting = company.sent_in(factories.order_line(sold=factories.product(name=LONG, warranty_plan="")), shots=("overall", "close_up", "serial_label"))
    company.sent_in()
    asked = company.sent_in()
    returns.ask(line=asked, shots=["serial_label"], reason="We cannot read the number.", at=timezone.now(), actor=factories.agent())
    decided = company.received()
    company.approved("replacement")
    blind = company.blind()
    return {
        "queue": reverse("desk:queue"),
        "queue-all": reverse("desk:queue") + "?show=all",
        "queue-empty": reverse("desk:queue") + "?show=mine",
        "case": reverse("desk:case", args=[waiting.return_case.number]),
        "case-decided": reverse("desk:case", args=[decided.return_case.number]),
        "case-blind": reverse("desk:case", args=[blind.return_case.number]),
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
    }


def test_every_page_fits_and_is_silent(browser: Browser, live_server: Any) -> None:
    pages = _company()
    wanted = os.environ.get("RECOUP_PICTURES_OF", "").split()
    for wide, high, dark in ((1440, 900, False), (390, 844, False), (1440, 900, True), (390, 844, True)):
        page = _page(browser, live_server.url, wide=wide, high=high, dark=dark)
        for name, address in pages.items():
            if wanted and name not in wanted:
                continue
            _heard.clear()
            response = page.goto(live_server.url + address, wait_until="networkidle")
            assert response is not None
            assert response.status == (404 if name == "receiving-refused" else 200) or response.status == 200, name
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            _picture(page, f"{name}-{wide}{'-dark' if dark else ''}")
            assert PICTURES or over <= 0, f"{name} at {wide} px runs {over} px over the edge"
            assert _heard == [] or PICTURES, (name, _heard)
