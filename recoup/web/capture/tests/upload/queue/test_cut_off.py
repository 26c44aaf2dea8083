"""A line cut at twenty moments, a tab closed at five, a server killed at three: every photo arrives once."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from recoup.web.capture.tests.upload.queue.customer import (
    MIB,
    Customer,
    House,
    Line,
    all_arrived,
    cards,
    nothing_kept,
    sent_at_least,
    take,
)
from recoup.web.tests.in_a_browser import MARKS

pytestmark = MARKS
Photos = Callable[..., Path]


SPEED = 2 * MIB  # bytes a second


def test_whatever_is_cut_and_closed_every_photo_arrives_once(customer: Customer, photo: Photos) -> None:
    chance, line = random.Random(20), Line(page := customer.open())
    photos = [photo(chance.uniform(2, 6), name=f"{n}.jpg") for n in range(6)]
    line.set(upload=SPEED)
    take(page, *photos)
    # A page that is closed before the phone has them would ask; these were kept.
    expect(cards(page)).to_have_count(len(photos))
    page.wait_for_function("() => window.dispatchEvent(new Event('beforeunload', { cancelable: true }))")
    accidents = ["cut"] * 20 + ["close"] * 5
    chance.shuffle(accidents)
    for accident in accidents:
        page.wait_for_timeout(chance.uniform(0, 900))
        if accident == "cut":
            line.set(offline=True)
            page.wait_for_timeout(chance.uniform(0, 300))
        else:
            page.close()
            line = Line(page := customer.open())
        line.set(upload=SPEED)
    all_arrived(page, len(photos))
    customer.sent(*photos)
    nothing_kept(page)
    assert customer.bytes_received() - sum(each.stat().st_size for each in photos) <= MIB


def test_a_server_that_dies_three_times_gets_every_photo_once(customer: Customer, house: House, photo: Photos) -> None:
    chance, line = random.Random(3), Line(page := customer.open())
    photos = [photo(5, name=f"{n}.jpg") for n in range(2)]
    line.set(upload=SPEED)
    take(page, *photos)
    for _ in range(3):
        sent_at_least(page, 0.05)
        page.wait_for_timeout(chance.uniform(0, 900))
        house.kill()
        house.start()
    all_arrived(page, len(photos))
    customer.sent(*photos)
