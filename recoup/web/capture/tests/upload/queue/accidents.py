"""A line that is cut and tabs that are closed while photos are on their way, each at a moment that chance chooses."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect

from recoup.web.capture.tests.upload.queue.customer import MIB, Customer, Line, all_arrived, cards, nothing_kept, take

SPEED = MIB  # bytes a second


@dataclass(frozen=True)
class Survived:
    """How many accidents met a photo on its way, and how many bytes came more often than once."""

    met: int
    twice: int


def survive(customer: Customer, photos: Sequence[Path], *, cuts: int, closes: int, chance: random.Random) -> Survived:
    """Every photo arrives once, byte for byte, and the phone keeps nothing; AssertionError otherwise."""
    line = Line(page := customer.open())
    line.set(upload=SPEED)
    take(page, *photos)
    # A page that is closed before the phone has them would ask; these were kept.
    expect(cards(page)).to_have_count(len(photos))
    page.wait_for_function("() => window.dispatchEvent(new Event('beforeunload', { cancelable: true }))")
    accidents, met = ["cut"] * cuts + ["close"] * closes, 0
    chance.shuffle(accidents)
    for accident in accidents:
        page.wait_for_timeout(chance.uniform(0, 400))
        met += on_its_way(page)
        if accident == "cut":
            line.set(offline=True)
            page.wait_for_timeout(chance.uniform(0, 100))
        else:
            page.close()
            line = Line(page := customer.open())
        line.set(upload=SPEED)
    all_arrived(page, len(photos))
    customer.sent(*photos)
    nothing_kept(page)
    return Survived(met, customer.bytes_received() - sum(each.stat().st_size for each in photos))


def on_its_way(page: Page) -> bool:
    return page.locator("section:visible progress:visible").count() > 0
