"""The whole way of a customer who reads German, and of one who reads Arabic, in a real Chromium.

With RECOUP_PICTURES set to a folder, every screen is also left there as a picture, to be looked at.
"""

from __future__ import annotations

import gettext
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation
from playwright.sync_api import Browser, Page, expect

from recoup.domain.defects.models import DefectType, ShotListItem
from recoup.domain.defects.starter import STARTER
from recoup.domain.evidence import actions as evidence
from recoup.domain.orders.models import Order
from recoup.domain.returns import actions
from recoup.domain.returns.models import CaptureLink
from recoup.domain.returns.tests import factories as make
from recoup.kit.actor import SYSTEM
from recoup.vision.gate_sentences import SENTENCES
from recoup.web.capture.tests import mail
from recoup.web.tests.in_a_browser import MARKS, PICTURES, picture

pytestmark = MARKS
TOO_DARK = SENTENCES["too_dark"]


@dataclass(slots=True)
class Reader:
    """A customer with a phone of this width, whose browser asks for this language."""

    page: Page
    language: str
    width: int
    scheme: str

    def reads(self, name: str) -> None:
        """The screen is in their language and direction, nothing on it is English, and nothing is wider than the phone."""
        root = self.page.locator("html")
        expect(root).to_have_attribute("lang", self.language)
        assert (root.get_attribute("dir") == "rtl") == (self.language == "ar")
        picture(self.page, f"{self.language}-{self.scheme}-{self.width}-{name}")
        assert english(self.page.content(), self.language) == [], name
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.width, name

    def sees(self, name: str) -> None:
        """What stands on the screen now; a picture of the whole page would miss what covers it."""
        if PICTURES:
            self.page.screenshot(path=Path(PICTURES) / f"{self.language}-{self.scheme}-{self.width}-{name}.png")

    def onward(self, step: str) -> None:
        self.page.locator("[data-go=next]:visible").click()
        expect(self.page.locator(f"[data-step={step}]")).to_be_visible()


def english(page: str, language: str) -> list[str]:
    """Sentences of the catalogue that stand in the page as they are in English."""
    said = html.unescape(re.sub(r"\s+", " ", page))
    with translation.override(language):
        return [each for each in _sentences() if translation.gettext(each) != each and _stands(each, said)]


def _stands(sentence: str, page: str) -> bool:
    if " " in sentence:
        return sentence in page
    return re.search(rf">\s*{re.escape(sentence)}\s*<", page) is not None


def _sentences() -> list[str]:
    with Path(settings.LOCALE_PATHS[0], "de/LC_MESSAGES/django.mo").open("rb") as file:
        ours = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return [key for key in ours if isinstance(key, str) and key and not re.search(r"%\(|\{", key)]


@pytest.fixture(params=[("de", 360, "light"), ("de", 390, "dark"), ("ar", 390, "light"), ("ar", 390, "dark")], ids=str)
def reader(
    request: pytest.FixtureRequest, browser: Browser, live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Reader]:
    language, width, scheme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 844}, is_mobile=True, has_touch=True, base_url=live_server.url,
        locale={"de": "de-AT", "ar": "ar"}[language], color_scheme=scheme,
    )  # fmt: skip
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)
    context.set_default_timeout(20_000)
    monkeypatch.setattr(settings, "RECOUP_RETURN_ADDRESS", ["Dock Street 4", "20457 Hamburg"])
    yield Reader(context.new_page(), language, width, scheme)
    context.close()


@pytest.fixture
def order() -> Order:
    """Of two things, with the first defect that a new house knows."""
    kind = STARTER[0]
    made = DefectType.objects.create(code=kind.code, name=kind.name)
    for position, shot in enumerate(kind.shots, start=1):
        ShotListItem.objects.create(
            defect_type=made, shot=shot.shot, instruction=shot.instruction, required=shot.required, position=position
        )
    line = make.order_line(sold=make.product(warranty_plan=""), serial="")
    make.order_line(line.order, sold=make.product(name="Donaudampfschifffahrtsgesellschaftskapitänslampe"))
    return line.order


def come_in(reader: Reader, order: Order, mailoutbox: list[Any]) -> None:
    page = reader.page
    page.goto("/")
    reader.reads("1-front-door")
    page.locator("#number").fill(order.number)
    page.locator("#address").fill("cora@example.com")
    page.locator("button.primary").click()
    reader.reads("2-code")
    code = mail.mailed(mailoutbox)
    page.locator("#code").fill(f"{(int(code) + 1) % 10**6:06}")
    page.locator("button.primary").click()
    expect(page.get_by_role("alert")).to_be_visible()
    reader.reads("3-wrong-code")
    page.locator("#code").fill(code)
    page.locator("button.primary").click()
    expect(page.locator("[data-step=item]")).to_be_visible()


def choose_and_show(reader: Reader, session: Any) -> None:
    page = reader.page
    page.get_by_role("radio").first.check()
    reader.reads("4-item")
    reader.onward("wrong")
    page.get_by_role("radio").first.check()
    reader.reads("5-wrong")
    reader.onward("photo-overall")
    reader.reads("6-photo")
    make.photo(session, "overall")
    judge_dark(make.photo(session, "close_up", judged=""))
    reader.onward("photo-close_up")
    expect(page.locator("section:visible .photo.stops")).to_be_visible(timeout=20_000)
    reader.reads("7-too-dark")


def judge_dark(photo: Any) -> None:
    evidence.judge(
        photo=photo,
        judged=evidence.Judged(
            media_type="image/jpeg",
            width=4000,
            height=3000,
            phash=7,
            result="retake",
            rules_version="1",
            sentence=TOO_DARK,
        ),
    )


def send(reader: Reader) -> None:
    reader.onward("photo-serial_label")
    reader.onward("photo-packaging")
    reader.onward("words")
    reader.reads("8-words")
    reader.onward("check")
    reader.reads("9-check")
    reader.page.locator("button.primary[type=submit]:visible").click()
    reader.page.wait_for_url("**/status")


def test_the_whole_way_in_the_readers_language(reader: Reader, order: Order, mailoutbox: list[Any]) -> None:
    come_in(reader, order, mailoutbox)
    link = CaptureLink.objects.get(order=order)
    assert link.session.language == reader.language
    choose_and_show(reader, link.session)
    send(reader)
    reader.reads("10-sent")
    link.refresh_from_db()
    case = link.return_case
    assert case
    line = case.lines.get()
    actions.verify(return_case=case, at=make.NOW, actor=SYSTEM)
    reader.page.reload()
    expect(reader.page.locator(".note.waits")).to_be_visible()
    reader.reads("11-one-more")
    line.refresh_from_db()
    actions.approve(line=line, remedy="refund", reason="Fair.", at=make.NOW, actor=make.agent())
    reader.page.reload()
    expect(reader.page.locator(".rma")).to_be_visible()
    reader.reads("12-approved")


def test_the_camera_and_what_goes_wrong_in_the_readers_language(reader: Reader, order: Order) -> None:
    page, (link, secret) = reader.page, make.link(order, secret=True)
    evidence.speak(session=link.session, language=reader.language, actor=make.CUSTOMER)
    draft = {"order_line_id": str(order.lines.first().pk), "defect_type": STARTER[0].code}
    actions.choose(link=link, draft=draft, at=make.NOW, actor=make.CUSTOMER)
    page.goto("/c/nobody/")
    reader.reads("13-refused")
    heard: list[str] = []
    page.route("**/upload/**", lambda route: (heard.append(route.request.headers["accept-language"]), route.abort()))
    page.goto(f"/c/{secret}/#photo-overall")
    page.locator("section:visible [data-shot]").last.set_input_files(
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": b"not yet"}
    )
    expect(page.locator("section:visible .photo")).to_be_visible()
    expect(page.locator("[data-line]")).not_to_be_empty()
    assert set(heard) == {reader.language}
    reader.reads("14-no-line")
    page.evaluate(OPEN_FINDER, next(Path(settings.STATICFILES_DIRS[0], "assets").glob("finder-*.js")).name)
    expect(page.get_by_role("dialog")).to_be_visible()
    for says in page.locator("dialog [data-says]").all():
        says.evaluate(
            "words => words.closest('dialog').querySelector('.advice').replaceChildren(words.firstElementChild.cloneNode(true))"
        )
        tall = page.locator("dialog .advice").evaluate("place => place.scrollHeight <= place.clientHeight")
        assert tall, says.get_attribute("data-says")
    reader.sees("15-camera")
    page.evaluate("document.querySelector('dialog').remove()")
    page.evaluate(ALL_TROUBLES)
    reader.reads("16-troubles")
    make.submitted(order.lines.first(), quantity=2)
    make.submitted(order.lines.last(), quantity=2)
    page.goto(f"/c/{secret}/")
    reader.reads("17-nothing-left")


def test_without_script_a_language_is_one_press_away(
    browser: Browser, live_server: Any, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)
    _, secret = make.link(order, secret=True)
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    for path in ("/", f"/c/{secret}/"):
        page.goto(path)
        for language, name in (("de", "Deutsch"), ("ar", "العربيّة"), ("en", "English")):
            page.get_by_role("button", name=name, exact=True).click()
            expect(page.locator("html")).to_have_attribute("lang", language)
            expect(page.get_by_role("button", name=name, exact=True)).to_have_attribute("aria-current", "true")
    context.close()


# There is no camera here, so the page's own script would not open it; its styles come with it.
OPEN_FINDER = """async (script) => {
  await import(`/static/assets/${script}`);
  const dialog = document.querySelector('#finder').content.firstElementChild.cloneNode(true);
  dialog.dataset.guide = 'serial_label';
  dialog.querySelector('[data-title]').textContent = document.querySelector('[data-step=photo-serial_label] h1').textContent;
  dialog.querySelector('[data-torch]').hidden = false;
  document.body.append(dialog);
  dialog.showModal();
}"""
ALL_TROUBLES = """() => {
  const note = document.querySelector('#camera-trouble').content.firstElementChild.cloneNode(true);
  document.querySelector('section:not([hidden]) .pick').append(note);
}"""
