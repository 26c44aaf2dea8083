"""A customer with a phone and a link, the line they are on, and what reached us of their photos."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, Request, Route, expect

from recoup.domain.evidence.models import CaptureSession, Photo
from recoup.domain.returns import actions
from recoup.domain.returns.models import CaptureLink
from recoup.domain.returns.tests import factories as make
from recoup.foundation.accounts.models import LinkToken
from recoup.foundation.files import queries as stored
from recoup.web.capture.tests.upload.phone import Server

MIB = 2**20
PATIENCE = 30_000  # milliseconds
UPLOADS = re.compile("/upload/")
NO_STORE = "indexedDB.open = () => { throw new DOMException('private', 'SecurityError'); };"


class House(Server):
    """The pages and the upload door together."""

    application = "recoup.web.capture.tests.upload.queue.house"
    builds: Path

    @property
    def process(self) -> int:
        return self._process

    def next_build(self) -> None:
        """From now on its pages say that they are of another build."""
        with self.builds.open("a") as file:
            file.write("+")


def keeping(page: Page) -> None:
    """The page is there whole: what is typed or taken from now on is kept."""
    page.wait_for_selector("html.kept")


@dataclass
class Customer:
    """Somebody with a phone (a browser's context) and a link, on the step that asks for the first photo."""

    context: BrowserContext
    link: CaptureLink
    address: str
    received: Path

    def open(self, address: str = "") -> Page:
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto((address or self.address) + "#photo-overall")
        expect(page.get_by_role("heading", name="Show all of it")).to_be_visible()
        keeping(page)
        return page

    @property
    def arrived(self) -> list[Photo]:
        return list(Photo.objects.select_related("file__key").filter(session=self.link.session).order_by("position"))

    def bytes_received(self) -> int:
        """Over the line, for the photos that arrived."""
        mine = {f"/upload/{photo.file_id}" for photo in self.arrived}
        told = [json.loads(line) for line in self.received.read_text().splitlines()]
        return sum(each["bytes"] for each in told if each["path"] in mine)

    def sent(self, *photos: Path) -> None:
        """Each of these arrived, once, byte for byte, and nothing else did."""
        wanted = sorted(hashlib.sha256(each.read_bytes()).hexdigest() for each in photos)
        arrived = self.arrived
        assert sorted(hashlib.sha256(stored.read(each.file)).hexdigest() for each in arrived) == wanted
        assert sorted(each.sha256 for each in arrived) == wanted


class Line:
    """How good a page's line is; it ends with the page."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)

    def set(self, *, upload: int = -1, offline: bool = False) -> None:
        """``upload`` in bytes a second; -1 is as fast as it goes."""
        self._session.send(
            "Network.emulateNetworkConditions",
            {"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": upload},
        )


def new_link(order: Any, return_case: Any = None, *, hours: float = 48) -> tuple[CaptureLink, str]:
    """A link for a phone whose clock is ours; its address on the page."""
    until = timezone.now() + dt.timedelta(hours=hours)
    link, secret = actions.open_link(
        order=order, language="en", expires_at=until, actor=make.CUSTOMER, return_case=return_case
    )
    return link, f"/c/{secret}/"


def take(page: Page, *photos: Path) -> None:
    page.locator("section:visible input[type=file][multiple]").set_input_files([str(each) for each in photos])


def cards(page: Page) -> Locator:
    return page.locator("section:visible .photo")


def all_arrived(page: Page, count: int) -> None:
    expect(cards(page).filter(has_text="We are looking at it")).to_have_count(count, timeout=120_000)


def sent_at_least(page: Page, share: float) -> None:
    page.wait_for_function(
        "share => [...document.querySelectorAll('section:not([hidden]) progress')].some(bar => bar.value >= share)",
        arg=share,
    )


COUNTS = """() => new Promise((resolve) => {
  const asked = indexedDB.open("recoup");
  asked.onsuccess = () => {
    const turn = asked.result.transaction(["notes", "segments"]);
    const counts = ["notes", "segments"].map((name) => turn.objectStore(name).count());
    turn.oncomplete = () => { asked.result.close(); resolve(counts.map((count) => count.result)); };
  };
})"""


def kept(page: Page, *, notes: int, segments: int) -> None:
    """Wait until the phone's store holds so much. (A condition that is a promise always counts as true.)"""
    until = time.monotonic() + PATIENCE / 1000
    while (found := page.evaluate(COUNTS)) != [notes, segments]:
        assert time.monotonic() < until, found
        page.wait_for_timeout(50)


def nothing_kept(page: Page) -> None:
    kept(page, notes=0, segments=0)


def would_ask_before_closing(page: Page) -> bool:
    return bool(page.evaluate("!window.dispatchEvent(new Event('beforeunload', { cancelable: true }))"))


def requests(page: Page) -> list[str]:
    """The methods of what this page sends to the upload door from now on."""
    methods: list[str] = []

    def note(request: Request) -> None:
        if UPLOADS.search(request.url):
            methods.append(request.method)

    page.on("request", note)
    return methods


def answer_once(page: Page, method: str, status: int, said: dict[str, Any] | None = None) -> list[Route]:
    """The server, or without ``said`` somebody on the way to it, answers the first such request with this."""
    answered: list[Route] = []

    def handle(route: Route) -> None:
        if answered or route.request.method != method:
            return route.fallback()
        answered.append(route)
        if said:
            return route.fulfill(status=status, json=said)
        return route.fulfill(status=status, body="<h1>Bad gateway</h1>")

    page.route(UPLOADS, handle)
    return answered


def end(link: CaptureLink) -> None:
    """The link's time is over, as if days had gone by."""
    LinkToken.objects.filter(subject_id=link.session_id).update(expires_at=timezone.now())
    CaptureSession.objects.filter(pk=link.session_id).update(expires_at=timezone.now())
