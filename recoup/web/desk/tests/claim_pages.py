"""A claim's pages in tests: somebody signed in, a tab's text, and a form sent."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from recoup.domain.claims.models import Claim
from recoup.kit import ids
from recoup.web.desk.tests import company


def signed_in(role: str) -> tuple[Client, Any]:
    """With an address that no other factory gives."""
    return company.signed_in(role, email=f"{ids.new().hex}@example.com")


def tab(client: Client, claim: Claim, code: str, **more: str) -> str:
    response = client.get(reverse("desk:claim", args=[claim.number]), {"tab": code, **more})
    assert response.status_code == 200
    return response.content.decode()


def post(client: Client, name: str, claim: Claim, *more: Any, **form: Any) -> Any:
    return client.post(reverse(f"desk:{name}", args=[claim.number, *more]), form)
