"""The first admin, colleagues with their roles and limits, and channels."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from recoup.domain.orders.models import Channel
from recoup.foundation.accounts import actions
from recoup.foundation.accounts.models import Staff
from recoup.foundation.accounts.tests.factories import staff
from recoup.web.desk.tests import company

pytestmark = pytest.mark.django_db
ADA = {"name": "Ada", "email": "ada@example.com", "password": "four words that differ"}


def _first() -> str:
    secret = actions.first_admin_link(now=timezone.now())
    assert secret
    return reverse("desk:first_admin", args=[secret])


def test_the_first_admin_makes_an_account_and_is_signed_in() -> None:
    address, client = _first(), Client()
    page = client.get(address)
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    response = client.post(address, ADA, follow=True)
    assert "Welcome, Ada" in response.content.decode()
    assert Staff.objects.get().roles == ["admin"]
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"password": "short"}, "too easy to guess"),
        ({"email": "no"}, "e-mail address"),
        ({"name": " "}, "name is missing"),
    ],
)
def test_what_does_not_do_is_said_and_what_was_typed_stays(changed: dict[str, str], said: str) -> None:
    address = _first()
    response = Client().post(address, ADA | changed)
    page = response.content.decode()
    assert response.status_code == 422
    assert said in page
    assert (ADA | changed)["email"] in page and ADA["password"] not in page
    assert not Staff.objects.exists()
    assert Client().get(address).status_code == 200


@pytest.mark.parametrize("secret", ["x", "é", "A" * 43])
def test_a_wrong_link_shows_nothing(secret: str) -> None:
    assert Client().get(reverse("desk:first_admin", args=[secret])).status_code == 404


def _post(client: Client, address: str, /, *keys: Any, **form: Any) -> Any:
    return client.post(reverse(f"desk:{address}", args=keys), form, headers={"HX-Request": "true"})


def test_an_admin_lets_a_colleague_in_with_roles_and_a_limit() -> None:
    client, _ = company.signed_in("admin")
    response = _post(
        client, "staff_add", name="Bo", email="bo@example.com", roles=["agent", "finance"], limit="250.00 EUR"
    )
    bo = Staff.objects.get(email="bo@example.com")
    assert response["HX-Redirect"] == reverse("desk:staff")
    assert (bo.roles, bo.limit_minor, bo.limit_currency) == (["agent", "finance"], 25000, "EUR")
    assert "up to 250.00 EUR" in client.get(reverse("desk:staff")).content.decode()


@pytest.mark.parametrize("limit", ["250,00", "many", "1.234 EUR", "-5 EUR", "5 EURO", "1e3"])
def test_a_limit_that_is_no_amount_is_refused_and_nobody_is_added(limit: str) -> None:
    client, _ = company.signed_in("admin")
    response = _post(client, "staff_add", name="Bo", email="bo@example.com", roles=["agent"], limit=limit)
    assert response.status_code == 422
    assert "is not an amount" in response.content.decode()
    assert Staff.objects.count() == 1


def test_roles_change_both_or_neither() -> None:
    client, _ = company.signed_in("admin")
    bo = staff("agent")
    assert (
        _post(client, "staff_change", bo.pk, roles=["agent", "boss"], limit="10.00 EUR", do="save").status_code == 422
    )
    bo.refresh_from_db()
    assert (bo.roles, bo.limit) == (["agent"], None)
    _post(client, "staff_change", bo.pk, roles=["warehouse"], limit="10.00", do="save")
    bo.refresh_from_db()
    assert (bo.roles, str(bo.limit)) == (["warehouse"], "10.00 EUR")


def test_an_account_is_closed_and_opened_again() -> None:
    client, _ = company.signed_in("admin")
    theirs, bo = company.signed_in("agent")
    _post(client, "staff_change", bo.pk, do="close")
    assert theirs.get(reverse("desk:queue")).status_code == 302
    _post(client, "staff_change", bo.pk, do="open")
    bo.refresh_from_db()
    assert bo.is_active


def test_the_last_admin_stays() -> None:
    client, ada = company.signed_in("admin")
    assert _post(client, "staff_change", ada.pk, do="close").status_code == 409
    ada.refresh_from_db()
    assert ada.is_active


def test_a_channel_is_added_once_and_its_secret_is_not_shown() -> None:
    client, _ = company.signed_in("admin")
    form = {
        "code": "shop-main",
        "kind": "shopify",
        "name": "Our shop",
        "secret": "hush-hush",
        "time_zone": "Europe/Berlin",
    }
    assert _post(client, "channels", **form)["HX-Redirect"] == reverse("desk:channels")
    page = client.get(reverse("desk:channels")).content.decode()
    assert "Our shop" in page and "hush-hush" not in page
    assert _post(client, "channels", **form).status_code == 409
    assert Channel.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "status"),
    [({"code": "Ä b"}, 422), ({"code": ""}, 422), ({"kind": "carrier-pigeon"}, 400), ({"time_zone": "Mars/Base"}, 400)],
)
def test_a_channel_that_does_not_do_is_refused(changed: dict[str, str], status: int) -> None:
    client, _ = company.signed_in("admin")
    assert _post(client, "channels", **({"code": "shop", "kind": "shopify"} | changed)).status_code == status
    assert not Channel.objects.exists()
