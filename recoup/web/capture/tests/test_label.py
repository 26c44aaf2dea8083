"""The label that reads itself, in a real Chromium whose camera films one: the field, the choice, and what is never done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connections
from PIL import Image
from playwright.sync_api import Locator, Page, Response, expect

from recoup.domain.returns.models import CaptureLink
from recoup.web.capture.tests import films, finder
from recoup.web.capture.tests.shop import open_house
from recoup.web.tests.in_a_browser import MARKS, picture

pytestmark = MARKS
GTIN = "4006381333931"
SERIAL, OTHER = "K17-000001", "K17-000002"
#: A reader of the browser's own, which is proven by a code that we draw: then it says what the test wants it to.
NATIVE = """
  window.asked = 0;
  window.BarcodeDetector = class {
    static getSupportedFormats = async () => ['code_128', 'data_matrix', 'ean_13', 'qr_code'];
    async detect(what) {
      window.asked += 1;
      if (window.asked === 1) return window.proves ? [{ rawValue: 'OK128', format: 'code_128' }] : [];
      if (window.asked > window.lasts) throw new DOMException('', 'NotSupportedError');
      return [{ rawValue: 'K17-000002', format: 'code_128' }];
    }
  };
"""
#: Counts the pictures that the reader has answered for.
READINGS = """
  const { set } = Object.getOwnPropertyDescriptor(MessagePort.prototype, 'onmessage');
  Object.defineProperty(MessagePort.prototype, 'onmessage', { set(hear) {
    set.call(this, async (event) => { hear(event); await new Promise(requestAnimationFrame); window.readings += 1; });
  } });
"""


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """With the rules that a worker stands under in the house, and not on Django's own test server."""
    # Its threads come and go with the requests; none may keep a connection to the database.
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    with open_house() as house:
        yield house
    connections.close_all()


@pytest.fixture
def serial() -> str:
    return SERIAL


@pytest.fixture
def plate(reel: Path) -> Path:
    """What the camera films: the product's code, and the unit's."""
    return shows(reel, ("EAN13", GTIN), ("Code128", SERIAL))


def shows(reel: Path, *codes: tuple[str, str]) -> Path:
    reel.write_bytes(films.reel([films.label(*codes)]))
    return reel


def field(page: Page) -> Locator:
    return page.get_by_label("Serial number", exact=True)


def read(page: Page, words: str | re.Pattern[str]) -> None:
    """The camera is open, and says that it has read something."""
    expect(finder.shown(page).locator(".read")).to_have_text(words, timeout=finder.PATIENCE)


def loaded(page: Page) -> str:
    """Every file that the page has fetched."""
    return str(page.evaluate("performance.getEntriesByType('resource').map((each) => each.name)"))


def test_the_camera_reads_it_after_its_first_picture_from_our_own_files_and_it_is_kept(
    step: finder.Step, reel: Path
) -> None:
    page, answers = step("serial_label"), list[Response]()
    page.context.on("response", lambda answer: answers.append(answer))
    shows(reel, ("EAN13", GTIN), ("Code128", SERIAL))
    page.evaluate("() => { window.opening = new Promise((open) => { window.openNow = open; }); }")
    finder.take(page)
    expect(finder.shown(page)).to_be_visible()
    page.wait_for_function("() => performance.getEntriesByType('resource').some(({ name }) => name.includes('finder'))")
    assert not re.search("look-|reading-|wasm", loaded(page))
    with page.expect_response("**/draft"):
        page.evaluate("openNow()")
    read(page, f"Serial number {SERIAL}")
    finder.picture(page, "label-read")
    finder.close(page)
    expect(field(page)).to_have_value(SERIAL)
    expect(page.get_by_text(f"Read from the label: {SERIAL}.")).to_be_visible()
    picture(page, "label-field")
    reader = next(each for each in answers if "/reading-" in each.url)
    assert "connect-src 'self'" in reader.headers["content-security-policy"]
    assert any(each.url.endswith(".wasm") and each.status == 200 for each in answers)
    assert {urlsplit(each.url).netloc for each in answers} == {urlsplit(page.url).netloc}
    assert CaptureLink.objects.get().draft["serial"] == SERIAL
    page.reload()
    expect(field(page)).to_have_value(SERIAL)


def test_no_page_may_run_what_the_reader_may(step: finder.Step) -> None:
    page = step("serial_label")
    compiled = "WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(() => 'yes', (no) => no.name)"
    assert page.evaluate(compiled) == "CompileError"


def test_what_was_typed_is_never_overwritten_and_what_was_read_is_offered(step: finder.Step, reel: Path) -> None:
    page = step("serial_label")
    field(page).fill("my own words")
    shows(reel, ("Code128", SERIAL))
    finder.take(page)
    read(page, f"The label says {SERIAL}")
    finder.close(page)
    expect(field(page)).to_have_value("my own words")
    picture(page, "label-other")
    offered = page.get_by_role("button", name=SERIAL)
    expect(offered).to_have_attribute("aria-pressed", "false")
    offered.click()
    expect(field(page)).to_have_value(SERIAL)
    expect(offered).to_have_attribute("aria-pressed", "true")
    box = offered.bounding_box()
    assert box and box["height"] >= 44


def test_of_several_the_customer_chooses_and_the_choice_stays(step: finder.Step, reel: Path) -> None:
    page = step("serial_label")
    shows(reel, ("Code128", SERIAL), ("DataMatrix", OTHER))
    finder.take(page)
    read(page, "More than one number: choose after the photo")
    finder.close(page)
    expect(field(page)).to_have_value("")
    expect(page.get_by_text("Which one is the serial number?")).to_be_visible()
    picture(page, "label-several")
    page.get_by_role("button", name=OTHER).click()
    expect(field(page)).to_have_value(OTHER)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    picture(page, "label-chosen-dark")
    finder.take(page)
    read(page, "More than one number: choose after the photo")
    finder.close(page)
    expect(field(page)).to_have_value(OTHER)


def test_photos_from_the_phone_are_read_as_well_and_their_numbers_weighed_together(
    step: finder.Step, tmp_path: Path
) -> None:
    page, sides = step("serial_label", "good", READINGS), [tmp_path / "front.jpg", tmp_path / "back.jpg"]
    labels = [("DataMatrix", f"(01)0{GTIN}(21){SERIAL}")], [("EAN13", GTIN), ("Code128", "PART-4711")]
    for path, codes in zip(sides, labels, strict=True):
        films.label(*codes).resize((3024, 4032), Image.Resampling.BICUBIC).save(path)
    for path in sides:
        with page.expect_file_chooser() as chooser:
            page.locator("section:visible").get_by_text("Choose from phone").click()
        page.evaluate("() => { window.readings = 0; }")
        chooser.value.set_files(path)
        page.wait_for_function("() => readings > 0")
        expect(field(page)).to_have_value(SERIAL)
        expect(page.get_by_text(f"Read from the label: {SERIAL}.")).to_be_visible()
    picture(page, "label-photo")


def test_a_browsers_own_reader_is_used_once_it_has_read_something(step: finder.Step, plate: Path) -> None:
    page = step("serial_label", "good", NATIVE, "window.proves = true")
    finder.take(page)
    read(page, f"Serial number {OTHER}")
    assert "reading-" not in loaded(page)


@pytest.mark.parametrize("how", ["window.proves = false", "window.proves = true; window.lasts = 1"])
def test_one_that_only_claims_to_read_or_stops_to_is_replaced(step: finder.Step, reel: Path, how: str) -> None:
    page = step("serial_label", "good", NATIVE, how)
    shows(reel, ("Code128", SERIAL))
    finder.take(page)
    read(page, f"Serial number {SERIAL}")


def test_a_phone_that_saves_data_is_brought_no_reader(step: finder.Step, reel: Path) -> None:
    page = step(
        "serial_label", "good", "Object.defineProperty(navigator, 'connection', { value: { saveData: true } });"
    )
    shows(reel, ("Code128", SERIAL))
    finder.take(page)
    finder.long_looked(page)
    assert "look-" in loaded(page)
    assert "reading-" not in loaded(page)


def test_without_a_reader_everything_else_works(step: finder.Step, reel: Path) -> None:
    page = step("serial_label")
    page.route("**/assets/reading-*.js", lambda route: route.abort())
    shows(reel, ("Code128", SERIAL))
    finder.take(page)
    finder.says(page, "Looks good")
    finder.shutter(page).click()
    finder.a_photo_is_there(page, wide=960)
    expect(field(page)).to_have_value("")
    expect(field(page)).to_be_editable()


@pytest.mark.parametrize("shot", ["overall", "close_up"])
def test_other_photos_bring_no_reader(step: finder.Step, shot: str) -> None:
    page = step(shot)
    finder.take(page)
    finder.says(page, "Looks good")
    assert not re.search("look-|reading-|wasm", loaded(page))
