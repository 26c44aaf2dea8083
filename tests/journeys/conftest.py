"""A whole installation on a free port with the sample company in it, and a real Chromium to walk it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests import chromium

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
PATIENCE = 20_000  # milliseconds for anything on a page; slow work has its own


@dataclass(frozen=True)
class House:
    """A running installation: its address, a link's secret by order number, e-mail by role, everybody's password."""

    address: str
    secrets: dict[str, str]
    people: dict[str, str]
    password: str
    env: dict[str, str]


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    if not (ROOT / "phone" / "dist" / ".vite" / "manifest.json").exists():
        pytest.skip("The pages are not built; script/setup builds them.")
    # A short path: a socket's address has room for about a hundred characters.
    folder = tempfile.mkdtemp(prefix="rj-")
    taken = ("DATABASE_URL", "RECOUP_ADDRESS", "RECOUP_KEY", "RECOUP_MAIL", "DJANGO_SETTINGS_MODULE")
    env = {name: value for name, value in os.environ.items() if name not in taken} | {"RECOUP_VAR": f"{folder}/var"}
    serving = _start(env)
    try:
        ready = _ready(serving)
        made = subprocess.run(
            [sys.executable, "-m", "tests.journeys.prepare"], cwd=ROOT, env=env, check=True, text=True, stdout=subprocess.PIPE
        )  # fmt: skip
        yield House(ready["customers"].rstrip("/"), env=env, **json.loads(made.stdout.splitlines()[-1]))
    finally:
        serving.terminate()
        serving.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _start(env: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "recoup", "serve", "--port", "0", "--json"], cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE
    )  # fmt: skip


def _ready(serving: subprocess.Popen[str]) -> dict[str, Any]:
    assert serving.stdout
    for line in serving.stdout:
        said: dict[str, Any] = json.loads(line)
        if said.get("event") == "ready":
            return said
    raise AssertionError("The installation ended before it was ready; its log is above.")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if chromium.path() is None:
        pytest.skip(chromium.MISSING)
    with chromium.started() as browser:
        yield browser


@dataclass
class Visits:
    """Opens pages, and keeps what went wrong on any of them."""

    browser: Browser
    house: House
    wrong: list[str]
    staff: dict[str, Any] = field(default_factory=dict)  # role → the cookies of who is signed in

    def page(self, size: dict[str, int], *, phone: bool = False, dark: bool = False, cookies: Any = None) -> Page:
        context: BrowserContext = self.browser.new_context(
            viewport={"width": size["width"], "height": size["height"]}, is_mobile=phone, has_touch=phone,
            color_scheme="dark" if dark else "light", base_url=self.house.address, locale="en-GB",
            storage_state=cookies,
        )  # fmt: skip
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.wrong.append(f"{page.url}: {error}"))
        page.on("console", lambda said: self.wrong.append(f"{page.url}: {said.text}") if said.type == "error" else None)
        return page

    def desk(self, role: str, path: str = "/desk/") -> Page:
        """Signed in at the desk: with the password the first time, and from then on as a browser that is still open."""
        page = self.page(DESK, cookies=self.staff.get(role))
        page.goto(path)
        if role not in self.staff:
            page.get_by_label("E-mail address").fill(self.house.people[role])
            page.get_by_label("Password").fill(self.house.password)
            page.get_by_role("button", name="Sign in", exact=True).click()
            page.wait_for_url(f"**{path}*")
            self.staff[role] = page.context.storage_state()
        return page


@pytest.fixture
def visits(browser: Browser, house: House) -> Iterator[Visits]:
    """No page may write an error to the console: a blocked script or style would show there."""
    visits = Visits(browser, house, [])
    yield visits
    for context in browser.contexts:
        context.close()
    assert visits.wrong == []
