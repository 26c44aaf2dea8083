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
from recoup.web.tests.in_a_browser import MARKS, picture

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
    page.locator("#email").fill("cora@example.com")
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
    reader.page.locator("button[type=submit]:visible").click()
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
