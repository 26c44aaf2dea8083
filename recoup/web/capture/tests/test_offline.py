"""What a phone may keep of the house, for how long, and what it is told to bring for a page without a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from recoup.domain.returns import actions
from recoup.domain.returns.tests import factories as make
from recoup.web.capture import offline

pytestmark = pytest.mark.django_db
ROOTS = ["", "/app/de", "/embed"]


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)


def kept(answer: Any) -> int | None:
    """Seconds."""
    found = answer.headers.get("Recoup-Keep")
    return None if found is None else int(found)


def house(client: Client, root: str = "") -> dict[str, Any]:
    """What the worker is told."""
    first = client.get(f"{root}/c/worker.js").content.decode().partition(";\n")[0]
    told: dict[str, Any] = json.loads(first.removeprefix("self.house = "))
    return told


@pytest.mark.parametrize(
    ("left", "seconds"), [(timedelta(days=30), 3 * 24 * 3600), (timedelta(hours=2), 2 * 3600)], ids=["long", "short"]
)
def test_a_links_page_may_be_kept_for_three_days_and_never_beyond_its_end(
    client: Client, left: timedelta, seconds: int
) -> None:
    link, _ = make.link(make.order_line().order, secret=True)
    make.defect()
    link.session.expires_at = make.NOW + left
    link.session.save()
    secret = actions.new_secret(link=link, expires_at=make.NOW + left, actor=make.CUSTOMER)
    answer = client.get(f"/c/{secret}/")
    assert kept(answer) == seconds
    assert answer.headers["Recoup-Build"] == house(client)["build"]
    assert "no-store" in answer.headers["Cache-Control"]


def pages_that_stay_with_us(client: Client) -> Iterator[str]:
    line = make.order_line(quantity=1)
    sent = make.submitted(line)
    link = sent.return_case.links.get()
    secret = actions.new_secret(link=link, expires_at=make.LATER, actor=make.CUSTOMER)
    _, nothing_left = make.link(line.order, secret=True)
    yield from (f"/c/{secret}/", f"/c/{secret}/status", f"/c/{secret}/status/now", f"/c/{secret}/photos")
    yield from (f"/c/{nothing_left}/", "/c/no-such-link/", "/", "/code/", "/accounts/login/", "/c/no-line")


def test_no_other_answer_may_be_kept(client: Client) -> None:
    found = {path: kept(client.get(path)) for path in pages_that_stay_with_us(client)}
    assert found == dict.fromkeys(found)


@pytest.mark.parametrize("root", ROOTS)
def test_the_worker_brings_what_the_pages_need_under_its_own_root_and_nothing_large(client: Client, root: str) -> None:
    told = house(client, root)
    assert told["away"] == f"{root}/c/no-line"
    assert client.get(told["away"]).status_code == 200
    names = [each.removeprefix("/static/") for each in told["files"]]
    assert all(finders.find(name) for name in names)
    for part in ("assets/main-", "assets/capture-", "assets/finder-", "assets/worker-", "icons.svg"):
        assert [name for name in names if part in name], part
    assert len(names) == len(set(names)) < 20
    assert not [name for name in names if "desk" in name or "supplier" in name]
    page = client.get("/c/" + make.link(make.order_line().order, secret=True)[1] + "/").content.decode()
    assert 'data-worker="/c/worker.js"' in page


def test_the_workers_script_is_in_charge_of_links_alone_and_is_asked_for_anew(client: Client) -> None:
    answer = client.get("/c/worker.js")
    assert "Service-Worker-Allowed" not in answer.headers
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"


def test_another_file_is_another_build(monkeypatch: pytest.MonkeyPatch) -> None:
    before, read = offline.build(), offline._read
    monkeypatch.setattr(offline, "_read", lambda name: read(name) + b"<!-- another icon -->")
    assert offline.build.__wrapped__() != before


def test_the_app_is_the_front_door_and_knows_no_link(client: Client, settings: Any) -> None:
    settings.RECOUP_SITE_NAME = "Kettle & Co."
    told = client.get("/app.webmanifest").json()
    assert (told["name"], told["display"], told["scope"]) == ("Kettle & Co.", "standalone", "/")
    assert client.get(told["start_url"]).headers["Location"] == "/"
    assert {(icon["sizes"], icon["purpose"]) for icon in told["icons"]} >= {("192x192", "any"), ("512x512", "maskable")}
    assert all(finders.find(icon["src"].removeprefix("/static/")) for icon in told["icons"])
    assert 'rel="manifest"' in client.get("/").content.decode()
    assert 'rel="manifest"' not in client.get("/app/").content.decode()


def test_a_script_hears_of_a_refusal_and_of_the_next_page_as_json(client: Client) -> None:
    line = make.order_line(quantity=1)
    _, secret = make.link(line.order, secret=True)
    chosen = {"order_line_id": str(line.pk), "defect_type": make.defect().code, "quantity": "2"}
    json_please = {"Accept": "application/json"}
    refused = client.post(f"/c/{secret}/send", chosen, headers=json_please)
    assert (refused.status_code, refused.json()["code"]) == (422, "returns.too_many")
    for _ in range(2):
        sent = client.post(f"/c/{secret}/send", chosen | {"quantity": "1"}, headers=json_please)
        assert sent.json() == {"next": f"/c/{secret}/status"}
    assert line.return_lines.count() == 1
