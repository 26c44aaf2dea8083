"""Journeys through a whole installation, in a real browser; in one file, so that they share the house.

First the whole line, from the photo to the closed file; then what a customer's phone does when things go wrong:
no photo, a blurred one, no line, no script, a small screen.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from recoup.cli.sample import scenes
from recoup.web.capture.tests import films
from tests import chromium
from tests.journeys import phone, story
from tests.journeys.conftest import PHONE, PICTURES, Visits

pytestmark = [pytest.mark.journey, pytest.mark.slow]


@pytest.fixture
def shoot(request: pytest.FixtureRequest) -> Callable[..., Path]:
    """Keep a picture under var; with RECOUP_RENEW_PICTURES=1 the README's go to docs/pictures instead."""
    renewed = os.environ.get("RECOUP_RENEW_PICTURES") == "1"

    def keep(page: Page, name: str, *, shown: bool = False) -> Path:
        kept = shown and renewed
        folder = PICTURES if kept else Path(request.config.rootpath) / "var" / "pictures"
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.png")
        if kept:
            make_small(folder / f"{name}.png")
        return folder / f"{name}.png"

    return keep


def make_small(path: Path) -> None:
    """256 colours are enough for a page, and a third of the bytes."""
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


def test_from_a_photo_to_a_closed_file(visits: Visits, tmp_path: Path, shoot: Callable[..., Path]) -> None:
    rma = story.customer_sends(visits, story.photos_of(2001, tmp_path), shoot)
    story.agent_approves_what_policy_leaves_open(visits, story.photos_of(2002, tmp_path), shoot)
    story.finance_pays(visits, rma, shoot)
    story.warehouse_takes_in(visits, rma, shoot)
    claim = story.quality_signs(visits, shoot)
    link = story.buyer_approves_and_hands_the_link_over(visits, claim, shoot)
    story.supplier_accepts(visits, link, shoot)
    story.finance_records(visits, claim)
    story.buyer_closes(visits, claim, shoot)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return phone.kept(scenes.scene("overall", seed=31), tmp_path / "overall.jpg")


@pytest.fixture
def at_the_first_photo(visits: Visits) -> Callable[[str], Page]:
    """The phone's page of an order's link, on the step that asks for the first photo."""

    def go(number: str) -> Page:
        page = visits.page(PHONE, phone=True)
        page.goto(f"/c/{visits.house.secrets[number]}/")
        phone.choose_defect(page, "It is cracked or broken")
        expect(page.get_by_role("heading", name="Show all of it")).to_be_visible()
        return page

    return go


def test_what_is_no_photo_is_said_in_one_sentence(at_the_first_photo: Callable[[str], Page], tmp_path: Path) -> None:
    page, text = at_the_first_photo("2003"), tmp_path / "receipt.jpg"
    text.write_text("This is a text that calls itself a photo. " * 40)
    phone.take(page, text)
    expect(page.locator("section:visible .photo.stops")).to_contain_text("not a photo", timeout=phone.JUDGED)


def test_a_blurred_photo_is_told_why_and_a_good_scene_takes_itself(visits: Visits, tmp_path: Path) -> None:
    reel = tmp_path / "reel.y4m"  # what the camera films, from the next time on that it is opened
    reel.write_bytes(films.film("blurred"))
    with chromium.beside(visits.browser.browser_type, *films.flags(reel)) as filming:
        page = Visits(filming, visits.house, visits.wrong).page(PHONE, phone=True)
        page.goto(f"/c/{visits.house.secrets['2004']}/")
        phone.choose_defect(page, "It is cracked or broken")
        page.locator("section:visible").get_by_text("Take the photo").click()
        finder = page.get_by_role("dialog")
        expect(finder.get_by_role("status")).to_contain_text("Blurred: hold still")
        finder.get_by_role("button", name="Take the photo now").click()
        card = page.locator("section:visible .photo.stops")
        expect(card).to_contain_text("out of focus", timeout=phone.JUDGED)
        reel.write_bytes(films.film("good"))
        card.get_by_role("button", name="Take it again").click()
        expect(finder).to_be_visible()
        phone.judged_good(page)
        expect(finder).to_have_count(0)
        expect(card).to_have_count(0)


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
    phone.choose_defect(page, "It is cracked or broken")
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
