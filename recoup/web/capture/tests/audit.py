"""What makes a screen one for everybody, asked of a page: axe's rules, room for a thumb, nothing wider than the phone."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

ROOT = Path(__file__).parents[4]
AXE = ROOT / "phone" / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = ROOT / "docs" / "pictures" / "phone"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCHEMES = ("light", "dark")
RUN = """async (tags) => {
  const { violations } = await axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`));
}"""
#: What is pressed, and is smaller than a thumb. A link amid words is as high as its line; a choice is its whole label.
SMALL = """() => {
  const pressed = [...document.querySelectorAll("button, select, textarea, summary, label.choice, label.button, label.plain, a.button, a.reach, input:not([type=hidden])")];
  const top = document.querySelector("dialog[open]") ?? document;
  const own = (it) => !it.matches("input") || !it.closest("label");
  const seen = (it) => top.contains(it) && it.checkVisibility({ visibilityProperty: true }) && !it.closest(".visually-hidden");
  return pressed.filter((it) => seen(it) && own(it) && !it.matches(".visually-hidden")).flatMap((it) => {
    const { width, height } = it.getBoundingClientRect();
    return width < 43.5 || height < 43.5 ? [`${Math.round(width)} × ${Math.round(height)}: ${it.innerText || it.outerHTML}`] : [];
  });
}"""

WIDE = """(width) => [...document.querySelectorAll("main *, header *, dialog *")].filter((it) => it.checkVisibility()
  && it.getBoundingClientRect().right > width + 0.5).slice(-4).map((it) => it.outerHTML.slice(0, 120))"""


def needs_axe() -> None:
    if not AXE.exists():
        pytest.skip("axe is not here; script/setup fetches it with the pages' packages.")


def violations(page: Page) -> list[str]:
    """Of the page as it stands. The page's own rules forbid strange scripts, so it is evaluated from outside."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate(RUN, TAGS)
    return found


def too_small(page: Page) -> list[str]:
    found: list[str] = page.evaluate(SMALL)
    return found


def too_wide(page: Page, *widths: int) -> list[str]:
    """The widths at which something of it is out of sight to the right; the page is left as it was."""
    before, found = page.viewport_size, []
    assert before
    for width in widths:
        page.set_viewport_size({"width": width, "height": before["height"]})
        if (needed := page.evaluate("document.documentElement.scrollWidth")) > width:
            found.append(f"{needed} at {width}: {page.evaluate(WIDE, width)}")
    page.set_viewport_size(before)
    return found


def keep(page: Page, name: str) -> None:
    """With RECOUP_RENEW_PICTURES=1, the screen as docs/guides/phone.md shows it."""
    if os.environ.get("RECOUP_RENEW_PICTURES") != "1":
        return
    PICTURES.mkdir(parents=True, exist_ok=True)
    with Image.open(BytesIO(page.screenshot())) as picture:
        picture.convert("RGB").save(PICTURES / f"{name}.webp", quality=50, method=6)
