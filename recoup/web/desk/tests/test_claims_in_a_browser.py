"""Claims in a real Chromium: every page fits and is silent, covers move by mouse and by keyboard, and S signs.

With RECOUP_PICTURES set to a folder, every page is also left there as a picture, to be looked at.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page

from recoup.domain.claims import actions as claims
from recoup.domain.claims.models import Claim
from recoup.domain.claims.rules.answers import LineAnswer
from recoup.domain.claims.tests import factories, pictured
from recoup.domain.evidence.models import RedactedCopy
from recoup.kit.actor import SYSTEM
from recoup.web.desk.tests.test_in_a_browser import _page, _wrong
from recoup.web.tests.in_a_browser import MARKS, picture

pytestmark = MARKS
LONG = "Elektrogerätegroßhandelsgesellschaft Oberösterreich mit beschränkter Haftung"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    factories.today(monkeypatch)


def _claims() -> dict[str, str]:
    """A claim at each of its turns; the address of each page."""
    waiting = pictured.redacted(pictured.gathered(factories.Source(name=LONG)), residue=True)
    ready = pictured.ready()
    answered, _ = pictured.sent()
    first, second = factories.lines(answered)
    claims.enter_version(
        claim=answered,
        kind="shipment_batch",
        fields={"label": "24-118"},
        why="The carton says so.",
        actor=factories.QUALITY,
    )
    said = [
        LineAnswer(first.pk, "accept"),
        LineAnswer(second.pk, "partial", 400, "Only the rim was ours; the lid was not."),
    ]
    claims.answer(claim=answered, answers=said, at=factories.NOW, actor=factories.buyer())
    factories.recorded(factories.fresh(answered), 850)
    factories.Source().approved()
    pages = {"claims": reverse("desk:claims"), "claims-closed": reverse("desk:claims") + "?show=closed"}
    pages["signoff"] = reverse("desk:signoff", args=[waiting.number])
    for claim, stage in ((waiting, "waiting"), (ready, "ready"), (answered, "answered")):
        for tab in ("what_happened", "evidence", "documents", "approval", "supplier", "recovery"):
            pages[f"claim-{stage}-{tab}"] = reverse("desk:claim", args=[claim.number]) + f"?tab={tab}"
    pages["claim-changed"] = pages["claim-answered-documents"] + "&document=shipment_batch"
    return pages


def test_every_page_fits_and_is_silent(browser: Browser, live_server: Any) -> None:
    page = _page(browser, live_server.url)
    for name, address in _claims().items():
        page.goto(live_server.url + address, wait_until="load")
        assert _wrong(page, name) == []
    page.wait_for_load_state("networkidle")  # what the last of them says late is heard, too
    assert _wrong(page, "the last page") == []


def _signing(browser: Browser, live_server: Any, claim: Claim, shot: str) -> Page:
    copy = RedactedCopy.objects.get(photo__shot=shot, state="proposed")
    page = _page(browser, live_server.url, "quality")
    page.goto(
        live_server.url + reverse("desk:signoff", args=[claim.number]) + f"?photo={copy.photo_id}", wait_until="load"
    )
    page.wait_for_selector("[data-boxes][viewBox]", state="attached")
    return page


def test_covers_move_by_mouse_and_keyboard_and_are_drawn_anew(browser: Browser, live_server: Any) -> None:
    claim = pictured.redacted(pictured.gathered(lines=1))
    page = _signing(browser, live_server, claim, "close_up")
    boxes = page.locator("[data-boxes]")
    place = boxes.bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + 40, place["y"] + 40)
    page.mouse.down()
    page.mouse.move(place["x"] + 140, place["y"] + 100, steps=4)
    page.mouse.up()
    assert page.locator("[data-cover]").count() == 1
    assert page.locator("[data-sign]").is_disabled()
    drawn = page.locator("[data-cover] .area")
    before = int(drawn.get_attribute("x") or 0), int(drawn.get_attribute("width") or 0)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    after = int(drawn.get_attribute("x") or 0), int(drawn.get_attribute("width") or 0)
    assert after[0] > before[0] and after[1] > before[1]
    page.keyboard.press("Delete")
    assert page.locator("[data-cover]").count() == 0
    assert page.locator("[data-sign]").is_enabled()
    page.locator("[data-add]").click()
    page.get_by_role("button", name="Draw it anew").click()
    page.wait_for_selector("text=Drawn anew", timeout=60_000)
    copy = RedactedCopy.objects.get(photo__shot="close_up", state="proposed")
    assert copy.version == 2
    assert [cover["kind"] for cover in copy.covers] == ["drawn"]


def test_s_signs_and_the_next_photo_comes(browser: Browser, live_server: Any) -> None:
    claim = pictured.redacted(pictured.gathered(lines=1))
    page = _page(browser, live_server.url, "quality")
    page.goto(live_server.url + reverse("desk:signoff", args=[claim.number]), wait_until="load")
    for done in (1, 2, 3):
        page.wait_for_selector(f"text={done - 1} of 3")
        page.keyboard.press("s")
    page.wait_for_selector("text=All 3 photos are done")
    assert RedactedCopy.objects.filter(state="signed").count() == 3


def test_a_residue_is_covered_with_one_press(browser: Browser, live_server: Any) -> None:
    claim = pictured.redacted(pictured.gathered(lines=1), residue=True)
    page = _signing(browser, live_server, claim, "packaging")
    assert page.locator("[data-sign]").is_disabled()
    page.get_by_role("button", name="Cover it").click()
    assert page.locator("[data-cover]").count() == 2
    picture(page, "signoff-covering-1440")


def test_the_proposed_match_follows_what_is_typed(browser: Browser, live_server: Any) -> None:
    claim = factories.answered("accept")
    page = _page(browser, live_server.url, "finance")
    page.goto(live_server.url + reverse("desk:claim", args=[claim.number]) + "?tab=recovery", wait_until="load")
    page.get_by_label("Amount, in USD").fill("8.50")
    page.wait_for_selector("#proposal input[value='8.50']")
    page.get_by_label("Its number").fill("CN-9")
    page.get_by_role("button", name="Record and book it").click()
    page.wait_for_selector("text=CN-9 is recorded and booked")


def test_the_page_of_an_approved_claim_moves_on_by_itself(browser: Browser, live_server: Any) -> None:
    claim = factories.approved()
    page = _page(browser, live_server.url, "buyer")
    page.goto(live_server.url + reverse("desk:claim", args=[claim.number]) + "?tab=supplier", wait_until="load")
    page.wait_for_selector("text=The packet is being built")
    claims.send(packet=claims.build_packet(claim=claim, actor=SYSTEM), at=factories.NOW, actor=SYSTEM)
    page.wait_for_selector("text=Packet 1", timeout=10_000)
