"""What is typed is never lost; a return that cannot be sent now is sent later, once; and a no is said on the spot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Request, Route, expect

from recoup.domain.returns import actions
from recoup.domain.returns.tests import factories as make
from recoup.web.capture.tests.upload.queue.customer import (
    MIB,
    NO_STORE,
    PATIENCE,
    UPLOADS,
    Customer,
    Line,
    all_arrived,
    cards,
    end,
    new_link,
    sent_at_least,
    take,
)
from recoup.web.capture.tests.upload.queue.later import (
    STUCK,
    WORDS,
    heading,
    line,
    onward,
    returns,
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
GOING = "Your return is sent by itself as soon as all photos are there."


def test_send_pressed_while_photos_go_is_done_once_they_are_there_whatever_tab_is_open(
    customer: Customer, photo: Photos
) -> None:
    page, one = visit(customer, "photo-overall"), photo(1)
    Line(page).set(upload=MIB // 4)
    take(page, one)
    sent_at_least(page, 0.1)
    page.goto(f"{customer.address}#words")
    tell(page)
    onward(page)
    send(page)
    expect(line(page)).to_contain_text(GOING)
    picture(page, "offline-going")
    other = visit(customer)
    heading(other, "Ready to send?")
    expect(line(other)).to_contain_text(GOING)
    sent_once(customer, page)
    other.wait_for_url("**/status")
    customer.sent(one)
    assert len(returns(customer)) == 1


def test_a_tab_that_was_opened_before_sends_what_the_closed_one_said(customer: Customer, photo: Photos) -> None:
    older, page, one = visit(customer), visit(customer, "photo-overall"), photo(0.5)
    take(page, one)
    all_arrived(page, 1)
    seen_photos(older, 1)
    page.goto(f"{customer.address}#words")
    customer.context.set_offline(True)
    tell(page)
    send_from_words(page)
    expect(line(page)).to_contain_text(STUCK)
    expect(line(older)).to_contain_text(STUCK, timeout=PATIENCE)  # it asks every few seconds
    heading(older, "What is wrong with it?")
    page.close()
    customer.context.set_offline(False)
    sent_once(customer, older)


def test_going_back_to_change_something_takes_the_wish_back(customer: Customer) -> None:
    page = visit(customer, "words")
    tell(page)
    onward(page)
    customer.context.set_offline(True)
    send(page)
    expect(line(page)).to_contain_text(STUCK)
    page.get_by_role("button", name="Back").locator("visible=true").click()
    expect(line(page)).to_be_empty()
    with page.expect_response("**/photos"):
        customer.context.set_offline(False)
    tell(page, "It hums louder.")
    onward(page)
    assert returns(customer) == []
    send(page)
    sent_once(customer, page, "It hums louder.")


def test_an_answer_that_is_lost_and_a_house_in_trouble_make_one_return(customer: Customer) -> None:
    page, tries = visit(customer, "words"), list[Request]()

    def trouble(route: Route) -> None:
        tries.append(route.request)
        if len(tries) == 1:
            return route.fulfill(status=503, body="<h1>Bad gateway</h1>")
        if len(tries) == 2:
            route.fetch()
            return route.abort("connectionreset")
        return route.fallback()

    page.route("**/send", trouble)
    tell(page)
    onward(page)
    send(page)
    expect(line(page)).to_contain_text(STUCK)
    sent_once(customer, page)
    assert len(tries) == 3


def test_a_refusal_is_said_on_the_spot_and_everything_is_still_there(customer: Customer) -> None:
    page = visit(customer, "words")
    tell(page)
    onward(page)
    (line_,) = customer.link.order.lines.all()
    link, _ = new_link(customer.link.order)
    choice = actions.Choice(
        order_line_id=line_.pk, defect_type=customer.link.draft["defect_type"], quantity=line_.quantity
    )
    actions.submit(link=link, choice=choice, at=make.NOW, actor=make.CUSTOMER)
    send(page)
    alert = page.locator("[data-refusal]")
    expect(alert).to_contain_text("of this item are in a return already")
    expect(page.locator("[data-review]")).to_contain_text(WORDS)
    picture(page, "offline-refusal")
    assert len(returns(customer)) == 1
    send(page)
    expect(alert).to_be_visible()


def test_what_is_typed_is_there_again_though_the_tab_was_closed_in_the_middle_of_a_word(customer: Customer) -> None:
    page = visit(customer, "words")
    page.get_by_label("What happened?").press_sequentially("It hu")
    page.close()
    page = visit(customer, "words")
    expect(page.get_by_label("What happened?")).to_have_value("It hu")
    send_from_words(page)
    sent_once(customer, page, "It hu")


def test_of_two_devices_each_keeps_what_only_it_knows(customer: Customer) -> None:
    page = visit(customer, "words")
    tell(page, "from the phone")
    with page.expect_response("**/draft"):
        page.get_by_label("How many of them?").focus()
    customer.context.set_offline(True)
    page.get_by_label("How many of them?").fill("2")
    page.close()
    customer.context.set_offline(False)
    customer.link.refresh_from_db()
    page = customer.context.new_page()
    page.wait_for_timeout(1100)  # the house tells its time in seconds
    draft = {**customer.link.draft, "words": "from the desk"}
    actions.choose(link=customer.link, draft=draft, at=make.NOW, actor=make.CUSTOMER)
    page.goto(f"{customer.address}#words")
    expect(page.get_by_label("How many of them?")).to_have_value("2")
    expect(page.get_by_label("What happened?")).to_have_value("from the desk")


def test_a_new_link_of_the_same_order_goes_on_with_what_was_typed_on_the_ended_one(customer: Customer) -> None:
    page = visit(customer, "words")
    seen(page)
    tell(page)
    end(customer.link)
    send_from_words(page)
    expect(page.get_by_role("link", name="Come in again with a code by mail")).to_be_visible()
    seen(page, wanted=False)
    customer.link, customer.address = new_link(customer.link.order)
    page.goto(f"{customer.address}#check")
    expect(page.locator("[data-review]")).to_contain_text(WORDS)
    expect(line(page)).to_be_empty()
    assert returns(customer) == []
    send(page)
    sent_once(customer, page)


def test_where_nothing_can_be_kept_the_page_asks_to_stay_open_and_sends_all_the_same(customer: Customer) -> None:
    customer.context.add_init_script(NO_STORE)
    page = visit(customer, "words")
    tell(page)
    onward(page)
    customer.context.set_offline(True)
    send(page)
    expect(line(page)).to_contain_text("so please leave this page open until then")
    customer.context.set_offline(False)
    sent_once(customer, page)


@pytest.mark.parametrize("days", [-365, 365])
def test_a_phone_whose_clock_is_wrong_by_a_year_loses_nothing(customer: Customer, photo: Photos, days: int) -> None:
    customer.context.add_init_script(f"const now = Date.now; Date.now = () => now() + {days} * 24 * 3600 * 1000;")
    page, one = visit(customer, "photo-overall"), photo(0.5)
    customer.context.set_offline(True)
    take(page, one)
    expect(cards(page)).to_contain_text("The line is down")
    page.close()
    customer.context.set_offline(False)
    page = visit(customer, "photo-overall")
    all_arrived(page, 1)
    page.goto(f"{customer.address}#words")
    tell(page)
    send_from_words(page)
    sent_once(customer, page)
    customer.sent(one)


def test_what_the_browser_says_of_its_line_is_not_believed(customer: Customer, photo: Photos) -> None:
    customer.context.add_init_script("Object.defineProperty(navigator, 'onLine', { value: false });")
    page, one = visit(customer, "photo-overall"), photo(1)
    page.evaluate(NOTE_LINE)
    Line(page).set(upload=MIB // 2)
    take(page, one)
    all_arrived(page, 1)
    assert page.evaluate("said") == []
    page.goto(f"{customer.address}#words")
    tell(page)
    send_from_words(page)
    sent_once(customer, page)


NOTE_LINE = """() => {
  const place = document.querySelector("[data-line]");
  window.said = [];
  new MutationObserver(() => said.push(place.textContent)).observe(place, { childList: true });
}"""


def test_a_photo_that_cannot_be_sent_after_all_is_for_the_customer_to_decide_about(
    customer: Customer, photo: Photos
) -> None:
    page = visit(customer, "photo-overall")
    customer.context.set_offline(True)
    take(page, photo(0.5))
    page.goto(f"{customer.address}#words")
    tell(page)
    send_from_words(page)
    expect(line(page)).to_contain_text(STUCK)
    page.route(UPLOADS, lambda route: route.fulfill(status=413, body="no"))
    customer.context.set_offline(False)
    expect(page.locator("[data-review]")).to_contain_text("too large for us")
    expect(line(page)).to_be_empty()
    assert returns(customer) == []
    page.get_by_role("button", name="Take it out").click()
    send(page)
    sent_once(customer, page)


def test_what_was_asked_for_is_sent_later_too(customer: Customer, photo: Photos) -> None:
    line_ = make.to_agent()
    actions.ask(line=line_, shots=["overall"], reason="Once more, please.", at=timezone.now(), actor=make.agent())
    customer.link = line_.return_case.links.get()
    until = timezone.now() + dt.timedelta(days=2)
    secret = actions.new_secret(link=customer.link, expires_at=until, actor=make.CUSTOMER)
    customer.link.session.expires_at = until
    customer.link.session.save()
    customer.address = f"/c/{secret}/"
    page, one = visit(customer, "photo-overall"), photo(0.5)
    seen(page)
    customer.context.set_offline(True)
    take(page, one)
    page.evaluate(WISHED_BEFORE)
    page.reload()
    heading(page, "Show all of it")
    expect(cards(page)).to_have_count(2)  # with the one of the first time
    onward(page)
    heading(page, "Ready to send?")
    expect(line(page)).to_contain_text("2 of 3 sent")
    page.get_by_role("button", name="Send the photos").click()
    expect(line(page)).to_contain_text(STUCK)
    customer.context.set_offline(False)
    page.wait_for_url("**/status")
    customer.link.session.refresh_from_db()
    assert customer.link.session.state == "submitted"


# As if the answer to what was sent first had been lost.
WISHED_BEFORE = """() => new Promise((resolve) => {
  const { session } = document.body.dataset;
  const asked = indexedDB.open("recoup");
  asked.onsuccess = () => {
    const turn = asked.result.transaction("wishes", "readwrite");
    turn.objectStore("wishes").put({ session, turn: "choosing", state: "wished", when: Date.now() });
    turn.oncomplete = () => { asked.result.close(); resolve(); };
  };
})"""


def test_enter_in_a_field_goes_on_to_the_next_step_and_a_hidden_one_is_shown_when_it_lacks_something(
    customer: Customer,
) -> None:
    page = visit(customer, "words")
    number = page.get_by_label("How many of them?")
    number.press("Enter")
    heading(page, "Ready to send?")
    page.go_back()
    number.fill("")
    page.goto(f"{customer.address}#check")
    send(page)
    heading(page, "A few words?")
    assert returns(customer) == []
