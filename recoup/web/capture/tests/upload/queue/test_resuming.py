"""What was interrupted goes on from where it was, byte for byte."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Route, expect

from recoup.web.capture.tests.upload.queue.customer import (
    MIB,
    UPLOADS,
    Customer,
    Line,
    all_arrived,
    cards,
    nothing_kept,
    sent_at_least,
    take,
)
from recoup.web.tests.in_a_browser import MARKS, picture

pytestmark = MARKS
Photos = Callable[..., Path]


def test_photos_arrive_byte_for_byte_and_leave_the_phone(customer: Customer, photo: Photos) -> None:
    page, several = customer.open(), [photo(name=f"{n}.jpg") for n in range(3)]
    take(page, *several)
    all_arrived(page, 3)
    customer.sent(*several)
    assert customer.bytes_received() == 9 * MIB
    nothing_kept(page)


def test_a_reload_in_the_middle_goes_on_from_there(customer: Customer, photo: Photos) -> None:
    page, one = customer.open(), photo(6)
    Line(page).set(upload=2 * MIB)
    take(page, one)
    sent_at_least(page, 0.4)
    page.reload()
    expect(cards(page)).to_have_count(1)
    assert cards(page).locator("img").get_attribute("src").startswith("data:image/jpeg")
    all_arrived(page, 1)
    customer.sent(one)
    assert customer.bytes_received() - 6 * MIB <= MIB
    nothing_kept(page)


def test_a_closed_tab_goes_on_when_the_link_is_opened_again(customer: Customer, photo: Photos) -> None:
    page, one = customer.open(), photo(6)
    Line(page).set(upload=2 * MIB)
    take(page, one)
    sent_at_least(page, 0.4)
    page.close()
    page = customer.open()
    all_arrived(page, 1)
    customer.sent(one)
    assert customer.bytes_received() - 6 * MIB <= MIB


def test_a_lost_line_says_how_far_it_came_and_goes_on_by_itself(customer: Customer, photo: Photos) -> None:
    page, several = customer.open(), [photo(1, name=f"{n}.jpg") for n in range(3)]
    take(page, several[0])
    all_arrived(page, 1)
    line = Line(page)
    line.set(offline=True)
    take(page, *several[1:])
    expect(page.get_by_role("status").filter(has_text="1 of 3 sent. Keep this page open")).to_be_visible()
    expect(cards(page).filter(has_text="The line is down")).to_have_count(2)
    picture(page, "queue-offline")
    line.set()
    all_arrived(page, 3)
    expect(page.locator("[data-line]")).to_be_empty()
    customer.sent(*several)


def test_an_answer_that_is_lost_makes_no_second_photo(customer: Customer, photo: Photos) -> None:
    page, one = customer.open(), photo(0.9)
    lost: list[Route] = []

    def lose(route: Route) -> None:
        if lost or route.request.method != "PATCH":
            return route.fallback()
        lost.append(route)
        route.fetch()
        return route.abort("connectionreset")

    page.route(UPLOADS, lose)
    take(page, one)
    all_arrived(page, 1)
    assert len(lost) == 1
    customer.sent(one)


def test_a_silent_line_is_noticed_and_the_photo_goes_on(customer: Customer, photo: Photos) -> None:
    page = customer.context.new_page()
    page.clock.install()
    page.goto(f"{customer.address}#photo-overall")
    one = photo(1)
    silent: list[Route] = []

    def hang(route: Route) -> None:
        if silent or route.request.method != "PATCH":
            return route.fallback()
        silent.append(route)
        return None

    page.route(UPLOADS, hang)
    take(page, one)
    expect(cards(page).filter(has_text="On its way")).to_be_visible()
    while not silent:
        page.wait_for_timeout(50)
    page.clock.fast_forward(21_000)
    expect(cards(page).filter(has_text="The line is down")).to_be_visible()
    page.clock.fast_forward(2_000)
    all_arrived(page, 1)
    customer.sent(one)
