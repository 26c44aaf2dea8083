"""The customer's pages in a real Chromium that takes itself for a phone.

With RECOUP_PICTURES set to a folder, pages are also left there as pictures, to be looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from recoup.domain.defects.actions import define_defect_type, install_starter_types
from recoup.domain.defects.rules import Shot
from recoup.domain.defects.starter import STARTER
from recoup.domain.returns import actions
from recoup.domain.returns.models import CaptureLink, Return
from recoup.domain.returns.tests import factories as make
from recoup.kit.actor import SYSTEM
from recoup.kit.tests.drawn import LONG_WORD
from recoup.web.look import brand
from recoup.web.tests.in_a_browser import MARKS, picture

pytestmark = MARKS
Visit = Callable[[str], Page]


@pytest.fixture
def visit(browser: Browser, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    """Opens a link (its secret, then a slash) on a phone; the links of the factories run out in 2025."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True, base_url=live_server.url
    )

    def go(path: str) -> Page:
        page = context.new_page()
        page.goto(f"/c/{path}")
        return page

    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)
    yield go
    context.close()


def press_next(page: Page) -> None:
    page.get_by_role("button", name="Next").locator("visible=true").click()


def test_a_long_word_breaks_and_next_stays_in_reach(visit: Visit) -> None:
    line = make.order_line(sold=make.product(name=f"{LONG_WORD} weiß"))
    make.order_line(line.order, sold=make.product(name="Lamp"))
    _, secret = make.link(line.order, secret=True)
    page = visit(f"{secret}/")
    expect(page.get_by_text(LONG_WORD)).to_be_visible()
    picture(page, "long-word")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_text(LONG_WORD).click()
    press_next(page)
    expect(page.get_by_role("heading", name="What is wrong with it?")).to_be_visible()


def test_each_kind_of_defect_has_its_picture_by_day_and_by_night(visit: Visit) -> None:
    install_starter_types(actor=SYSTEM)
    own = Shot("overall", "All of it.")
    define_defect_type(
        code="dull", name="It is dull", shots=[own], picture="scratched", position=10, actor=make.agent()
    )
    define_defect_type(code="smells", name="It smells", shots=[own], position=11, actor=make.agent())
    _, secret = make.link(make.order_line().order, secret=True)
    page = visit(f"{secret}/#wrong")
    drawn = {
        each.get_by_role("radio").get_attribute("value"): each.locator("svg").inner_html()
        for each in page.locator("section:visible .choice").all()
    }
    assert len(set(drawn.values())) == len(STARTER)
    assert (drawn["dull"], drawn["smells"]) == (drawn["scratched"], drawn["other"])
    assert (
        page.get_by_role("radio", name="It leaks", exact=True).count() == 1
    )  # the words say it, and nothing else does
    picture(page, "kinds")
    page.get_by_role("radio", name="It leaks").check()
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    picture(page, "kinds-dark")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize(
    ("shots", "step"), [(("overall", "serial_label"), "photo-serial_label"), (("overall",), "words")]
)
def test_the_serial_number_is_asked_for_where_its_label_is(visit: Visit, shots: tuple[str, ...], step: str) -> None:
    line, kind = make.order_line(serial="K17-000001"), make.defect(*shots)
    other = make.defect("serial_label" if len(shots) == 1 else "overall")
    link, secret = make.link(line.order, secret=True)
    draft = {"order_line_id": str(line.pk), "defect_type": other.code}
    actions.choose(link=link, draft=draft, at=make.NOW, actor=make.CUSTOMER)
    page = visit(f"{secret}/#wrong")
    page.locator(f"[name=defect_type][value={kind.code}]").check()
    page.evaluate("(step) => { location.hash = step; }", step)
    field = page.get_by_label("Serial number", exact=True)
    expect(field).to_have_count(1)
    field.fill("K17-000001")
    page.evaluate("() => { location.hash = 'check'; }")
    expect(page.locator("[data-review]")).to_contain_text("Serial number: K17-000001")


def test_without_scripts_the_serial_number_is_among_the_words(browser: Browser, visit: Visit, live_server: Any) -> None:
    line = make.order_line(serial="K17-000001")
    make.defect("overall", "serial_label")
    _, secret = make.link(line.order, secret=True)
    page = browser.new_context(java_script_enabled=False, base_url=live_server.url).new_page()
    page.goto(f"/c/{secret}/")
    expect(page.locator("[data-step=words]").get_by_label("Serial number", exact=True)).to_be_visible()


def test_nobody_is_asked_which_item_when_there_is_one(visit: Visit) -> None:
    line, kind = make.order_line(sold=make.product(name="Kettle 1.7 l")), make.defect()
    _, secret = make.link(line.order, secret=True)
    page = visit(f"{secret}/")
    expect(page.get_by_role("heading", level=1).locator("visible=true")).to_have_text("What is wrong with it?")
    expect(page.locator("section:visible")).to_contain_text("Kettle 1.7 l")
    expect(page.get_by_role("button", name="Back").locator("visible=true")).to_have_count(0)
    picture(page, "one-item")
    page.get_by_text(kind.name).click()
    press_next(page)
    expect(page.get_by_role("heading", name="Show all of it")).to_be_visible()
    page.get_by_role("button", name="Back").locator("visible=true").click()
    expect(page.get_by_role("heading", name="What is wrong with it?")).to_be_visible()


def test_the_review_says_what_will_not_do_and_lets_it_be_taken_again(visit: Visit) -> None:
    line, kind = make.order_line(serial="K17-000001"), make.defect("overall")
    link, secret = make.link(line.order, secret=True)
    draft = {"order_line_id": str(line.pk), "defect_type": kind.code, "serial": "K17-000001"}
    actions.choose(link=link, draft=draft, at=make.NOW, actor=make.CUSTOMER)
    make.photo(link.session, "overall", judged="retake")
    page = visit(f"{secret}/#check")
    review = page.locator("[data-review]")
    expect(review).to_contain_text("Serial number: K17-000001")
    expect(review).to_contain_text("A bit blurred. Hold still.")
    anyway = review.get_by_role("button", name="Send it anyway")
    expect(anyway).to_be_hidden()
    with page.expect_file_chooser():
        review.get_by_role("button", name="Take it again").click()
    second = make.photo(link.session, "overall", judged="retake")
    picture(page, "review")
    anyway.click(timeout=20_000)
    expect(review.locator(".photo.settled")).to_be_visible()
    second.refresh_from_db()
    assert (second.state, second.send_anyway) == ("accepted", True)


def test_an_order_that_is_in_a_return_already_says_so_at_once(visit: Visit) -> None:
    line = make.order_line(quantity=1)
    number = make.submitted(line).return_case.number
    _, secret = make.link(line.order, secret=True)
    page = visit(f"{secret}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("is in a return already")
    expect(page.get_by_text(f"Return {number}")).to_be_visible()
    expect(page.get_by_text("We have your photos and are looking at them.")).to_be_visible()
    expect(page.get_by_role("button", name="Next")).to_have_count(0)
    picture(page, "nothing-left")


def test_of_two_items_the_one_that_is_gone_cannot_be_chosen(visit: Visit) -> None:
    gone = make.order_line(quantity=1)
    make.order_line(gone.order, sold=make.product(name="Lamp"), quantity=1)
    make.submitted(gone)
    _, secret = make.link(gone.order, secret=True)
    page = visit(f"{secret}/")
    expect(page.get_by_role("radio", name="Kettle")).to_be_disabled()
    expect(page.get_by_role("radio", name="Lamp")).to_be_checked()
    picture(page, "one-left")
    press_next(page)
    expect(page.get_by_role("heading", name="What is wrong with it?")).to_be_visible()


def test_both_sides_can_be_sent_when_one_more_photo_is_asked_for(visit: Visit) -> None:
    line = make.to_agent()
    actions.ask(line=line, shots=["serial_label"], reason="Both sides, please.", at=make.NOW, actor=make.agent())
    link = line.return_case.links.get()
    page = visit(actions.new_secret(link=link, expires_at=make.LATER, actor=make.CUSTOMER) + "/")
    press_next(page)
    for count in (1, 2):
        photo = make.photo(link.session, "serial_label")
        actions.photo_judged(photo=photo, at=make.NOW, actor=SYSTEM)
        expect(page.locator(".photo.settled")).to_have_count(count, timeout=20_000)
        link.session.refresh_from_db()
        assert link.session.state == "open"
    press_next(page)
    picture(page, "both-sides")
    page.get_by_role("button", name="Send the photos").click()
    page.wait_for_url("**/status")
    link.session.refresh_from_db()
    assert (link.session.state, line.photos.filter(shot="serial_label").count()) == ("submitted", 2)


AND_ANOTHER = "Send, and return something else of this order"


def at_the_check(visit: Visit, line: Any) -> Page:
    link, secret = make.link(line.order, secret=True)
    draft = {"order_line_id": str(line.pk), "defect_type": make.defect("overall").code}
    actions.choose(link=link, draft=draft, at=make.NOW, actor=make.CUSTOMER)
    make.photo(link.session, "overall")
    return visit(f"{secret}/#check")


def test_several_items_go_one_after_the_other(visit: Visit) -> None:
    line = make.order_line(quantity=1)
    make.order_line(line.order, sold=make.product(name="Lamp"), quantity=1)
    page = at_the_check(visit, line)
    expect(page.get_by_role("button", name=AND_ANOTHER)).to_be_visible()
    picture(page, "check-of-several")
    page.get_by_role("button", name=AND_ANOTHER).click()
    expect(page.get_by_role("heading", name="Which item is it?")).to_be_visible()
    number = line.return_lines.get().return_case.number
    expect(page.get_by_text(f"Return {number} is with us. Now the next one.")).to_be_visible()
    expect(page.get_by_role("radio", name="Lamp")).to_be_checked()
    picture(page, "now-the-next-one")
    press_next(page)
    page.locator("label.choice:visible").first.click()
    for _ in range(3):
        press_next(page)
    expect(page.get_by_role("button", name="Send my return")).to_be_visible()
    expect(page.get_by_role("button", name=AND_ANOTHER)).to_have_count(0)
    page.get_by_role("button", name="Send my return").click()
    page.get_by_role("link", name=f"Show it {number}").click()
    expect(page.get_by_text(f"Return {number}, order")).to_be_visible()


def test_enter_goes_a_step_further_and_sends_one_return_at_the_end(visit: Visit) -> None:
    page = at_the_check(visit, make.order_line(quantity=2))
    page.evaluate("location.hash = 'words'")
    page.get_by_label("How many of them?").press("Enter")
    expect(page.get_by_role("heading", name="Ready to send?")).to_be_visible()
    page.get_by_role("button", name="Send my return").press("Enter")
    page.wait_for_url("**/status")
    assert (Return.objects.count(), CaptureLink.objects.count()) == (1, 1)


LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 170 40"><circle cx="20" cy="20" r="16" fill="#7a1f5c"/>'
    b'<text x="46" y="27" font-family="Georgia, serif" font-size="22" fill="#3a1030">Lumen &amp; Co</text></svg>'
)


@pytest.mark.parametrize(
    ("scheme", "accent"), [("light", "rgb(122, 31, 92)"), ("dark", "rgb(240, 160, 216)")], ids=["light", "dark"]
)
def test_the_shops_face_by_day_and_by_night(
    browser: Browser,
    live_server: Any,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    scheme: Any,
    accent: str,
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)
    (tmp_path / "logo.svg").write_bytes(LOGO)
    settings.RECOUP_BRAND = brand.of(str(tmp_path / "logo.svg"), "#7a1f5c #f0a0d8")
    settings.RECOUP_SITE_NAME = "Lumen & Co"
    make.defect("overall")
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=live_server.url, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"/c/{make.link(make.order_line().order, secret=True)[1]}/")
    logo = page.get_by_role("img", name="Lumen & Co")
    expect(logo).to_be_visible()
    assert logo.evaluate("async (image) => (await image.decode(), image.naturalWidth)") > 0
    expect(page.get_by_role("button", name="Next").locator("visible=true")).to_have_css("background-color", accent)
    assert page.locator("header.brand").evaluate("(bar) => bar.offsetHeight") == 44
    picture(page, f"brand-{scheme}")
