"""What must come before the camera shows its first picture: how many bytes, and how long."""

from __future__ import annotations

import http.client
import statistics
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from bench._phone import place

#: The press, as soon as the page knows what to do with one; and when the camera's first picture was shown.
PRESS = """
  const look = () => {
    const button = document.querySelector(".stepped [data-step]:not([hidden]) .pick .primary");
    if (!button) return requestAnimationFrame(look);
    button.click();
  };
  requestAnimationFrame(look);
"""
FRAME = """
  const seen = new WeakSet();
  const find = () => {
    const video = document.querySelector(".finder video");
    if (!video || seen.has(video)) return;
    seen.add(video);
    video.requestVideoFrameCallback(() => { window.framed ??= performance.now(); });
  };
  new MutationObserver(find).observe(document, { childList: true, subtree: true });
"""
STORY = """() => ({
  framed,
  entries: [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .filter((each) => each.initiatorType !== "fetch")
    .map((each) => ({ url: each.name.split("#")[0], begun: each.startTime, ended: each.responseEnd })),
})"""
PATIENCE = 60_000  # milliseconds


@dataclass(frozen=True)
class Opened:
    """One opening of the link: seconds until the first picture, and what had been asked for by then, and afterwards."""

    seconds: float
    before: tuple[str, ...]
    after: tuple[str, ...]


def opened(browser: Browser, address: str, line: place.Line | None) -> Opened:
    """Straight to the step of the first photo, nothing kept, and pressed as soon as there is something to press."""
    _, path = place.new_link()
    context = place.phone(browser, address, PRESS, FRAME)
    page = context.new_page()
    asked = heard(page, address)
    if line:
        line.lay(page)
    page.goto(f"{path}#photo-overall", wait_until="commit")
    page.wait_for_function("() => window.framed", timeout=PATIENCE)
    story = page.evaluate(STORY)
    page.locator("section:visible .photo.settled").wait_for(timeout=PATIENCE)  # the gate, the queue: all of it came
    before = tuple(dict.fromkeys(each["url"] for each in story["entries"] if each["begun"] < story["framed"]))
    after = tuple(each for each in dict.fromkeys(asked) if each not in before)
    context.close()
    return Opened(story["framed"] / 1000, before, after)


def pressed(browser: Browser, address: str, line: place.Line) -> float:
    """Seconds from the press to the first picture, on a page that has come to rest."""
    _, path = place.new_link()
    context = place.phone(browser, address, FRAME)
    page = context.new_page()
    line.lay(page)
    page.goto(f"{path}#photo-overall", wait_until="networkidle", timeout=PATIENCE)
    took = page.evaluate(
        """async () => {
          const button = document.querySelector("[data-step]:not([hidden]) .pick .primary"), began = performance.now();
          button.click();
          while (!window.framed) await new Promise(requestAnimationFrame);
          return framed - began;
        }"""
    )
    context.close()
    return float(took) / 1000


def heard(page: Page, address: str) -> list[str]:
    """What the page and its workers ask for from now on: pages, styles, scripts and pictures of ours, not answers."""
    asked: list[str] = []

    def note(request: Any) -> None:
        if request.url.startswith(address) and request.resource_type not in ("fetch", "xhr", "ping"):
            asked.append(request.url.split("#")[0])

    page.on("request", note)
    return asked


def weight(urls: tuple[str, ...], coding: str) -> dict[str, int]:
    """Path → bytes of the body, as the house sends it to who understands ``coding``."""
    return {_name(url): _length(url, coding) for url in urls if url.startswith("http")}


def _length(url: str, coding: str) -> int:
    there = urlsplit(url)
    asked = http.client.HTTPConnection(there.netloc, timeout=30)
    asked.request("GET", there.path, headers={"Accept-Encoding": coding, "Accept": "text/html,*/*"})
    body = asked.getresponse().read()
    asked.close()
    return len(body)


def _name(url: str) -> str:
    path = urlsplit(url).path
    return "the page" if path.startswith("/c/") and path.endswith("/") else path.rpartition("/")[2] or path


def typical(values: list[float]) -> float:
    return statistics.median(values)
