"""The Chromium of this machine: the tests walk in one, whichever door they walk through."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserType, sync_playwright

# The shell first: the same Chromium without windows, which takes less than half the processor's time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
MISSING = "There is no Chromium here; install one, or name it in RECOUP_CHROMIUM."


def path() -> str | None:
    """Where it is; None where there is none."""
    return os.environ.get("RECOUP_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def started(*flags: str) -> Iterator[Browser]:
    """One that runs until the end of the block."""
    with sync_playwright() as driver, beside(driver.chromium, *flags) as browser:
        yield browser


@contextmanager
def beside(driver: BrowserType, *flags: str) -> Iterator[Browser]:
    """One more, of a driver that runs already: a thread has room for one."""
    browser = driver.launch(executable_path=path(), args=["--no-sandbox", *flags])
    yield browser
    browser.close()
