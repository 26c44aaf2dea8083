"""Only a customer's own page may ask for the camera."""

from __future__ import annotations

import pytest
from django.test import Client

from recoup.domain.returns.tests import factories as make


@pytest.mark.django_db
def test_a_capture_page_may_use_the_camera_and_nothing_else(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW)
    line = make.order_line()
    make.defect()
    _, secret = make.link(line.order, secret=True)
    policy = client.get(f"/c/{secret}/").headers["Permissions-Policy"]
    assert policy == "camera=(self), microphone=(), geolocation=()"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/desk/", "/c/no-such-link/"])
def test_no_other_page_may(client: Client, path: str) -> None:
    assert "camera=()" in client.get(path).headers["Permissions-Policy"]
