"""A house that serves real pages, links to it, and a phone with a false camera before it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from recoup.web.capture.tests import films
from recoup.web.tests.in_a_browser import running
from tests import chromium

SHOTS = ("overall", "close_up")
SCREEN = {"width": 390, "height": 844}


@dataclass(frozen=True)
class Line:
    """A phone's line, and how much slower its processor is than this machine's."""

    bits: int = 400_000  # a second, each way
    wait: int = 400  # milliseconds, there and back
    slower: int = 4

    def lay(self, page: Page) -> None:
        wire = page.context.new_cdp_session(page)
        each_way = self.bits / 8
        wire.send("Network.enable")
        wire.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": self.wait, "downloadThroughput": each_way, "uploadThroughput": each_way},
        )
        wire.send("Emulation.setCPUThrottlingRate", {"rate": self.slower})


@contextmanager
def filming(folder: str) -> Iterator[Browser]:
    """A Chromium whose camera films a good scene."""
    reel = Path(folder, "reel.y4m")
    slow, usual = f" F{films.PACE}:1 ".encode(), b" F30:1 "  # pictures a second, as a phone's camera gives them
    reel.write_bytes(films.film("good").replace(slow, usual, 1))
    with running(*films.flags(reel)) as browser:
        yield browser


def phone(browser: Browser, address: str, *scripts: str) -> BrowserContext:
    """One that has never been here."""
    context = browser.new_context(viewport=SCREEN, is_mobile=True, has_touch=True, base_url=address, locale="en-GB")  # type: ignore[arg-type]  # two numbers
    for script in scripts:
        context.add_init_script(script)
    return context


def wire(page: Page) -> CDPSession:
    return page.context.new_cdp_session(page)


def new_link(*, chosen: bool = True) -> tuple[Any, str]:
    """A link to an order of one item, and its path; ``chosen``: which item and what is wrong is answered already.

    The defect asks for two photos.
    """
    from recoup.domain.returns import actions
    from recoup.domain.returns.tests import factories as make
    from recoup.web.capture.tests.upload.queue import customer

    line = make.order_line()
    link, path = customer.new_link(line.order)
    if chosen:
        draft = {"order_line_id": str(line.pk), "defect_type": make.defect(*SHOTS).code}
        actions.choose(link=link, draft=draft, at=make.NOW, actor=make.CUSTOMER)
    return link, path


def screens() -> dict[str, str]:
    """The customer's screens as somebody meets them who was never here: name → path."""
    from recoup.domain.returns import actions
    from recoup.domain.returns.tests import factories as make

    begun, path = new_link()
    sent = make.submitted()
    until = begun.session.expires_at
    secret = actions.new_secret(link=sent.return_case.links.get(), expires_at=until, actor=make.CUSTOMER)
    return {"front door": "/", "capture": path, "status": f"/c/{secret}/status"}


def missing() -> str:
    """Why nothing can be measured; nothing when it can."""
    return "" if chromium.path() else chromium.MISSING
