"""The line is cut and the tab is closed at random moments: does every photo arrive once, and what is sent twice?"""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Browser

from bench._phone import place
from recoup.web.capture.tests.upload.phone import KEY

if TYPE_CHECKING:
    from recoup.web.capture.tests.upload.queue.accidents import Survived

PHOTOS, MIB = 18, 2**20


def cut(browser: Browser, folder: str, *, cuts: int, closes: int) -> Survived:
    """With a house of its own, which counts the bytes that come. Raises AssertionError when a photo is lost or doubled."""
    from recoup.cli.sample import scenes
    from recoup.web.capture.tests.upload.queue.accidents import survive
    from recoup.web.capture.tests.upload.queue.customer import Customer, House

    received, chance = Path(folder, "received.jsonl"), random.Random(50)
    received.touch()
    drawn = scenes.scene("overall", seed=31)
    photos = [picture(Path(folder, f"{n}.jpg"), drawn, chance.uniform(1.5, 3.5)) for n in range(PHOTOS)]
    house = House(Path(os.environ["RECOUP_VAR"]), KEY, RECOUP_TEST_RECEIVED=str(received))
    try:
        link, path = place.new_link()
        context = place.phone(browser, f"http://127.0.0.1:{house.port}")
        return survive(Customer(context, link, path, received), photos, cuts=cuts, closes=closes, chance=chance)
    finally:
        house.stop()


def picture(path: Path, drawn: bytes, size: float) -> Path:
    """So many MiB; what follows a JPEG's end is part of the file, but not of the picture."""
    path.write_bytes(drawn + os.urandom(int(size * MIB) - len(drawn)))
    return path
