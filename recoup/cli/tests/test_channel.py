"""recoup channel: says where a shop delivers to, and never an address that nobody listens at."""

from __future__ import annotations

import json

import pytest

import recoup.__main__ as entry
from recoup.conf import start

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test database is ready already."""
    monkeypatch.setattr(start, "ready", lambda **_: None)
    monkeypatch.setattr(entry, "_prepare", lambda: None)
    monkeypatch.setenv("RECOUP_CHANNEL_SECRET", "hush")
    monkeypatch.delenv("RECOUP_ADDRESS", raising=False)


def test_without_a_known_address_the_path_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main(["channel", "shop-eu"]) == 0
    said = capsys.readouterr().out
    assert "/api/channels/shop-eu/webhook  (comes after your installation's address)" in said
    assert "http" not in said


def test_a_known_address_is_said_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setenv("RECOUP_ADDRESS", "https://returns.example/")
    assert entry.main(["channel", "shop-eu", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["webhook"] == "https://returns.example/api/channels/shop-eu/webhook"
