"""Every customer's screen is one for everybody: axe finds nothing, a thumb finds everything, keys go the whole way.

With RECOUP_RENEW_PICTURES=1 the screens are also left in docs/pictures/phone, where docs/guides/phone.md shows them.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from recoup.domain.defects.models import DefectType
from recoup.domain.defects.starter import STARTER, Kind
from recoup.domain.returns import actions
from recoup.domain.returns.tests import factories as make
from recoup.foundation.accounts.models import LinkToken
from recoup.web.capture.tests import audit, films, finder, returned
from recoup.web.tests.in_a_browser import MARKS, running

pytestmark = MARKS
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "locale": "en-GB",
}
KETTLE = "4006381333931"
Visit = Callable[..., Page]
Look = Callable[..., None]


@pytest.fixture(scope="module")
def filming(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A Chromium whose camera sees a good scene."""
    reel = tmp_path_factory.mktemp("reel") / "reel.y4m"
    reel.write_bytes(films.film("good"))
    with running(*films.flags(reel)) as browser:
        yield browser


@pytest.fixture
def visit(filming: Browser, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    """Opens a page of ours on a phone; what is sent from it goes nowhere."""

    def go(path: str, *scripts: str, **about: Any) -> Page:
        # The photos are filled in on their way here, past the page's own worker.
        context = filming.new_context(base_url=live_server.url, service_workers="block", **(PHONE | about))
        context.set_default_timeout(finder.PATIENCE)
        for script in scripts:
            context.add_init_script(script)
        page = context.new_page()
        page.route("**/upload/**", nowhere)
        page.goto(path)
        return page

    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)
    yield go
    for context in filming.contexts:
        context.close()


def nowhere(route: Route) -> None:
    route.fulfill(
        status=415, json={"sentence": "We cannot use this file as a photo. Take it again, or choose another."}
    )


@pytest.fixture
def look(subtests: pytest.Subtests) -> Look:
    """One screen, by day and by night: what is wrong with it is said together."""
    audit.needs_axe()

    def at(page: Page, name: str, *, kept: bool = True) -> None:
        with subtests.test(name):
            found: list[str] = []
            for scheme in audit.SCHEMES:
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]  # one of two words
                page.evaluate("new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown)))")
                if kept:
                    audit.keep(page, f"{name}-{scheme}")
                found += [f"{scheme}: {each}" for each in audit.violations(page)]
            assert found + audit.too_small(page) + audit.too_wide(page, 320, 195) == []

    return at


def told(kind: Kind) -> DefectType:
    """A kind of defect in its own words."""
    made = make.defect(*(shot.shot for shot in kind.shots))
    DefectType.objects.filter(pk=made.pk).update(name=kind.name, picture=kind.code)
    for shot in kind.shots:
        made.shots.filter(shot=shot.shot).update(instruction=shot.instruction, required=shot.required)
    made.refresh_from_db()
    return made


def pictured(route: Route) -> None:
    """The factories' photos are noise; what the page shows of them is what the camera films."""
    answer = route.fetch()
    said = answer.json()
    for each in said["photos"]:
        film = films.photo("blurred" if each["state"] == "retake" else "good", each["shot"])
        each["thumb"] = f"data:image/jpeg;base64,{b64encode(film).decode()}"
    route.fulfill(json=said)


def onward(page: Page, name: str = "Next") -> None:
    page.get_by_role("button", name=name).locator("visible=true").click()


def test_the_ways_in(visit: Visit, look: Look, mailoutbox: list[Any]) -> None:
    line = make.order_line(sold=make.product(gtin=KETTLE))
    page = visit("/")
    look(page, "door")
    page.get_by_label("Order number").fill(line.order.number)
    page.get_by_label("E-mail address").fill("cora@example.com")
    onward(page, "Send me a code")
    expect(page.get_by_label("The six digits from the mail")).to_be_visible()
    look(page, "code")
    page.get_by_label("The six digits from the mail").fill("12")
    onward(page, "Go on")
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "code-wrong")
    page.goto(f"/01/{KETTLE}")
    look(page, "box")
    page.goto("/01/4006381333932")
    look(page, "box-misread")


def test_the_way_through(visit: Visit, look: Look) -> None:
    line = make.order_line(sold=make.product(name="Kettle 1.7 l"))
    make.order_line(line.order, sold=make.product(name="Travel kettle 0.5 l, with bag"), quantity=1)
    cracked, *_ = [told(kind) for kind in STARTER[:5]]
    link, secret = make.link(line.order, secret=True)
    page = visit(f"/c/{secret}/", finder.SPY, finder.BY_HAND)
    page.route("**/photos", pictured)
    look(page, "item")
    page.get_by_text("Kettle 1.7 l").click()
    onward(page)
    look(page, "wrong")
    page.get_by_text(cracked.name).click()
    onward(page)
    for shot in ("overall", "close_up", "serial_label", "packaging"):
        look(page, f"photo-{shot}")
        finder.take(page)
        finder.says(page, "Looks good")
        look(page, f"camera-{shot}")
        finder.close(page)
        if shot == "overall":
            make.photo(link.session, shot, judged="retake")
            expect(page.locator("section:visible .photo.stops")).to_be_visible(timeout=finder.PATIENCE)
            look(page, "photo-again")
        elif shot == "close_up":
            make.photo(link.session, shot)
            expect(page.locator("section:visible .photo.settled")).to_be_visible(timeout=finder.PATIENCE)
            look(page, "photo-good")
        onward(page)
    look(page, "words")
    onward(page)
    look(page, "check")
    page.unroute_all(behavior="ignoreErrors")


def test_a_camera_that_may_not_be_used(visit: Visit, look: Look) -> None:
    link, secret = make.link(make.order_line().order, secret=True)
    draft = {"defect_type": told(STARTER[0]).code}
    actions.choose(link=link, draft=draft, at=make.NOW, actor=make.CUSTOMER)
    page = visit(f"/c/{secret}/#photo-overall", finder.SPY, "window.refuse = 'NotAllowedError';")
    finder.take(page)
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "camera-denied")


def test_a_photo_that_will_not_do(visit: Visit, look: Look, tmp_path: Path) -> None:
    link, secret = make.link(make.order_line().order, secret=True)
    draft = {"defect_type": told(STARTER[0]).code}
    actions.choose(link=link, draft=draft, at=make.NOW, actor=make.CUSTOMER)
    page, file = visit(f"/c/{secret}/#photo-overall"), tmp_path / "photo.jpg"
    file.write_bytes(films.photo("good"))
    page.locator("section:visible input[multiple]").set_input_files(file)
    expect(page.locator("section:visible .photo.stops")).to_be_visible(timeout=finder.PATIENCE)
    look(page, "photo-refused")


def test_what_is_asked_for_once_more_and_what_is_left_of_nothing(visit: Visit, look: Look) -> None:
    page = visit(returned.at(returned.need_more()))
    look(page, "asked")
    onward(page)
    look(page, "asked-photo")
    line = make.order_line(quantity=1)
    make.submitted(line)
    _, secret = make.link(line.order, secret=True)
    page.goto(f"/c/{secret}/")
    look(page, "nothing-left")


@pytest.mark.parametrize("state", returned.STATES)
def test_how_it_stands(visit: Visit, look: Look, state: str) -> None:
    page = visit(returned.at(returned.STATES[state]()) + "status")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    look(page, f"status-{state}")
    for each in page.locator("summary:visible").all():
        each.click()
    look(page, f"status-{state}-open", kept=False)


def test_what_is_refused(visit: Visit, look: Look) -> None:
    page = visit("/c/no-such-link/")
    look(page, "no-such-link")
    link, secret = make.link(make.order_line().order, secret=True)
    LinkToken.objects.filter(subject_id=link.session_id).update(expires_at=make.NOW)
    page.goto(f"/c/{secret}/")
    look(page, "link-over")


def test_keys_alone_go_the_whole_way(visit: Visit) -> None:
    """Tab, arrows, Enter and Space; whatever has the focus shows it."""
    line, kind = make.order_line(), make.defect("overall")
    link, secret = make.link(line.order, secret=True)
    page = visit(f"/c/{secret}/", finder.SPY, finder.BY_HAND, has_touch=False, is_mobile=False)
    make.photo(link.session, "overall")
    key_to(page, kind.name)
    page.keyboard.press("Space")
    key_to(page, "Next")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Show all of it")).to_be_focused()
    key_to(page, "Take the photo")
    page.keyboard.press("Enter")
    expect(finder.shutter(page)).to_be_focused()
    finder.ready(page)
    page.keyboard.press("Escape")
    expect(finder.shown(page)).to_have_count(0)
    key_to(page, "Next")
    page.keyboard.press("Space")
    expect(page.get_by_role("heading", name="A few words?")).to_be_focused()
    key_to(page, "What happened? (optional)")
    page.keyboard.type("It leaks.")
    key_to(page, "Next")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ready to send?")).to_be_focused()
    key_to(page, "Back")
    key_to(page, "Send my return")
    page.keyboard.press("Enter")
    page.wait_for_url("**/status")
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your photos and are looking at them.")


FOCUSED = """() => {
  const it = document.activeElement, label = it.labels?.[0], ringed = label?.matches(".button, .choice") ? label : it;
  const { outlineStyle, outlineWidth } = getComputedStyle(ringed);
  return { name: (label ?? it).innerText.trim(), seen: outlineStyle !== "none" && outlineWidth !== "0px" };
}"""


def key_to(page: Page, name: str) -> None:
    """Tab until this has the focus; every stop on the way shows that it has it."""
    passed: list[str] = []
    while name not in passed:
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        assert focused["seen"], focused
        passed.append(focused["name"])
        assert len(passed) < 30, passed


def test_nothing_moves_for_who_wants_no_motion(visit: Visit) -> None:
    _, secret = make.link(make.order_line().order, secret=True)
    make.defect("overall")
    page = visit(f"/c/{secret}/", reduced_motion="reduce")
    moving = "[...document.querySelectorAll('*')].filter((it) => parseFloat(getComputedStyle(it).transitionDuration) > 0 || getComputedStyle(it).animationName !== 'none').length"
    assert page.evaluate(moving) == 0
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(moving) > 0
