"""What a customer's phone does when things go wrong: no photo, no line, no script, a small screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from recoup.cli.sample import scenes
from tests.journeys import phone
from tests.journeys.conftest import PHONE, Visits

pytestmark = [pytest.mark.journey, pytest.mark.slow]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "overall.jpg"
    path.write_bytes(scenes.scene("overall", seed=31))
    return path


@pytest.fixture
def at_the_first_photo(visits: Visits) -> Callable[[str], Page]:
    """The phone's page of an order's link, on the step that asks for the first photo."""

    def go(number: str) -> Page:
        page = visits.page(PHONE, phone=True)
        page.goto(f"/c/{visits.house.secrets[number]}/")
        phone.choose_item_and_defect(page, "It is cracked or broken")
        expect(page.get_by_role("heading", name="Show all of it")).to_be_visible()
        return page

    return go


def test_what_is_no_photo_is_said_in_one_sentence(at_the_first_photo: Callable[[str], Page], tmp_path: Path) -> None:
    page, text = at_the_first_photo("2003"), tmp_path / "receipt.jpg"
    text.write_text("This is a text that calls itself a photo. " * 40)
    phone.take(page, text)
    expect(page.locator("section:visible .photo.stops")).to_contain_text("not a photo", timeout=phone.JUDGED)


def test_a_lost_line_loses_no_photo(at_the_first_photo: Callable[[str], Page], visits: Visits, photo: Path) -> None:
    page = at_the_first_photo("2007")
    page.context.set_offline(True)
    phone.take(page, photo)
    expect(page.get_by_text("The line is down")).to_be_visible()
    page.context.set_offline(False)
    phone.judged_good(page)
    # The browser itself writes each lost request to the console; nothing else may be there.
    visits.wrong[:] = [each for each in visits.wrong if "ERR_INTERNET_DISCONNECTED" not in each]


def test_a_photo_on_its_way_can_be_taken_out(
    at_the_first_photo: Callable[[str], Page], visits: Visits, photo: Path
) -> None:
    page = at_the_first_photo("2007")
    page.context.set_offline(True)
    phone.take(page, photo)
    failed = page.locator("section:visible .photo").filter(has_text="The line is down")
    failed.get_by_role("button", name="Take it out").click()
    expect(failed).to_have_count(0)
    page.context.set_offline(False)
    visits.wrong[:] = [each for each in visits.wrong if "ERR_INTERNET_DISCONNECTED" not in each]


def test_every_step_fits_a_small_phone_and_a_thumb(visits: Visits) -> None:
    page = visits.page({"width": 320, "height": 640}, phone=True, dark=True)
    page.goto(f"/c/{visits.house.secrets['2006']}/")
    phone.choose_item_and_defect(page, "It is cracked or broken")
    for _ in range(8):
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        for key in page.locator("main button:visible, main label.button:visible, main label.choice:visible").all():
            box = key.bounding_box()
            assert box
            assert box["height"] >= 44, key.inner_text()
        if page.get_by_role("button", name="Send my return").is_visible():
            return
        phone.onward(page)
    raise AssertionError("The last step did not come.")


def test_without_script_a_return_can_still_be_sent(visits: Visits) -> None:
    context = visits.browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{visits.house.address}/c/{visits.house.secrets['2006']}/")
    page.get_by_text("It leaks").click()
    page.get_by_label("How many of them?").fill("1")
    page.get_by_role("button", name="Send my return").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.url.endswith("/status")
    context.close()
