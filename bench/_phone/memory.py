"""Twenty photos of 12 megapixels in one session: what the page's process holds at most."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page

from bench._phone import place

SIZE = (4000, 3000)  # pixels
OFTEN = 0.03  # seconds
PATIENCE = 300  # seconds


@dataclass
class Held:
    """Bytes at most of any page's process: its fair share (PSS), as seen every few milliseconds, and all it maps (RSS).

    ``before`` the first photo, and ``tidied`` after the last, once the browser was told to collect its garbage.
    """

    before: int = 0
    share: int = 0
    mapped: int = 0
    tidied: int = 0
    looks: int = 0
    pages: list[int] = field(default_factory=list, repr=False)
    over: threading.Event = field(default_factory=threading.Event, repr=False)


def held(browser: Browser, address: str, folder: str, photos: int = 20) -> tuple[Held, float]:
    """What was held, and the megabytes of a typical photo."""
    files = [drawn(Path(folder, f"large-{n}.jpg"), n) for n in range(photos)]
    link, path = place.new_link()
    context = place.phone(browser, address)
    page = context.new_page()
    page.goto(f"{path}#photo-overall")
    with watched(browser) as most:
        page.locator("section:visible input[type=file][multiple]").set_input_files([str(each) for each in files])
        all_there(page, link, photos)
        page.evaluate("location.hash = 'check'")  # where the photos are shown once more
        page.get_by_role("button", name="Send my return").wait_for()
        place.wire(page).send("HeapProfiler.collectGarbage")
        most.tidied = max(told(each, "smaps_rollup", "Pss") for each in most.pages)
    context.close()
    return most, sum(each.stat().st_size for each in files) / photos / 1e6


def all_there(page: Page, link: Any, photos: int) -> None:
    """The later photo of a shot takes the place of the one before, so the page does not show all of them."""
    from recoup.domain.evidence.models import Photo

    until = time.monotonic() + PATIENCE
    while Photo.objects.filter(session=link.session).count() < photos:
        if time.monotonic() > until:
            raise SystemExit(f"Not all of the {photos} photos arrived within {PATIENCE} s.")
        page.wait_for_timeout(200)


def drawn(path: Path, seed: int) -> Path:
    """As a phone's camera would: soft shapes, fine structure, and noise that no coder can foresee."""
    chance = np.random.default_rng(seed)
    wide, high = SIZE
    soft = Image.fromarray(chance.integers(40, 215, (12, 16, 3), dtype=np.uint8)).resize(SIZE, Image.Resampling.BICUBIC)
    tile = chance.normal(0, 11, (high // 4, wide // 4, 1))
    noise = np.tile(tile, (4, 4, 1)).astype(np.float32)
    pixels = np.clip(np.asarray(soft, dtype=np.float32) + noise, 0, 255).astype(np.uint8)
    Image.fromarray(pixels).save(path, "JPEG", quality=84)
    return path


@contextmanager
def watched(browser: Browser) -> Iterator[Held]:
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    pages = [int(each["id"]) for each in processes if each["type"] == "renderer"]
    most = Held(before=max(told(each, "smaps_rollup", "Pss") for each in pages), pages=pages)
    watcher = threading.Thread(target=look, args=(most,), name="memory")
    watcher.start()
    try:
        yield most
    finally:
        most.over.set()
        watcher.join()


def look(most: Held) -> None:
    while True:
        ended = most.over.wait(OFTEN)
        most.share = max(most.share, *(told(each, "smaps_rollup", "Pss") for each in most.pages))
        most.mapped = max(most.mapped, *(told(each, "status", "VmHWM") for each in most.pages))
        most.looks += 1
        if ended:
            return


def told(process: int, file: str, name: str) -> int:
    try:
        found = re.search(rf"^{name}:\s+(\d+) kB", Path(f"/proc/{process}/{file}").read_text(), re.MULTILINE)
    except OSError:
        return 0  # it has ended
    return int(found[1]) * 1024 if found else 0
