"""The camera in the page, in a real Chromium whose camera films a file: what it says, and how a photo is taken.

With RECOUP_PICTURES set to a folder, what is seen is also left there as pictures, to be looked at.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from recoup.web.capture.tests import films, finder
from recoup.web.capture.tests.conftest import SHOTS
from recoup.web.tests.in_a_browser import MARKS

pytestmark = MARKS
SCENES: dict[str, str | re.Pattern[str]] = {
    "dark": re.compile("^More light|^Too dark"),
    "bright": "Too bright: turn away from the light",
    "blurred": "Blurred: hold still, a bit further away",
    "shaken": "Hold still",
    "moving": "Hold still",
    "glaring": "Too shiny: tilt it a little",
    "covered": "Nothing to see. Is the lens free?",
}


def test_each_scene_gets_its_words_and_only_a_good_one_takes_itself(
    step: finder.Step, reel: Path, subtests: pytest.Subtests
) -> None:
    page = step(by_hand=False)
    for scene, words in SCENES.items():
        with subtests.test(scene):
            reel.write_bytes(films.film(scene))
            finder.take(page)
            finder.says(page, words)
            finder.picture(page, f"camera-{scene}")
            finder.long_looked(page)
            finder.close(page)
    reel.write_bytes(films.film("good"))
    for count in (1, 2):
        with subtests.test("good", count=count):
            finder.take(page)
            expect(finder.shown(page)).to_be_visible()
            finder.a_photo_is_there(page)
            expect(page.locator("section:visible .photo")).to_have_count(count)


def test_each_shot_has_its_guide(step: finder.Step, reel: Path, subtests: pytest.Subtests) -> None:
    page = step()
    for shot in SHOTS:
        with subtests.test(shot):
            reel.write_bytes(films.film("good", shot))
            page.evaluate("(hash) => { location.hash = hash; }", f"photo-{shot}")
            expect(page.locator(f"[data-shot-step={shot}]")).to_be_visible()
            finder.picture(page, f"step-{shot}")
            finder.take(page)
            finder.ready(page)
            finder.picture(page, f"camera-{shot}-start")
            finder.says(page, "Looks good")
            finder.picture(page, f"camera-{shot}")
            guide, seen = (page.locator(f".finder {each}").bounding_box() for each in (".guide", ".seen"))
            assert guide and seen
            assert seen["x"] <= guide["x"] and guide["x"] + guide["width"] <= seen["x"] + seen["width"]
            assert seen["y"] <= guide["y"] and guide["y"] + guide["height"] <= seen["y"] + seen["height"]
            if shot == "close_up":
                assert guide["width"] == pytest.approx(guide["height"], abs=1)
            finder.close(page)


def test_nothing_is_asked_before_the_press_and_switched_off_it_waits_for_a_hand(step: finder.Step) -> None:
    page = step(by_hand=False)
    expect(page.get_by_role("heading", name="Show all of it")).to_be_visible()
    assert finder.lights(page) == []
    # Its first picture comes when the switch is off, however busy the machine is.
    page.evaluate("() => { window.opening = new Promise((open) => { window.openNow = open; }); }")
    finder.take(page)
    switch = finder.shown(page).get_by_role("switch", name="Automatic")
    switch.uncheck()
    page.evaluate("openNow()")
    finder.says(page, "Looks good")
    # Long after it would have taken itself, frame for frame, it is still looking.
    finder.long_looked(page)
    finder.shutter(page).click()
    finder.a_photo_is_there(page)
    finder.take(page)
    expect(switch).not_to_be_checked()


@pytest.mark.parametrize("script", ["", finder.PLAIN], ids=["able", "plain"])
def test_a_large_camera_is_judged_small_and_taken_large(
    step: finder.Step, script: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(films, "SIZE", (1200, 1600))
    page = step("overall", "good", script)
    finder.take(page)
    finder.says(page, "Looks good")
    assert finder.lights(page) == ["live"] * (1 if script else 2)
    finder.shutter(page).click()
    finder.a_photo_is_there(page, wide=1200)


def test_every_way_to_a_photo(step: finder.Step, tmp_path: Path, subtests: pytest.Subtests) -> None:
    taken = tmp_path / "own.jpg"
    taken.write_bytes(films.photo("good"))
    page = step()
    with subtests.test("the phone's own camera"):
        finder.take(page)
        finder.ready(page)
        with page.expect_file_chooser() as chooser:
            finder.shown(page).get_by_text("Phone’s camera", exact=True).click()
        finder.off(page)
        chooser.value.set_files(taken)
        finder.a_photo_is_there(page)
    with subtests.test("a volume key"):
        finder.take(page)
        finder.ready(page)
        finder.shutter(page).dispatch_event("keydown", {"key": "AudioVolumeUp", "bubbles": True})
        finder.a_photo_is_there(page)
    with subtests.test("a key that is held down is one press, whatever has the focus"):
        held = {"key": "Enter", "bubbles": True, "cancelable": True, "repeat": True}
        finder.take(page)
        finder.ready(page)
        finder.shutter(page).focus()
        assert finder.shutter(page).evaluate(REFUSED, held)
        assert page.locator("body").evaluate(REFUSED, {**held, "key": "AudioVolumeDown"})
        expect(finder.shown(page)).to_be_visible()
        page.evaluate("document.activeElement.blur()")
        page.locator("body").dispatch_event("keydown", {"key": "Camera", "bubbles": True})
        finder.a_photo_is_there(page)
        assert page.locator("section:visible input[capture]").evaluate(REFUSED, held)
    with subtests.test("the keyboard alone"):
        opener = page.locator("section:visible input[capture]")
        opener.focus()
        page.keyboard.press("Enter")
        finder.ready(page)
        expect(finder.shutter(page)).to_be_focused()
        page.keyboard.press("Escape")
        expect(finder.shown(page)).to_have_count(0)
        finder.off(page)
        expect(opener).to_be_focused()
        page.keyboard.press("Enter")
        finder.ready(page)
        page.keyboard.press("Space")
        finder.a_photo_is_there(page)
    expect(page.locator("section:visible .photo")).to_have_count(4)


@pytest.mark.parametrize(("shot", "script"), [("serial_label", finder.TORCH), ("close_up", "")])
def test_everything_fits_a_small_phone_and_a_thumb(
    step: finder.Step, subtests: pytest.Subtests, shot: str, script: str
) -> None:
    page = step(shot, "dark", script)
    finder.take(page)
    finder.says(page, re.compile("switch on|Screen light"))
    if shot == "close_up":
        finder.shown(page).get_by_role("button", name="Screen light").click()
        finder.ready(page)
    for wide, high in ((320, 568), (568, 320), (390, 844)):
        with subtests.test(f"{wide}x{high}"):
            page.set_viewport_size({"width": wide, "height": high})
            finder.picture(page, f"camera-{shot}-{wide}x{high}")
            for control in finder.shown(page).locator("button:visible, label:visible").all():
                box = control.bounding_box()
                assert box and box["height"] >= 44 and box["width"] >= 44, control.inner_text()
                assert box["x"] >= 0 and box["x"] + box["width"] <= wide and box["y"] + box["height"] <= high
                assert control.evaluate(REACHED), control.inner_text()


# A thumb on its middle meets it, and nothing that lies above it.
REACHED = """(it) => {
  const { x, y, width, height } = it.getBoundingClientRect();
  return it.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}"""
# Whether the page keeps the key from doing what the browser would do with it.
REFUSED = "(it, key) => !it.dispatchEvent(new KeyboardEvent('keydown', key))"
