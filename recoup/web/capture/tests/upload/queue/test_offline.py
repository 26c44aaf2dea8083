"""Without a line the whole page works: what is chosen, typed and taken stays on the phone, and is sent once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from recoup.domain.orders.models import OrderLine
from recoup.domain.returns.models import CaptureLink, Return
from recoup.foundation.accounts.models import LinkToken
from recoup.web.capture.tests.upload.queue.customer import (
    MIB,
    Customer,
    Line,
    all_arrived,
    answer_once,
    cards,
    new_link,
    nothing_kept,
    sent_at_least,
    take,
)
from recoup.web.tests.in_a_browser import MARKS, picture

pytestmark = MARKS
Photos = Callable[..., Path]
STUCK = "Nothing gets through right now."
WORDS = "It hums, then stops.\nTwice a day."


def visit(customer: Customer, hash: str = "") -> Page:
    page = customer.context.new_page()
    page.set_default_timeout(30_000)
    page.goto(customer.address + hash)
    return page


def kept_for_later(page: Page) -> None:
    """Wait until the worker has this link's page, and every file of it."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function(
        "async () => (await caches.match(location.pathname)) !== undefined", polling=100
    )


def line_of(page: Page) -> Any:
    return page.locator("[data-line]")


def test_probe(customer: Customer, photo: Photos) -> None:
    page = visit(customer)
    kept_for_later(page)
    customer.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", name="Which item is it?")).to_be_visible()
    print(page.evaluate("caches.keys()"))
    picture(page, "offline-first")
