"""What was interrupted goes on from where it was, byte for byte, whichever tab sends it."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Route, expect

from recoup.web.capture.tests.upload.queue.accidents import survive
from recoup.web.capture.tests.upload.queue.customer import (
    MIB,
    UPLOADS,
    Customer,
    House,
    Line,
    all_arrived,
    cards,
    nothing_kept,
    requests,
    sent_at_least,
    take,
)
from recoup.web.tests.in_a_browser import MARKS, picture

pytestmark = MARKS
Photos = Callable[..., Path]


def test_photos_arrive_byte_for_byte_and_leave_the_phone(customer: Customer, photo: Photos) -> None:
    page, several = customer.open(), [photo(0.7, name=f"{n}.jpg") for n in range(3)]
    take(page, *several)
    all_arrived(page, 3)
    customer.sent(*several)
    assert customer.bytes_received() == sum(each.stat().st_size for each in several)
    nothing_kept(page)


def test_a_reload_in_the_middle_goes_on_from_there(customer: Customer, photo: Photos) -> None:
    page, one = customer.open(), photo(1.5)
    Line(page).set(upload=MIB // 2)
    take(page, one)
    sent_at_least(page, 0.4)
    page.reload()
    expect(cards(page)).to_have_count(1)
    assert cards(page).locator("img").get_attribute("src").startswith("data:image/jpeg")
    all_arrived(page, 1)
    customer.sent(one)
    assert customer.bytes_received() - 1.5 * MIB <= MIB // 2
    nothing_kept(page)


def test_a_closed_tab_goes_on_when_the_link_is_opened_again(customer: Customer, photo: Photos) -> None:
    page, one = customer.open(), photo(1.5)
    Line(page).set(upload=MIB // 2)
    take(page, one)
    sent_at_least(page, 0.4)
    page.close()
    page = customer.open()
    all_arrived(page, 1)
    customer.sent(one)
    assert customer.bytes_received() - 1.5 * MIB <= MIB // 2


def test_a_lost_line_says_how_far_it_came_and_goes_on_by_itself(customer: Customer, photo: Photos) -> None:
    page, several = customer.open(), [photo(0.5, name=f"{n}.jpg") for n in range(3)]
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
    page, one = customer.open(), photo(0.5)
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
    one = photo(0.5)
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


def test_one_tab_sends_and_the_other_shows_it_until_it_is_its_turn(customer: Customer, photo: Photos) -> None:
    first, one, two = customer.open(), photo(2, name="1.jpg"), photo(0.5, name="2.jpg")
    second = customer.open()
    by_first, by_second = requests(first), requests(second)
    Line(first).set(upload=MIB // 2)
    take(second, one)
    sent_at_least(first, 0.2)
    sent_at_least(second, 0.2)
    assert "PATCH" in by_first
    assert by_second == []
    first.close()
    take(second, two)
    all_arrived(second, 2)
    assert "PATCH" in by_second
    customer.sent(one, two)
    assert customer.bytes_received() - 2.5 * MIB <= MIB // 2


def test_a_photo_taken_out_in_one_tab_is_out_in_both(customer: Customer, photo: Photos) -> None:
    first, second = customer.open(), customer.open()
    Line(first).set(upload=MIB // 2)
    take(first, photo(2))
    sent_at_least(second, 0.1)
    cards(second).get_by_role("button", name="Take it out").click()
    expect(cards(first)).to_have_count(0)
    expect(cards(second)).to_have_count(0)
    nothing_kept(second)
    assert customer.arrived == []


def test_a_sending_tab_that_sleeps_is_relieved(customer: Customer, photo: Photos) -> None:
    first, one = customer.open(), photo(1)
    Line(first).set(upload=MIB // 2)
    take(first, one)
    sent_at_least(first, 0.1)
    asleep = first.context.new_cdp_session(first)
    asleep.send("Page.setWebLifecycleState", {"state": "frozen"})
    second = customer.open()
    all_arrived(second, 1)
    asleep.send("Page.setWebLifecycleState", {"state": "active"})
    all_arrived(first, 1)
    customer.sent(one)


def test_a_tab_opened_later_shows_what_the_sending_one_waits_for(customer: Customer, photo: Photos) -> None:
    first, one = customer.open(), photo(0.5)
    line = Line(first)
    line.set(offline=True)
    take(first, one)
    expect(cards(first)).to_contain_text("The line is down")
    second = customer.open()
    expect(cards(second)).to_contain_text("The line is down")
    expect(second.locator("[data-line]")).to_contain_text("0 of 1 sent")
    line.set()
    all_arrived(second, 1)
    all_arrived(first, 1)
    customer.sent(one)


def test_whatever_is_cut_and_closed_every_photo_arrives_once(customer: Customer, photo: Photos) -> None:
    chance = random.Random(20)
    photos = [photo(chance.uniform(0.7, 2.5), name=f"{n}.jpg") for n in range(5)]
    assert survive(customer, photos, cuts=20, closes=5, chance=chance).twice <= MIB


def test_a_server_that_dies_in_the_middle_gets_every_photo_once(
    customer: Customer, house: House, photo: Photos
) -> None:
    line = Line(page := customer.open())
    photos = [photo(1, name=f"{n}.jpg") for n in range(2)]
    line.set(upload=MIB // 2)
    take(page, *photos)
    sent_at_least(page, 0.3)
    house.kill()
    house.start()
    all_arrived(page, len(photos))
    customer.sent(*photos)
