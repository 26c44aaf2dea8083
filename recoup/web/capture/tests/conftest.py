"""A phone with a false camera, on the step of a shot; and a gateway of text messages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from recoup.foundation.notices.tests.gateway_house import GatewayHouse, open_gateway
from recoup.web.capture.tests import films, finder
from recoup.web.tests.in_a_browser import running

SHOTS = ("overall", "close_up", "serial_label", "packaging")


@pytest.fixture(scope="module")
def reel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the camera films from the next time on that it is opened."""
    path = tmp_path_factory.mktemp("reel") / "reel.y4m"
    path.write_bytes(films.film("good"))
    return path


@pytest.fixture(scope="module")
def filming(reel: Path) -> Iterator[Browser]:
    """A Chromium with a false camera."""
    with running(*films.flags(reel)) as browser:
        yield browser


@pytest.fixture
def serial() -> str:
    """Of the unit that was bought; '' where its product has none."""
    return ""


@pytest.fixture
def address(live_server: Any) -> str:
    """Where the pages are."""
    return str(live_server.url)


@pytest.fixture
def step(
    filming: Browser, address: str, reel: Path, serial: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[finder.Step]:
    """Opens a link on the step of a shot. The upload door is not on this server: what is taken stays on the phone."""
    from recoup.domain.returns import actions
    from recoup.domain.returns.tests import factories as make

    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)
    line, kind = make.order_line(serial=serial), make.defect(*SHOTS)
    link, secret = make.link(line.order, secret=True)
    draft = {"order_line_id": str(line.pk), "defect_type": kind.code}
    actions.choose(link=link, draft=draft, at=make.NOW, actor=make.CUSTOMER)

    def go(shot: str = "overall", scene: str = "good", *scripts: str, by_hand: bool = True, judged: str = "") -> Page:
        reel.write_bytes(films.film(scene, shot))
        if judged:
            make.photo(link.session, shot, judged=judged)
        context = filming.new_context(
            viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True, base_url=address,
            service_workers="block",  # a test that keeps a file back means it
        )  # fmt: skip
        context.set_default_timeout(finder.PATIENCE)
        for script in (finder.SPY, *([finder.BY_HAND] if by_hand else []), *scripts):
            context.add_init_script(script)
        page = context.new_page()
        page.route("**/upload/**", _nowhere)
        page.goto(f"/c/{secret}/#photo-{shot}")
        return page

    yield go
    for context in filming.contexts:
        context.close()


def _nowhere(route: Route) -> None:
    route.fulfill(status=415, json={"sentence": "Kept by the test."})


@pytest.fixture
def gateway(settings: Any) -> Iterator[GatewayHouse]:
    """Text messages go to a gateway of the test's own, and numbers are dialled in Germany."""
    with open_gateway() as opened:
        settings.RECOUP_SMS_URL, settings.RECOUP_COUNTRY = opened.url, "DE"
        yield opened
