"""From opening the link to “sent”, with a camera that sees a good scene: taps and script time, for one item and two shots."""

from __future__ import annotations

import time
from dataclasses import dataclass

from playwright.sync_api import Browser, CDPSession, Locator, expect

from bench._phone import place

PATIENCE = 60_000  # milliseconds


@dataclass(frozen=True)
class Walked:
    """Seconds in all, of the page's scripts alone, and of everything that its main thread did."""

    taps: int
    wall: float
    script: float
    main_thread: float


class Hand:
    """Taps, and counts."""

    def __init__(self) -> None:
        self.taps = 0

    def tap(self, what: Locator) -> None:
        what.locator("visible=true").tap(timeout=PATIENCE)
        self.taps += 1


def walked(browser: Browser, address: str, slower: int = 1) -> Walked:
    """By link, as a stranger: nothing chosen, nothing kept. The camera takes each photo by itself."""
    from recoup.domain.returns.tests import factories as make

    kind = make.defect(*place.SHOTS)
    _, path = place.new_link(chosen=False)
    context, hand = place.phone(browser, address), Hand()
    page = context.new_page()
    wire = place.wire(page)
    wire.send("Performance.enable")
    wire.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    began, spent = time.monotonic(), [0.0, 0.0]
    page.goto(path)
    hand.tap(page.locator("label.choice", has=page.locator(f"[value='{kind.code}']")))
    hand.tap(page.get_by_role("button", name="Next"))
    for _ in place.SHOTS:
        hand.tap(page.locator("label", has_text="Take the photo"))
        expect(page.get_by_role("dialog")).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_role("dialog")).to_have_count(0, timeout=PATIENCE)
        hand.tap(page.get_by_role("button", name="Next"))
    hand.tap(page.get_by_role("button", name="Next"))  # no words: they are optional
    send = page.get_by_role("button", name="Send my return")
    expect(send).to_be_visible()
    while page.locator("[data-sending]").is_visible():  # the last photo is on its way
        page.wait_for_timeout(50)
    spent = clocks(wire)  # the page that follows begins anew
    hand.tap(send)
    page.wait_for_url("**/status", timeout=PATIENCE)
    last = clocks(wire)
    context.close()
    return Walked(hand.taps, time.monotonic() - began, spent[0] + last[0], spent[1] + last[1])


def clocks(wire: CDPSession) -> list[float]:
    """Seconds so far: scripts, and all that the main thread did."""
    told = {each["name"]: each["value"] for each in wire.send("Performance.getMetrics")["metrics"]}
    return [told["ScriptDuration"], told["TaskDuration"]]
