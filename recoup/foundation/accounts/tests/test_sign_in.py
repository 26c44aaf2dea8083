"""Signing in over HTTP: by e-mail and password, nobody signs up, and a closed account is out at once."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from recoup.foundation.accounts import actions
from recoup.foundation.accounts.models import Staff
from recoup.foundation.accounts.tests.factories import PASSWORD, staff
from recoup.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
ANOTHER = "a horse of another colour"


@pytest.fixture(autouse=True)
def _fresh_rate_limits() -> None:
    cache.clear()


def sign_in(client: Client, email: str, password: str = PASSWORD) -> int:
    return client.post(reverse("account_login"), {"login": email, "password": password}).status_code


def signed_in(client: Client) -> bool:
    return client.get(reverse("account_change_password")).status_code == 200


@pytest.mark.parametrize("change", [str, str.upper])
def test_in_and_out(client: Client, change: type[str]) -> None:
    person = staff("agent", password=PASSWORD)
    assert sign_in(client, change(person.email)) == 302
    assert signed_in(client)
    assert "Successfully" not in client.get(reverse("account_logout")).content.decode()
    client.post(reverse("account_logout"))
    assert not signed_in(client)


@pytest.mark.parametrize(("email", "password"), [("", ANOTHER), ("nobody@example.com", PASSWORD)])
def test_wrong_password_and_unknown_address_read_alike(client: Client, email: str, password: str) -> None:
    person = staff("agent", password=PASSWORD)
    answer = client.post(reverse("account_login"), {"login": email or person.email, "password": password})
    assert "do not belong together" in answer.content.decode()
    assert not signed_in(client)


def test_a_closed_account_is_out_with_the_next_request(client: Client) -> None:
    staff("admin")
    person = staff("agent", password=PASSWORD)
    sign_in(client, person.email)
    assert signed_in(client)
    actions.deactivate(staff=person, actor=SYSTEM)
    assert not signed_in(client)
    sign_in(client, person.email)
    assert not signed_in(client)


def test_nobody_signs_up(client: Client) -> None:
    answer = client.get(reverse("account_signup"))
    assert "made by an admin" in answer.content.decode()
    client.post(reverse("account_signup"), {"email": "eve@example.com", "password1": PASSWORD})
    assert not Staff.objects.exists()


def test_a_forgotten_password_is_chosen_anew_through_the_mail(client: Client) -> None:
    person = staff("agent")
    client.post(reverse("account_reset_password"), {"email": person.email})
    (letter,) = mail.outbox
    assert letter.subject == "Recoup: Choose a new password"
    assert f"Hello {person.name}," in letter.body
    found = re.search(r"https?://[^/]+(/\S+)", str(letter.body))
    assert found
    form = client.get(found[1], follow=True)
    assert "Choose a new password" in form.content.decode()
    client.post(form.request["PATH_INFO"], {"password1": ANOTHER, "password2": ANOTHER})
    assert sign_in(client, person.email, ANOTHER) == 302
    assert signed_in(client)


def test_an_unknown_address_gets_no_mail_and_the_same_page(client: Client) -> None:
    known = staff("agent", password=PASSWORD)
    pages = [
        client.post(reverse("account_reset_password"), {"email": email}, follow=True).content.decode()
        for email in (known.email, "nobody@example.com")
    ]
    nonce = re.compile(r'nonce="[^"]*"')
    assert nonce.sub("", pages[0]) == nonce.sub("", pages[1])
    assert [letter.to for letter in mail.outbox] == [[known.email]]


def test_guessing_is_slowed_down(client: Client) -> None:
    person = staff("agent", password=PASSWORD)
    for _ in range(6):
        sign_in(client, person.email, "wrong")
    sign_in(client, person.email)
    assert not signed_in(client)


OUTSIDE = [
    "account_login", "account_signup", "account_reset_password", "account_reset_password_done", "account_inactive",
    "account_reset_password_from_key_done",
]  # fmt: skip
INSIDE = ["account_logout", "account_change_password", "mfa_index", "account_reauthenticate", "account_email"]
CHANGES_HOW_ONE_SIGNS_IN = ["mfa_activate_totp", "mfa_add_webauthn"]


@pytest.mark.parametrize("name", [*OUTSIDE, *INSIDE, *CHANGES_HOW_ONE_SIGNS_IN])
def test_every_page_is_ours_and_keeps_to_the_content_policy(client: Client, name: str) -> None:
    if name not in OUTSIDE:
        sign_in(client, staff("agent", password=PASSWORD).email)
    if name in CHANGES_HOW_ONE_SIGNS_IN:
        assert client.get(reverse(name)).status_code == 302  # first the password once more
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    answer = client.get(reverse(name))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert '<a class="brand"' in page
    allowed = re.findall(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])
    assert re.findall(r'<style nonce="([^"]+)">', page) == allowed[:1] != []
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style>", page)
    assert not re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", page)


@pytest.mark.parametrize("name", [*INSIDE, *CHANGES_HOW_ONE_SIGNS_IN])
def test_pages_of_ones_own_account_are_closed_to_strangers(client: Client, name: str) -> None:
    assert client.get(reverse(name)).status_code == 302
