"""The shop's name, logo and colours on the customer's pages: always readable, never a way in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as some

from recoup.conf.settings import ROOT
from recoup.domain.returns.tests import factories as make
from recoup.kit.colour import READABLE, Colour, contrast, read
from recoup.web.look import brand

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>alert(1)</script></svg>'
PNG = b"\x89PNG\r\n\x1a\nrest"
HEX = some.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def tokens(name: str) -> dict[str, Colour]:
    css = (ROOT / "phone" / "styles" / f"{name}.css").read_text()
    found = re.findall(r"--([\w-]+): oklch\(([\d.]+) ([\d.]+) ([\d.]+)\);", css)
    found += [(token, light, "0", "0") for token, light in re.findall(r"--([\w-]+): oklch\(([\d.]+) 0 0\);", css)]
    return {token: Colour(float(a), float(b), float(c)) for token, a, b, c in found}


@pytest.mark.parametrize(("name", "ground"), [("light", brand.DAY), ("dark", brand.NIGHT)])
def test_the_papers_are_those_of_the_style_sheet(name: str, ground: brand.Ground) -> None:
    known = tokens(name)
    assert list(ground.papers) == [known["paper"], known["raised"], known["sunken"]]


@given(HEX, HEX)
def test_whatever_is_asked_for_can_be_read_by_day_and_by_night(day: str, night: str) -> None:
    made = brand.of("", f"{day} {night}")
    for name, sheet in (("light", made.light), ("dark", made.dark)):
        known, colours = tokens(name), {token: read(colour) for token, colour in (sheet or {}).items()}
        accent, strong = colours["accent"], colours["accent-strong"]
        for paper in ("paper", "raised", "sunken"):
            assert contrast(accent, known[paper]) >= READABLE  # type: ignore[arg-type]
        assert contrast(accent, colours["accent-soft"]) >= READABLE  # type: ignore[arg-type]
        assert contrast(accent, colours["on-accent"]) >= READABLE  # type: ignore[arg-type]
        assert contrast(strong, colours["on-accent"]) >= READABLE  # type: ignore[arg-type]
        for ink in ("ink", "quiet"):
            assert contrast(known[ink], colours["accent-soft"]) >= READABLE  # type: ignore[arg-type]


def test_what_can_be_read_stays_as_it_was_asked_for() -> None:
    made = brand.of("", "#0b5d66 #6cc5c1")
    assert made.light and made.dark and made.changed == []
    assert (made.light["accent"], made.dark["accent"]) == ("#0b5d66", "#6cc5c1")
    assert brand.of("", "#ffcc00").changed == [("#ffcc00", "#836804")]


@pytest.mark.parametrize("words", ["teal", "#12", "#fff #000 #888", "#fff;}body{display:none}"])
def test_what_is_no_colour_is_refused_in_one_sentence(words: str) -> None:
    with pytest.raises(brand.NoColours) as refused:
        brand.of("", words)
    assert words in refused.value.say() and "#0b5d66" in refused.value.say()


@pytest.mark.parametrize(("data", "why"), [
    (None, "cannot be read"), (b"GIF89a", "is neither"), (b"<html/>", "is neither"), (b"<svg", "is neither"),
    (b'<!DOCTYPE svg [<!ENTITY a "aa">]><svg/>', "is neither"), (PNG + b"x" * brand.LARGEST, "is larger"),
])  # fmt: skip
def test_what_is_no_logo_is_refused_in_one_sentence(tmp_path: Path, data: bytes | None, why: str) -> None:
    path = tmp_path / "logo"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(brand.NoLogo) as refused:
        brand.of(str(path), "")
    assert why in refused.value.say() and str(path) in refused.value.say()


@pytest.fixture
def dressed(settings: Any, tmp_path: Path) -> brand.Brand:
    (tmp_path / "logo.svg").write_bytes(SVG)
    settings.RECOUP_SITE_NAME = "Kettle & Lamp"
    settings.RECOUP_BRAND = brand.of(str(tmp_path / "logo.svg"), "#7a1f5c #f0a0d8")
    return settings.RECOUP_BRAND  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("root", "theme"), [("", "auto"), ("/embed", "auto"), ("/app/de/dark", "dark"), ("/app/light", "light")]
)
@pytest.mark.django_db
def test_a_customers_page_wears_them_and_its_policy_lets_them(
    client: Client, dressed: brand.Brand, monkeypatch: pytest.MonkeyPatch, root: str, theme: str
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)
    make.defect()
    for path in ("/", f"/c/{make.link(make.order_line().order, secret=True)[1]}/"):
        page = client.get(root + path).content.decode()
        [logo] = re.findall(r'<img class="logo" src="([^"]+)" alt="Kettle &amp; Lamp">', page)
        [sheet] = re.findall(r'<link rel="stylesheet" href="(/brand/[^"]+)">', page)
        assert sheet.endswith(f"/{theme}.css") and page.index(sheet) > page.rindex("/static/assets/")
        assert client.get(logo).content == SVG
        css = client.get(sheet).content.decode()
        assert ("--accent: #7a1f5c;" in css) == (theme != "dark") and ("--accent: #f0a0d8;" in css) == (
            theme != "light"
        )


def test_the_logo_is_a_picture_and_nothing_more(client: Client, dressed: brand.Brand) -> None:
    assert dressed.logo
    answer = client.get(dressed.logo.address)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/svg+xml", "nosniff")
    policy = answer["Content-Security-Policy"]
    assert "sandbox" in policy and "default-src 'none'" in policy and "script" not in policy
    assert "immutable" in answer["Cache-Control"]
    assert client.get(dressed.logo.address, headers={"If-None-Match": answer["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    "address", ["/brand/0123456789ab/logo.svg", "/brand/0123456789ab/auto.css", "/brand/x/else.css"]
)
@pytest.mark.django_db
def test_no_other_address_gives_anything(client: Client, dressed: brand.Brand, settings: Any, address: str) -> None:
    assert client.get(address).status_code == 404
    settings.RECOUP_BRAND = brand.of("", "")
    assert client.get(address).status_code == 404
    assert client.get("/").content.decode().count("/brand/") == 0
