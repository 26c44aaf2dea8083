"""Without a line a link's page opens again as it was last seen, with everything that was chosen, typed and taken."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from recoup.foundation.accounts.models import LinkToken
from recoup.web.capture.tests.upload.queue.customer import (
    PATIENCE,
    Customer,
    House,
    all_arrived,
    cards,
    nothing_kept,
    take,
)
from recoup.web.capture.tests.upload.queue.later import (
    STUCK,
    WORDS,
    heading,
    line,
    nothing_typed_kept,
    onward,
    seen,
    seen_photos,
    send,
    send_from_words,
    sent_once,
    tell,
    visit,
)
from recoup.web.tests.in_a_browser import MARKS, picture

pytestmark = MARKS
Photos = Callable[..., Path]
AWAY = "We cannot be reached just now"


def test_the_whole_way_without_a_line_a_reload_a_closed_tab_and_then_it_is_sent_once(
    customer: Customer, photo: Photos
) -> None:
    page, one = visit(customer), photo(0.5)
    seen(page)
    customer.context.set_offline(True)
    page.get_by_role("radio", name="It is cracked").locator("visible=true").last.check()
    onward(page)
    take(page, one)
    expect(line(page)).to_contain_text("0 of 1 sent. Keep this page open")
    onward(page)
    onward(page)
    tell(page)
    onward(page)
    heading(page, "Ready to send?")
    send(page)
    expect(line(page)).to_contain_text(STUCK)
    picture(page, "offline-wish")
    page.reload()
    heading(page, "Ready to send?")
    expect(line(page)).to_contain_text(STUCK)
    page.close()
    page = visit(customer)
    heading(page, "Ready to send?")
    expect(page.locator("[data-review]")).to_contain_text(WORDS)
    expect(page.locator("[data-review] .photo")).to_have_count(1)
    expect(line(page)).to_contain_text(STUCK)
    customer.context.set_offline(False)
    sent_once(customer, page)
    customer.sent(one)
    nothing_kept(page)
    nothing_typed_kept(page)
    seen(page, wanted=False)


def test_a_photo_that_has_arrived_is_shown_and_counted_without_a_line(customer: Customer, photo: Photos) -> None:
    page = visit(customer, "photo-overall")
    seen(page)
    take(page, photo(0.5))
    all_arrived(page, 1)
    seen_photos(page, 1)
    customer.context.set_offline(True)
    page.reload()
    expect(cards(page)).to_contain_text("We are looking at it")
    assert cards(page).locator("img").get_attribute("src").startswith("data:image/jpeg")
    take(page, photo(0.5, name="2.jpg"))
    expect(line(page)).to_contain_text("1 of 2 sent.")


@pytest.mark.parametrize("told_by", ["the page", "a question about photos"])
def test_a_withdrawn_link_is_not_shown_again_without_a_line(customer: Customer, told_by: str) -> None:
    page = visit(customer)
    seen(page)
    LinkToken.objects.filter(subject_id=customer.link.session_id).delete()
    if told_by == "the page":
        page.reload()
        heading(page, "There is nothing here")
    seen(page, wanted=False)
    customer.context.set_offline(True)
    page.reload()
    heading(page, AWAY)
    picture(page, "offline-away")
    customer.context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    heading(page, "There is nothing here")


def test_a_page_that_was_kept_too_long_is_not_shown(customer: Customer) -> None:
    page = visit(customer)
    seen(page)
    page.evaluate(OLD)
    customer.context.set_offline(True)
    page.reload()
    heading(page, AWAY)


OLD = """async () => {
  const [name] = await caches.keys();
  const cache = await caches.open(name);
  const kept = await cache.match(location.pathname);
  const headers = new Headers(kept.headers);
  headers.set("Recoup-Until", String(Date.now() - 1));
  await cache.put(location.pathname, new Response(await kept.blob(), { headers }));
}"""


def test_a_house_that_says_nothing_or_is_in_trouble_is_not_waited_for(customer: Customer, house: House) -> None:
    page = visit(customer, "words")
    seen(page)
    tell(page)
    os.kill(house.process, signal.SIGSTOP)
    try:
        page.reload()
        expect(page.get_by_label("What happened?")).to_have_value(WORDS)
    finally:
        os.kill(house.process, signal.SIGCONT)
    send_from_words(page)
    sent_once(customer, page)


def test_another_build_takes_over_and_the_page_is_of_one_build(customer: Customer, house: House) -> None:
    page = visit(customer)
    seen(page)
    builds = [of_build(page)]
    for _ in range(2):
        house.next_build()
        page.reload()
        builds.append(another_build(page, builds[-1]))
    assert page.evaluate("caches.keys()") == [f"recoup {build}" for build in builds[-2:]]
    customer.context.set_offline(True)
    page.reload()
    heading(page, "What is wrong with it?")
    assert of_build(page) == builds[-1]


OF_BUILD = "async () => (await caches.match(location.pathname)).headers.get('Recoup-Build')"


def of_build(page: Page) -> str:
    return str(page.evaluate(OF_BUILD))


def another_build(page: Page, before: str) -> str:
    for _ in range(PATIENCE // 100):
        seen(page)
        if (now := of_build(page)) != before:
            return now
        page.wait_for_timeout(100)
    raise AssertionError(f"It is still build {before}.")


def test_an_apps_web_view_keeps_the_page_under_its_own_root_and_a_frame_has_no_worker(customer: Customer) -> None:
    page = customer.context.new_page()
    page.goto(f"/app/en{customer.address}")
    seen(page)
    customer.context.set_offline(True)
    page.reload()
    heading(page, "What is wrong with it?")
    customer.context.set_offline(False)
    wrong: list[str] = []
    frame = customer.context.new_page()
    frame.on("pageerror", lambda error: wrong.append(str(error)))
    frame.goto("/c/no-line")
    frame.route("**/framed", lambda route: route.fulfill(body=f'<iframe src="/embed{customer.address}"></iframe>'))
    frame.route("**/embed/**", strip)
    frame.goto("/framed")
    expect(frame.frame_locator("iframe").get_by_role("heading", name="What is wrong with it?")).to_be_visible()
    frame.wait_for_timeout(2500)  # a worker would have begun by then
    assert frame.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.map((one) => one.scope))") == [
        frame.evaluate("`${location.origin}/app/en/c/`")
    ]
    assert wrong == []


def strip(route: Route) -> None:
    """As if the site were named in RECOUP_EMBEDDERS."""
    answer = route.fetch()
    refused = {"x-frame-options", "content-security-policy"}
    route.fulfill(
        response=answer, headers={name: value for name, value in answer.headers.items() if name not in refused}
    )


def test_the_front_door_can_be_installed(customer: Customer) -> None:
    page = customer.context.new_page()
    page.goto("/")
    session = customer.context.new_cdp_session(page)
    app = session.send("Page.getAppManifest")
    assert (app["errors"], app["url"]) == ([], page.url + "app.webmanifest")
    # This Chromium's own window can install nothing: that is said of every page in it.
    found = {each["errorId"] for each in session.send("Page.getInstallabilityErrors")["installabilityErrors"]}
    assert found <= {"in-incognito"}
