"""What a customer's hand does on the phone's page."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

JUDGED = 60_000  # milliseconds until a photo was looked at, on a busy machine


def kept(photo: bytes, path: Path) -> Path:
    """The photo as a file with a quarter of its pixels: what is looked for in it costs by the pixel, on both sides."""
    with Image.open(io.BytesIO(photo)) as picture:
        picture.reduce(2).save(path, "JPEG", quality=88, exif=picture.getexif())
    return path


def onward(page: Page) -> None:
    page.get_by_role("button", name="Next").locator("visible=true").click()


def choose_defect(page: Page, defect: str) -> None:
    """The order has one item, so nobody asks which."""
    expect(page.get_by_role("heading", name="What is wrong with it?")).to_be_visible()
    page.get_by_text(defect).click()
    onward(page)


def take(page: Page, photo: Path) -> None:
    """Pick a photo on the step that is shown."""
    page.locator("section:visible input[type=file]").first.set_input_files(str(photo))


def judged_good(page: Page) -> None:
    expect(page.locator("section:visible .photo.settled")).to_be_visible(timeout=JUDGED)


def to_the_end(page: Page, serial: str) -> None:
    """Skip the steps that may be left out, up to the last one; the serial number is typed on the way."""
    send, number = page.get_by_role("button", name="Send my return"), page.get_by_label("Serial number")
    for _ in range(6):
        if send.is_visible():
            return
        if serial and number.is_visible():
            number.fill(serial)
        onward(page)
    expect(send).to_be_visible()


def send(page: Page, *, serial: str = "") -> None:
    to_the_end(page, serial)
    page.get_by_role("button", name="Send my return").click()
    page.wait_for_url("**/status")
