"""A customer who comes back to a page that the phone has kept, and sends when it can be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from recoup.domain.returns.models import Return
from recoup.web.capture.tests.upload.queue.customer import PATIENCE, Customer, keeping

STUCK = "Nothing gets through right now. Everything is kept on this phone"
WORDS = "It hums, then stops."
SEEN = "async () => (await caches.match(location.pathname.replace(/status$/, ''))) !== undefined"


def visit(customer: Customer, step: str = "") -> Page:
    page = customer.context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(customer.address + (step and f"#{step}"))
    keeping(page)
    return page


def seen(page: Page, wanted: bool = True) -> None:
    """Wait until the phone has kept this link's page for later, or has it no more."""
    for _ in range(PATIENCE // 100):
        if page.evaluate(SEEN) is wanted:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"The page should {'' if wanted else 'not '}be kept.")


KEPT = """(part) => new Promise((resolve) => {
  const asked = indexedDB.open("recoup");
  asked.onsuccess = () => {
    const all = asked.result.transaction(part).objectStore(part).getAll();
    all.onsuccess = () => { asked.result.close(); resolve(all.result); };
  };
})"""


def until(page: Page, part: str, holds: Callable[[list[dict[str, Any]]], bool]) -> None:
    """Wait until this part of what the phone keeps is so."""
    for _ in range(PATIENCE // 100):
        if holds(found := page.evaluate(KEPT, part)):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"The phone keeps {part}: {found}")


def seen_photos(page: Page, count: int) -> None:
    """The phone has written down what the house says of so many photos."""
    until(page, "seen", lambda found: sum(len(each["photos"]) for each in found) == count)


def nothing_typed_kept(page: Page) -> None:
    for part in ("drafts", "seen"):
        until(page, part, lambda found: found == [])


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1).locator("visible=true")).to_have_text(words)


def line(page: Page) -> Locator:
    return page.locator("[data-line]")


def onward(page: Page) -> None:
    page.get_by_role("button", name="Next").locator("visible=true").click()


def send(page: Page) -> None:
    page.get_by_role("button", name="Send my return").click()


def tell(page: Page, words: str = WORDS) -> None:
    page.get_by_label("What happened?").fill(words)


def returns(customer: Customer) -> list[Return]:
    return list(Return.objects.filter(order=customer.link.order))


def sent_once(customer: Customer, page: Page, words: str = WORDS) -> None:
    page.wait_for_url("**/status")
    (case,) = returns(customer)
    (made,) = case.lines.all()
    assert made.words == words


def send_from_words(page: Page) -> None:
    onward(page)
    send(page)
