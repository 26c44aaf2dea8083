"""Every address of the desk, with every role: who comes in, who reads why not, who is asked to sign in."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from recoup.kit import ids
from recoup.web.desk.tests.company import ROLES, sent_in, signed_in

SOMETHING = str(ids.new())
#: (address, arguments, roles that may enter): the admin always may.
PAGES = [
    ("queue", (), {"agent", "quality"}),
    ("new_link", (), {"agent"}),
    ("receiving", (), {"warehouse"}),
    ("stock", (), {"warehouse", "agent", "quality", "buyer", "finance"}),
    ("finance", (), {"finance"}),
    ("insight", (), {"agent", "quality", "buyer", "finance"}),
    ("dead_letters", (), {"agent", "finance", "buyer"}),
    ("search", (), set(ROLES)),
    ("products", (), set(ROLES)),
    ("staff", (), set()),
    ("channels", (), set()),
]
#: Addresses that change something.
POSTS = [
    ("line_approve", (SOMETHING,), {"agent"}),
    ("line_ask", (SOMETHING,), {"agent"}),
    ("line_refuse", (SOMETHING,), {"agent"}),
    ("line_cancel", (SOMETHING,), {"agent"}),
    ("line_attach", (SOMETHING,), {"agent"}),
    ("case_take", ("R-1",), {"agent"}),
    ("case_release", ("R-1",), {"agent"}),
    ("case_message", ("R-1",), set(ROLES)),
    ("open_link", (SOMETHING,), {"agent"}),
    ("withdraw_links", (SOMETHING,), {"agent"}),
    ("case_withdraw", ("R-1",), {"agent"}),
    ("receive", (SOMETHING,), {"warehouse"}),
    ("dispose", (SOMETHING,), {"warehouse", "quality"}),
    ("remedy_retry", (SOMETHING,), {"agent", "finance"}),
    ("remedy_fulfil", (SOMETHING,), {"agent", "warehouse"}),
    ("remedy_paid", (SOMETHING,), {"finance"}),
    ("photo_original", (SOMETHING,), {"agent", "warehouse", "quality", "buyer", "finance"}),
    ("picture_add", (SOMETHING,), {"agent", "quality"}),
    ("picture_remove", (SOMETHING,), {"agent", "quality"}),
    ("replay_jobs", (), {"agent", "finance", "buyer"}),
    ("replay_deliveries", (), {"agent", "finance", "buyer"}),
    ("delivery_aside", (SOMETHING,), {"agent", "finance", "buyer"}),
    ("send_again", (SOMETHING,), {"agent", "finance", "buyer"}),
    ("staff_add", (), set()),
    ("staff_change", (SOMETHING,), set()),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "arguments", "allowed"), PAGES, ids=[page[0] for page in PAGES])
def test_a_page_opens_for_its_roles_and_for_nobody_else(
    name: str, arguments: tuple[str, ...], allowed: set[str]
) -> None:
    address = reverse(f"desk:{name}", args=arguments)
    for role in ROLES:
        client, _ = signed_in(role)
        response = client.get(address)
        if role in allowed | {"admin"}:
            assert response.status_code == 200, role
            assert response["Cache-Control"] == "private, no-store"
        else:
            assert response.status_code == 403, role
            assert "Your role does not allow this" in response.content.decode()


@pytest.mark.django_db
def test_a_change_is_refused_to_other_roles(subtests: pytest.Subtests) -> None:
    clients = {role: signed_in(role)[0] for role in ROLES}
    for name, arguments, allowed in POSTS:
        with subtests.test(msg=name):
            address = reverse(f"desk:{name}", args=arguments)
            for role in set(ROLES) - allowed - {"admin"}:
                assert clients[role].post(address).status_code == 403, role
            assert clients["admin"].get(address).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("name", [page[0] for page in PAGES] + ["home"])
def test_somebody_not_signed_in_is_asked_to(name: str) -> None:
    response = Client().get(reverse(f"desk:{name}"))
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=/desk/")


@pytest.mark.django_db
def test_a_change_without_the_form_s_token_is_refused() -> None:
    line = sent_in()
    _, person = signed_in("agent")
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    response = client.post(reverse("desk:line_approve", args=[line.pk]), {"remedy": "refund"})
    line.refresh_from_db()
    assert (response.status_code, line.decision) == (403, "open")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("roles", "room"),
    [
        (("agent",), "queue"),
        (("warehouse",), "receiving"),
        (("finance",), "finance"),
        (("buyer",), "claims"),
        (("buyer", "agent"), "queue"),
        (("admin",), "queue"),
    ],
)
def test_the_front_door_leads_to_where_one_s_work_is(roles: tuple[str, ...], room: str) -> None:
    client, _ = signed_in(*roles)
    assert client.get("/desk/").headers["Location"] == reverse(f"desk:{room}")


@pytest.mark.django_db
def test_somebody_without_a_role_reads_whom_to_ask() -> None:
    client, _ = signed_in()
    response = client.get("/desk/")
    assert response.status_code == 200
    assert "Ask an admin" in response.content.decode()


@pytest.mark.django_db
def test_the_policy_for_scripts_is_strict() -> None:
    client, _ = signed_in("agent")
    policy = client.get(reverse("desk:queue")).headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
