"""The ways out in a real Chromium: goods that never come, orders that are not known, claims that are opened again."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser

from recoup.domain.claims import actions as claims
from recoup.domain.claims.models import Claim
from recoup.domain.claims.tests import factories
from recoup.domain.returns.models import ReturnLine
from recoup.web.desk.tests import company
from recoup.web.desk.tests.test_in_a_browser import _page, _wrong
from recoup.web.desk.tests.test_overdue import overdue
from recoup.web.tests.in_a_browser import MARKS

pytestmark = MARKS


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    factories.today(monkeypatch)


def _case(line: ReturnLine) -> str:
    return reverse("desk:case", args=[line.return_case.number])


def _written_off(credited: int = 0) -> Claim:
    claim = factories.answered("accept")
    if credited:
        factories.recorded(claim, credited)
    claims.write_off(claim=claim, reason="They are silent.", at=factories.NOW, actor=factories.FINANCE)
    return factories.fresh(claim)


def _opened_again(claim: Claim) -> Claim:
    claims.reopen(claim=claim, why="A payment came late.", at=factories.NOW, actor=factories.buyer())
    return claim


def _pages() -> dict[str, str]:
    late, expected = overdue(company.paid()), company.paid()
    whole = factories.answered("accept")
    factories.recorded(whole, 1700)
    tabs = {
        "claim-written-off": _written_off(),
        "claim-opened-again": _opened_again(_written_off(850)),
        "claim-opened-for-nothing": _opened_again(factories.fresh(whole)),
        "claim-before-an-answer": factories.visiting()[0],
    }
    return {
        "case-goods-overdue": _case(late),
        "case-order-overdue": _case(overdue(company.blind())),
        "receiving-expected": reverse("desk:receiving") + f"?code={expected.return_case.rma_number}",
        "queue-overdue": reverse("desk:queue"),
        "claims-opened-again": reverse("desk:claims"),
        **{name: reverse("desk:claim", args=[claim.number]) + "?tab=recovery" for name, claim in tabs.items()},
        "insight-opened-again": reverse("desk:insight"),
    }


def test_every_way_out_fits_open_and_is_silent(browser: Browser, live_server: Any) -> None:
    page = _page(browser, live_server.url)
    for name, address in _pages().items():
        page.goto(live_server.url + address, wait_until="load")
        page.evaluate("document.querySelectorAll('details.way').forEach(each => each.open = true)")
        assert _wrong(page, name) == []
    page.wait_for_load_state("networkidle")  # what the last of them says late is heard, too
    assert _wrong(page, "the last page") == []


def test_overdue_goods_are_marked_lost(browser: Browser, live_server: Any) -> None:
    line = overdue(company.paid())
    page = _page(browser, live_server.url, "agent", wide=390, high=844)
    page.goto(live_server.url + _case(line), wait_until="load")
    page.get_by_text("They will not come").click()
    page.get_by_label("How do you know?").fill("The carrier lost the parcel.")
    page.get_by_role("button", name="Mark the goods as lost").click()
    page.wait_for_selector("text=Marked as lost; nobody waits for the goods any more.")
    assert _wrong(page, "case-goods-lost") == []
    assert "marked the goods as lost: The carrier lost the parcel." in page.inner_text("main")
    line.refresh_from_db()
    assert line.goods == "lost"


def test_a_late_credit_finds_its_way_into_a_written_off_claim(browser: Browser, live_server: Any) -> None:
    claim = _written_off()
    page = _page(browser, live_server.url, "buyer")
    page.goto(live_server.url + reverse("desk:claim", args=[claim.number]), wait_until="load")
    page.get_by_text("Open it again").click()
    page.get_by_label("What is new?").fill("A payment came late.")
    page.get_by_role("button", name="Open the file again").click()
    page.wait_for_selector("text=17.00 USD is written off no more")
    page.get_by_label("Amount, in USD").fill("17.00")
    page.get_by_label("Its number").fill("LATE-1")
    page.get_by_role("button", name="Record and book it").click()
    page.wait_for_selector("text=LATE-1 is recorded and booked")
    assert _wrong(page, "claim-late-credit") == []
    assert factories.fresh(claim).state == "recovered"
