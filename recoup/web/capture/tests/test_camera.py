"""The camera in the page, in a real Chromium whose camera films a file: what it says, and how a photo is taken.

With RECOUP_PICTURES set to a folder, what is seen is also left there as pictures, to be looked at.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from recoup.web.capture.tests import films, finder
from recoup.web.tests.in_a_browser import MARKS

pytestmark = MARKS


@pytest.mark.parametrize(
    ("scene", "words"),
    [
        ("good", "Looks good"),
        ("dark", "More light"),
        ("bright", "Too bright: turn away from the light"),
        ("blurred", "Blurred: hold still, a bit further away"),
        ("shaken", "Hold still"),
        ("moving", "Hold still"),
        ("glaring", "Too shiny: tilt it a little"),
        ("covered", "Nothing to see. Is the lens free?"),
    ],
)
def test_each_scene_gets_its_words(step: finder.Step, scene: str, words: str) -> None:
    page = step("overall", scene)
    finder.take(page)
    finder.says(page, words)
    finder.picture(page, f"camera-{scene}")


@pytest.mark.parametrize("shot", ["overall", "close_up", "serial_label", "packaging"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_each_shot_has_its_guide(step: finder.Step, shot: str, dark: bool) -> None:
    page = step(shot, "good", dark=dark)
    finder.take(page)
    finder.ready(page)
    finder.picture(page, f"camera-{shot}-{'dark' if dark else 'light'}-start")
    finder.says(page, "Looks good")
    finder.picture(page, f"camera-{shot}-{'dark' if dark else 'light'}")
    guide, seen = (page.locator(f".finder {each}").bounding_box() for each in (".guide", ".seen"))
    assert guide and seen
    assert seen["x"] <= guide["x"] and guide["x"] + guide["width"] <= seen["x"] + seen["width"]
    assert seen["y"] <= guide["y"] and guide["y"] + guide["height"] <= seen["y"] + seen["height"]
    if shot == "close_up":
        assert guide["width"] == pytest.approx(guide["height"], abs=1)


def test_good_and_steady_takes_itself(step: finder.Step) -> None:
    page = step("overall", "good", by_hand=False)
    finder.take(page)
    expect(finder.shown(page)).to_be_visible()
    finder.a_photo_is_there(page)


def test_switched_off_it_waits_for_a_hand_and_remembers_that(step: finder.Step) -> None:
    page = step("overall", "good", by_hand=False)
    finder.take(page)
    finder.shown(page).get_by_role("switch", name="Automatic").uncheck()
    finder.says(page, "Looks good")
    # Long after it would have taken itself, frame for frame, it is still looking.
    finder.long_looked(page)
    expect(finder.shown(page)).to_be_visible()
    finder.shutter(page).click()
    finder.a_photo_is_there(page)
    finder.take(page)
    expect(finder.shown(page).get_by_role("switch", name="Automatic")).not_to_be_checked()


@pytest.mark.parametrize("scene", ["blurred", "dark", "shaken", "moving"])
def test_what_is_not_good_does_not_take_itself(step: finder.Step, scene: str) -> None:
    page = step("overall", scene, by_hand=False)
    finder.take(page)
    finder.long_looked(page)
    expect(finder.shown(page)).to_be_visible()


def test_nothing_is_asked_before_the_press(step: finder.Step) -> None:
    page = step()
    expect(page.get_by_role("heading", name="Show all of it")).to_be_visible()
    assert finder.lights(page) == []
    assert "finder" not in str(page.evaluate("performance.getEntriesByType('resource').map((each) => each.name)"))


def test_the_cameras_own_photo_is_taken_where_it_gives_one(step: finder.Step) -> None:
    page = step("overall", "good", f"window.given = 'image/jpeg'; {finder.STILL}")
    finder.take(page)
    finder.ready(page)
    finder.shutter(page).click()
    finder.a_photo_is_there(page, wide=1000)


@pytest.mark.parametrize("script", ["", finder.PLAIN], ids=["able", "plain"])
def test_a_large_camera_is_judged_small_and_taken_large(
    step: finder.Step, script: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(films, "SIZE", (1536, 2048))
    page = step("overall", "good", script)
    finder.take(page)
    finder.says(page, "Looks good")
    assert finder.lights(page) == ["live"] * (1 if script else 2)
    finder.shutter(page).click()
    finder.a_photo_is_there(page, wide=1536)


def test_a_second_photo_of_the_same_shot(step: finder.Step) -> None:
    page = step("overall", "good", by_hand=False)
    for count in (1, 2):
        finder.take(page)
        expect(finder.shown(page)).to_be_visible()
        finder.a_photo_is_there(page)
        expect(page.locator("section:visible .photo")).to_have_count(count)


def test_the_phones_own_camera_is_one_press_away(step: finder.Step, tmp_path: Path) -> None:
    taken = tmp_path / "own.jpg"
    taken.write_bytes(films.frame("good"))
    page = step()
    finder.take(page)
    finder.ready(page)
    with page.expect_file_chooser() as chooser:
        finder.shown(page).get_by_text("Phone’s camera", exact=True).click()
    assert finder.lights(page) == ["ended"]
    chooser.value.set_files(taken)
    finder.a_photo_is_there(page)


def test_with_the_keyboard_alone(step: finder.Step) -> None:
    page = step()
    page.locator("section:visible input[capture]").focus()
    page.keyboard.press("Enter")
    finder.ready(page)
    expect(finder.shutter(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(finder.shown(page)).to_have_count(0)
    assert finder.lights(page) == ["ended"]
    expect(page.locator("section:visible input[capture]")).to_be_focused()
    page.evaluate("tracks.length = 0")
    page.keyboard.press("Enter")
    finder.ready(page)
    page.keyboard.press("Space")
    finder.a_photo_is_there(page)


def test_a_volume_key_is_a_shutter(step: finder.Step) -> None:
    page = step()
    finder.take(page)
    finder.ready(page)
    finder.shutter(page).dispatch_event("keydown", {"key": "AudioVolumeUp", "bubbles": True})
    finder.a_photo_is_there(page)


def test_closing_turns_the_camera_off(step: finder.Step) -> None:
    page = step()
    finder.take(page)
    finder.ready(page)
    assert finder.lights(page) == ["live"]
    finder.shown(page).get_by_role("button", name="Close").click()
    expect(finder.shown(page)).to_have_count(0)
    assert finder.lights(page) == ["ended"]


def test_everything_fits_a_small_phone_and_a_thumb(step: finder.Step) -> None:
    for size in ((320, 568), (568, 320), (390, 844)):
        page = step("serial_label", "dark", finder.TORCH, size=size)
        finder.take(page)
        finder.says(page, re.compile("switch on"))
        finder.picture(page, f"camera-{size[0]}x{size[1]}")
        for control in finder.shown(page).locator("button:visible, label:visible").all():
            box = control.bounding_box()
            assert box and box["height"] >= 44 and box["width"] >= 44, control.inner_text()
            assert box["x"] >= 0 and box["x"] + box["width"] <= size[0] and box["y"] + box["height"] <= size[1]
