"""What a page on a bad line is spared: files are named before the page has come, icons are few, and nothing comes twice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from recoup.domain.returns.tests import factories as make
from recoup.web.capture.pages import TONES
from recoup.web.capture.tests import returned

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not finders.find("phone.svg"), reason="The pages are not built; script/setup builds them."),
]
TEMPLATES = Path(__file__).parents[1] / "templates" / "capture"


@pytest.fixture(autouse=True)
def then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)


def test_what_the_page_will_need_is_named_in_its_head_and_there(client: Client) -> None:
    make.defect()
    answer = client.get(f"/c/{make.link(make.order_line().order, secret=True)[1]}/")
    named = re.findall(r"<([^>]+)>; rel=(\w+)", answer["Link"])
    assert [how for _, how in named] == ["preload", "modulepreload", "modulepreload"]
    assert all(finders.find(path.removeprefix("/static/")) for path, _ in named)
    page = answer.content.decode()
    assert [path in page for path, _ in named] == [True, True, False]  # the camera's own comes with a press


def test_every_icon_of_the_customers_pages_is_in_their_own_sprite(client: Client) -> None:
    written = [re.findall(r'{% icon "([a-z0-9-]+)"', each.read_text()) for each in TEMPLATES.rglob("*.html")]
    wanted = {name for names in written for name in names} | {icon for _, icon in TONES.values()} | {"clock"}
    sprite = Path(str(finders.find("phone.svg"))).read_text()
    assert wanted - set(re.findall(r'<symbol id="([^"]+)"', sprite)) == set()
    assert "/static/icons.svg" not in client.get("/").content.decode()


def test_a_status_that_has_not_changed_does_not_come_again_packed_or_not(client: Client) -> None:
    path = returned.at(make.submitted()) + "status/now"
    first = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert (first.status_code, first["Content-Encoding"], first["ETag"][:2]) == (200, "gzip", "W/")
    for tag in (first["ETag"], first["ETag"].removeprefix("W/")):
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
