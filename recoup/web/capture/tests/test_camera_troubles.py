"""The camera that is refused, taken, lost, dark or broken: a sentence, and the file input; never a dead screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from recoup.web.capture.tests import finder
from recoup.web.tests.in_a_browser import MARKS

pytestmark = MARKS
#: Of the frames that are taken the third is sharp, and wider, to be known by.
BURST = """
  window.shots = 0;
  const bitmap = window.createImageBitmap;
  window.createImageBitmap = async () => {
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


def test_denied_and_then_granted(step: finder.Step) -> None:
    page = step(may=False)
    finder.take(page)
    note = page.locator("section:visible [role=alert]")
    expect(note).to_contain_text("We may not use the camera here.")
    finder.picture(page, "camera-denied")
    with page.expect_file_chooser():
        finder.take(page)
    page.context.grant_permissions(["camera"])
    expect(note).to_have_count(0)
    finder.take(page)
    finder.says(page, "Looks good")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("NotReadableError", "Another app has the camera just now."),
        ("NotFoundError", "We found no camera here."),
        ("TypeError", "The camera did not start."),
    ],
)
def test_a_camera_that_does_not_open_leaves_the_file_input(step: finder.Step, name: str, words: str) -> None:
    page = step("overall", "good", f"window.refuse = '{name}'")
    finder.take(page)
    expect(page.locator("section:visible [role=alert]")).to_contain_text(words)
    expect(finder.shown(page)).to_have_count(0)
    with page.expect_file_chooser():
        finder.take(page)
    finder.picture(page, f"camera-{name}")
    page.evaluate("window.refuse = ''")
    page.get_by_role("button", name="Try the camera again").click()
    finder.says(page, "Looks good")


def test_a_track_that_ends_is_said(step: finder.Step) -> None:
    page = step()
    finder.take(page)
    finder.ready(page)
    page.evaluate("tracks[0].dispatchEvent(new Event('ended'))")
    expect(page.locator("section:visible [role=alert]")).to_contain_text("The camera went away")
    assert finder.lights(page) == ["ended"]
    with page.expect_file_chooser():
        finder.take(page)


def test_the_camera_is_off_while_nobody_looks_and_comes_back(step: finder.Step) -> None:
    page = step()
    finder.take(page)
    finder.ready(page)
    hide = "(hidden) => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
    hide += " document.dispatchEvent(new Event('visibilitychange')); }"
    page.evaluate(hide, True)
    assert finder.lights(page) == ["ended"]
    page.evaluate(hide, False)
    finder.ready(page)
    assert finder.lights(page) == ["ended", "live"]
    finder.says(page, "Looks good")


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


def test_a_camera_whose_frames_all_throw_leaves_the_file_input(step: finder.Step) -> None:
    throws = "window.createImageBitmap = () => Promise.reject(new DOMException('', 'InvalidStateError'));"
    page = step("overall", "good", throws)
    finder.take(page)
    finder.ready(page)
    finder.shutter(page).click()
    expect(page.locator("section:visible [role=alert]")).to_contain_text("The camera did not start.")
    with page.expect_file_chooser():
        finder.take(page)


def test_a_gate_that_cannot_be_loaded_costs_only_the_advice(step: finder.Step) -> None:
    page = step()
    page.route("**/assets/worker-*.js", lambda route: route.abort())
    finder.take(page)
    finder.says(page, "All of it within the frame")
    finder.shutter(page).click()
    finder.a_photo_is_there(page)


@pytest.mark.parametrize("given", ["image/png", "nothing", "never"])
def test_a_camera_without_a_photo_of_its_own_gives_its_video_in_full_size(step: finder.Step, given: str) -> None:
    page = step("overall", "good", f"window.given = '{given}'; {finder.STILL}")
    finder.take(page)
    finder.ready(page)
    finder.shutter(page).click()
    finder.a_photo_is_there(page)


def test_in_the_dark_the_torch_is_offered_where_there_is_one(step: finder.Step) -> None:
    page = step("overall", "dark", finder.TORCH)
    finder.take(page)
    torch = finder.shown(page).get_by_role("button", name="Light", exact=True)
    expect(torch).to_have_attribute("aria-pressed", "false")
    finder.says(page, "More light: switch on “Light” above")
    finder.picture(page, "camera-torch")
    torch.click()
    expect(torch).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("asked.at(-1)") == '{"torch":true}'
    assert '{"exposureCompensation":1}' in page.evaluate("asked")


def test_in_the_dark_without_a_torch_the_phones_own_camera_is_named(step: finder.Step) -> None:
    page = step("overall", "dark")
    finder.take(page)
    finder.says(page, "Too dark? “Phone’s camera” sees more at night")
    expect(finder.shown(page).get_by_role("button", name="Light", exact=True)).to_be_hidden()
    finder.picture(page, "camera-own")


def test_in_the_dark_the_sharpest_of_a_burst_is_kept(step: finder.Step) -> None:
    page = step("overall", "dark", BURST)
    finder.take(page)
    finder.says(page, "More light")
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
    page.evaluate("window.refuse = ''")
    page.get_by_role("button", name="Try the camera again").click()
    finder.says(page, "Looks good")
