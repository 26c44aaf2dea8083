"""From the press on "Take the photo" to the verdict of the server, with a false camera and the real upload."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from recoup.web.capture.tests import films
from tests import chromium
from tests.journeys import phone
from tests.journeys.conftest import PHONE, Visits

pytestmark = [pytest.mark.journey, pytest.mark.slow]


@pytest.fixture
def reel(tmp_path: Path) -> Path:
    """What the camera films; without the file there is no camera."""
    path = tmp_path / "reel.mjpeg"
    path.write_bytes(films.film("good"))
    return path


@pytest.fixture
def filming(visits: Visits, reel: Path) -> Iterator[Visits]:
    """Visits by phones whose camera films the reel. No page may write an error to the console."""
    with chromium.beside(visits.browser.browser_type, *films.flags(reel)) as browser:
        yield Visits(browser, visits.house, visits.wrong)


@pytest.fixture
def at_the_first_photo(filming: Visits) -> Callable[[str], Page]:
    """On the step of an order's first photo, and the camera is allowed."""

    def go(number: str) -> Page:
        page = filming.page(PHONE, phone=True)
        page.context.grant_permissions(["camera"])
        page.goto(f"/c/{filming.house.secrets[number]}/")
        phone.choose_item_and_defect(page, "It is cracked or broken")
        return page

    return go


def test_a_good_scene_takes_itself_and_the_server_finds_it_good(at_the_first_photo: Callable[[str], Page]) -> None:
    page = at_the_first_photo("2004")
    page.locator("section:visible").get_by_text("Take the photo").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    phone.judged_good(page)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_blurred_photo_is_told_why_and_taken_again(at_the_first_photo: Callable[[str], Page], reel: Path) -> None:
    reel.write_bytes(films.film("blurred"))
    page = at_the_first_photo("2005")
    page.locator("section:visible").get_by_text("Take the photo").click()
    finder = page.get_by_role("dialog")
    expect(finder.get_by_role("status")).to_contain_text("Blurred: hold still")
    finder.get_by_role("button", name="Take the photo now").click()
    card = page.locator("section:visible .photo.stops")
    expect(card).to_contain_text("out of focus", timeout=phone.JUDGED)
    reel.write_bytes(films.film("good"))
    card.get_by_role("button", name="Take it again").click()
    phone.judged_good(page)
    expect(card).to_have_count(0)
