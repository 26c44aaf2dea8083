"""What the browser tests of every door share.

With RECOUP_PICTURES set to a folder, the pages they see are also left there as pictures, to be looked at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests import chromium

PICTURES = os.environ.get("RECOUP_PICTURES")
MARKS = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.skipif(chromium.path() is None, reason=chromium.MISSING),
    pytest.mark.django_db(transaction=True),
]


@contextmanager
def running(*flags: str) -> Iterator[Browser]:
    """A Chromium beside Django's database."""
    # Playwright keeps an event loop in this thread, and Django would refuse the database beside it.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with chromium.started(*flags) as browser:
        yield browser
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def chromium_of_module() -> Iterator[Browser]:
    """One Chromium for all tests of a module."""
    with running() as browser:
        yield browser


@pytest.fixture
def browser(chromium_of_module: Browser) -> Iterator[Browser]:
    """It, without the pages of earlier tests: some ask the house again and again."""
    yield chromium_of_module
    for context in chromium_of_module.contexts:
        context.close()


def picture(page: Page, name: str) -> None:
    """Leave the whole page as NAME.png where pictures are wanted."""
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
