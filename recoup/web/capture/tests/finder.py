"""What a hand does with the camera in the page, and what an eye sees of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from recoup.web.capture.tests import films
from recoup.web.tests.in_a_browser import PICTURES

Step = Callable[..., Page]
PATIENCE = 20_000  # milliseconds; a busy machine judges a frame or two a second
#: Keeps every camera track, counts the frames that were judged, and lets a test put words into the camera's mouth.
#: A clock four times as fast makes seconds of looking shorter; what it looks at, and how often it agrees, stay.
SPY = """
  window.tracks = []; window.judged = 0; window.asked = [];
  const clock = performance.now.bind(performance);
  performance.now = () => 4 * clock();
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wish) => {
    if (window.refuse) throw new DOMException('', window.refuse);
    const stream = await open(wish);
    await window.opening;
    document.documentElement.dataset.judged = window.judged = 0;
    window.tracks.push(...stream.getTracks());
    return stream;
  };
  const clone = MediaStreamTrack.prototype.clone;
  MediaStreamTrack.prototype.clone = function () {
    const copy = clone.call(this);
    window.tracks.push(copy);
    return copy;
  };
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (...words) {
    document.documentElement.dataset.judged = window.judged += 1;
    return post.apply(this, words);
  };
"""
TORCH = """
  const can = MediaStreamTrack.prototype.getCapabilities;
  MediaStreamTrack.prototype.getCapabilities = function () {
    return { ...can.call(this), torch: true, exposureCompensation: { min: -2, max: 2, step: 0.1 } };
  };
  MediaStreamTrack.prototype.applyConstraints = async (wish) => void window.asked.push(JSON.stringify(wish.advanced[0]));
"""
STILL = """
  ImageCapture.prototype.takePhoto = async () => {
    if (window.given === 'nothing') throw new DOMException('', 'UnknownError');
    if (window.given === 'never') return new Promise(() => undefined);
    const canvas = Object.assign(document.createElement('canvas'), { width: 1000, height: 500 });
    canvas.getContext('2d').fillRect(0, 0, 500, 500);
    return new Promise((keep) => canvas.toBlob(keep, window.given));
  };
"""
#: What some browsers do not have: pixels straight from a frame, tracks that scale themselves, photos beside the video.
PLAIN = """
  delete window.VideoFrame; delete window.ImageCapture;
  const able = MediaStreamTrack.prototype.getCapabilities;
  MediaStreamTrack.prototype.getCapabilities = function () {
    const { resizeMode, ...rest } = able.call(this);
    return rest;
  };
"""
#: A photo that takes itself would end what is looked at here.
BY_HAND = "sessionStorage.setItem('camera-by-itself', sessionStorage.getItem('camera-by-itself') ?? 'off');"


def take(page: Page) -> None:
    page.locator("section:visible").get_by_text("Take the photo").click()


def close(page: Page) -> None:
    shown(page).get_by_role("button", name="Close").click()
    expect(shown(page)).to_have_count(0)
    off(page)


def shown(page: Page) -> Locator:
    return page.get_by_role("dialog")


def picture(page: Page, name: str) -> None:
    """As it stands on the screen: what covers all of it has no more."""
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(PICTURES) / f"{name}.png")


def says(page: Page, words: str | re.Pattern[str]) -> None:
    expect(shown(page).get_by_role("status")).to_have_text(words, timeout=PATIENCE)


def shutter(page: Page) -> Locator:
    return shown(page).get_by_role("button", name="Take the photo now")


def ready(page: Page) -> None:
    expect(page.locator(".finder.ready")).to_be_visible()


def a_photo_is_there(page: Page, *, wide: int = films.SIZE[0]) -> None:
    expect(shown(page)).to_have_count(0, timeout=PATIENCE)
    image = page.locator("section:visible .photo img").last
    expect(image).to_be_visible()
    expect(image).to_have_attribute("src", re.compile("^data:image/jpeg"))
    assert page.evaluate(WIDTH_KEPT) == wide
    off(page)


def long_looked(page: Page) -> None:
    """Far more frames have been judged, since it was opened, than a good one needs to take itself."""
    expect(page.locator("html")).to_have_attribute(
        "data-judged", re.compile(r"^(1[2-9]|[2-9]\d|\d{3,})$"), timeout=90_000
    )


def off(page: Page) -> None:
    """Every camera that was opened is off again."""
    page.wait_for_function("() => tracks.every((track) => track.readyState === 'ended')")


def lights(page: Page) -> list[str]:
    """Whether the camera is on, for each time it was opened and each copy of its track."""
    states: list[str] = page.evaluate("tracks.map((track) => track.readyState)")
    return states


# The card shows a small picture; the photo itself is what the phone keeps until it is sent.
WIDTH_KEPT = """() => new Promise((resolve, reject) => {
  const asked = indexedDB.open("recoup");
  asked.onsuccess = () => {
    const turn = asked.result.transaction(["notes", "segments"]);
    const notes = turn.objectStore("notes").getAll();
    const keys = turn.objectStore("segments").getAllKeys();
    const segments = turn.objectStore("segments").getAll();
    turn.oncomplete = () => {
      asked.result.close();
      const newest = notes.result.sort((a, b) => b.when - a.when)[0];
      const bytes = segments.result.filter((_, at) => keys.result[at][0] === newest.id);
      createImageBitmap(new Blob(bytes)).then((picture) => resolve(picture.width), reject);
    };
  };
})"""
