"""The camera that is refused, taken, lost, dark or broken: a sentence, and the file input; never a dead screen."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from recoup.web.capture.tests import finder
from recoup.web.tests.in_a_browser import MARKS

pytestmark = MARKS
#: Of the frames that are taken the third is sharp, and wider, to be known by.
BURST = """
  window.shots = 0;
  const bitmap = window.createImageBitmap;
  window.createImageBitmap = async (what, ...how) => {
    if (!(what instanceof HTMLVideoElement)) return bitmap(what, ...how);
    const third = ++window.shots === 3;
    const canvas = Object.assign(document.createElement('canvas'), { width: third ? 500 : 400, height: 400 });
    const brush = canvas.getContext('2d');
    brush.fillStyle = 'white';
    for (let row = 0; third && row < 400; row += 40) brush.fillRect(0, row, 500, 20);
    return bitmap(canvas);
  };
"""
FIRST_THROWS = """
  let [bitmaps, frames, draws] = [0, 0, 0];
  const [bitmap, Frame, draw] = [createImageBitmap, window.VideoFrame, CanvasRenderingContext2D.prototype.drawImage];
  const refuse = () => { throw new DOMException('', 'InvalidStateError'); };
  window.createImageBitmap = async (...what) => (bitmaps++ ? bitmap(...what) : refuse());
  if (Frame) window.VideoFrame = class extends Frame { constructor(...what) { frames++ || refuse(); super(...what); } };
  CanvasRenderingContext2D.prototype.drawImage = function (...what) {
    if (what[0] instanceof HTMLVideoElement) draws++ || refuse();
    return draw.apply(this, what);
  };
  window.thrown = () => [bitmaps > 1, frames > 1, draws > 1];
"""
#: Which way the lens looks, as it was asked to; and what is asked.
FACING = """
  window.wished = [];
  const turned = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (wish) => {
    window.wished.push(wish.video.facingMode.ideal);
    return turned(wish);
  };
  MediaStreamTrack.prototype.getSettings = () => ({ facingMode: window.only ?? window.wished.at(-1) });
"""
HEAR = """() => {
  window.said = [];
  const place = document.querySelector('.finder .advice');
  new MutationObserver(() => said.push(place.textContent.trim())).observe(place, { childList: true });
}"""
WORDS = {
    "NotReadableError": "Another app has the camera just now.",
    "NotFoundError": "We found no camera here.",
    "TypeError": "The camera did not start.",
}
HIDE = """(hidden) => {
  Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}"""


def refuse(page: Page, name: str) -> None:
    page.evaluate("(name) => { window.refuse = name; }", name)


def explained(page: Page, words: str) -> None:
    """There is a sentence, no camera, and the next press opens the file input."""
    expect(page.locator("section:visible [role=alert]")).to_contain_text(words)
    expect(finder.shown(page)).to_have_count(0)
    with page.expect_file_chooser():
        finder.take(page)


def test_a_camera_that_does_not_open_or_goes_away_leaves_the_file_input(
    step: finder.Step, subtests: pytest.Subtests
) -> None:
    page = step()
    for name, words in WORDS.items():
        with subtests.test(name):
            refuse(page, name)
            finder.take(page)
            explained(page, words)
            finder.picture(page, f"camera-{name}")
            refuse(page, "")
            page.get_by_role("button", name="Try the camera again").click()
            finder.ready(page)
            finder.close(page)
    with subtests.test("denied, and then granted"):
        refuse(page, "NotAllowedError")
        finder.take(page)
        explained(page, "We may not use the camera here.")
        finder.picture(page, "camera-denied")
        refuse(page, "")
        page.context.grant_permissions(["camera"])
        expect(page.locator("section:visible [role=alert]")).to_have_count(0)
        finder.take(page)
        finder.ready(page)
        finder.close(page)
    with subtests.test("nobody looks"):
        finder.take(page)
        finder.ready(page)
        page.evaluate(HIDE, True)
        finder.off(page)
        page.evaluate(HIDE, False)
        finder.ready(page)
        assert finder.lights(page)[-1] == "live"
        finder.says(page, "Looks good")
    with subtests.test("the track ends"):
        page.evaluate("tracks.at(-1).dispatchEvent(new Event('ended'))")
        explained(page, "The camera went away")
        finder.off(page)


@pytest.mark.parametrize(
    ("script", "thrown"), [("", [True, True, False]), (finder.PLAIN, [True, False, True])], ids=["able", "plain"]
)
def test_a_first_frame_that_throws_is_passed_over(step: finder.Step, script: str, thrown: list[bool]) -> None:
    page = step("overall", "good", script, FIRST_THROWS)
    finder.take(page)
    finder.says(page, "Looks good")
    finder.shutter(page).click()
    finder.a_photo_is_there(page)
    assert page.evaluate("thrown()") == thrown


def test_a_gate_that_does_not_come_costs_only_the_advice_and_frames_that_all_throw_leave_the_file_input(
    step: finder.Step,
) -> None:
    page = step()
    page.route("**/assets/worker-*.js", lambda route: route.abort())
    finder.take(page)
    finder.says(page, "All of it within the frame")
    finder.shutter(page).click()
    finder.a_photo_is_there(page)
    page.evaluate(
        "() => { window.createImageBitmap = () => Promise.reject(new DOMException('', 'InvalidStateError')); }"
    )
    finder.take(page)
    finder.ready(page)
    finder.shutter(page).click()
    explained(page, "The camera did not start.")


def test_the_cameras_own_photo_is_taken_where_it_gives_one_and_else_its_video_in_full_size(
    step: finder.Step, subtests: pytest.Subtests
) -> None:
    page = step("overall", "good", finder.STILL)
    for given in ("image/jpeg", "image/png", "nothing", "never"):
        with subtests.test(given):
            page.evaluate("(given) => { window.given = given; }", given)
            finder.take(page)
            finder.ready(page)
            finder.shutter(page).click()
            finder.a_photo_is_there(page, **({"wide": 1000} if given == "image/jpeg" else {}))


def test_in_the_dark_it_exposes_longer_step_by_step_and_the_torch_is_offered_where_there_is_one(
    step: finder.Step,
) -> None:
    page = step("overall", "dark", finder.TORCH)
    finder.take(page)
    torch = finder.shown(page).get_by_role("button", name="Light", exact=True)
    expect(torch).to_have_attribute("aria-pressed", "false")
    finder.says(page, "More light: switch on “Light” above")
    finder.picture(page, "camera-torch")
    page.wait_for_function("() => asked.length >= 4")
    steps = ["0.5", "1", "1.5", "2"]
    assert page.evaluate("asked") == [f'{{"exposureCompensation":{stops}}}' for stops in steps]
    torch.click()
    expect(torch).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("() => asked.length >= 6")
    lit = [json.loads(each) for each in page.evaluate("asked.slice(4)")]
    assert lit == [{"torch": True, "exposureCompensation": stops} for stops in (2, 0)]


def test_what_is_small_and_dark_is_held_before_the_lit_screen_where_the_lens_has_no_lamp(step: finder.Step) -> None:
    page = step("close_up", "dark", FACING)
    finder.take(page)
    lamp = finder.shown(page).get_by_role("button", name="Screen light")
    finder.says(page, "Small and dark? Press “Screen light” above")
    finder.picture(page, "camera-screen-offered")
    page.evaluate(HEAR)
    lamp.click()
    expect(lamp).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("() => said.includes('Hold the damage before the screen')")
    finder.ready(page)
    assert page.evaluate("wished") == ["environment", "user"]
    finder.says(page, re.compile("Phone’s camera"))
    finder.picture(page, "camera-screen")
    lamp.click()
    expect(lamp).to_have_attribute("aria-pressed", "false")
    finder.ready(page)
    assert page.evaluate("wished.at(-1)") == "environment"
    page.evaluate("() => { window.only = 'environment'; }")
    lamp.click()
    finder.ready(page)
    expect(lamp).to_have_count(0)
    expect(page.locator(".finder.lit")).to_have_count(0)


def test_in_the_dark_the_phones_own_camera_is_named_and_the_sharpest_of_a_burst_is_kept(step: finder.Step) -> None:
    page = step("overall", "dark", BURST)
    finder.take(page)
    finder.says(page, "Too dark? “Phone’s camera” sees more at night")
    expect(finder.shown(page).get_by_role("button", name="Light", exact=True)).to_be_hidden()
    finder.picture(page, "camera-own")
    finder.shutter(page).click()
    finder.a_photo_is_there(page, wide=500)
    assert page.evaluate("shots") == 5


def test_without_a_camera_or_a_secure_page_it_is_the_file_input(step: finder.Step) -> None:
    page = step("overall", "good", "delete Navigator.prototype.mediaDevices;")
    with page.expect_file_chooser():
        finder.take(page)


def test_taken_again_from_the_last_step_the_trouble_is_said_there(step: finder.Step) -> None:
    page = step("overall", "good", "window.refuse = 'NotReadableError'", judged="retake")
    page.goto(f"{page.url.partition('#')[0]}#check")
    again = page.locator("[data-review]").get_by_role("button", name="Take it again")
    again.click()
    expect(page.locator("[data-review] [role=alert]")).to_contain_text("Another app has the camera just now.")
    with page.expect_file_chooser():
        again.click()
    refuse(page, "")
    page.get_by_role("button", name="Try the camera again").click()
    finder.says(page, "Looks good")
