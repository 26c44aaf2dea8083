"""Staff: made by admins, never raising themselves, never locking everybody out."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction

from recoup.foundation.accounts import actions
from recoup.foundation.accounts.models import Staff
from recoup.foundation.accounts.tests.factories import PASSWORD, staff
from recoup.foundation.audit import invariants, queries
from recoup.foundation.audit.models import Record
from recoup.kit.actor import SYSTEM, Actor
from recoup.kit.money import Money
from recoup.kit.refusal import NotAllowed

pytestmark = pytest.mark.django_db
CUSTOMER = Actor(kind="customer", id="link", name="the customer")
GOOD: dict[str, Any] = {"email": "Eva@Example.com ", "name": " Eva ", "roles": ["buyer", "agent"], "password": PASSWORD}


def everything() -> list[Any]:
    return [*Staff.objects.order_by("id").values(), *Record.objects.values()]


def test_create() -> None:
    admin = staff("admin")
    eva = actions.create_staff(**GOOD, limit=Money(20000, "EUR"), actor=admin.actor())
    eva.refresh_from_db()
    assert (eva.email, eva.name, eva.roles, eva.limit) == (
        "eva@example.com", "Eva", ["agent", "buyer"], Money(20000, "EUR"),
    )  # fmt: skip
    assert eva.check_password(PASSWORD)
    assert eva.actor() == Actor(kind="staff", id=str(eva.pk), name="Eva", roles=frozenset({"agent", "buyer"}))
    assert [line.verb for line in queries.trail(eva)] == ["staff.created"]
    assert list(invariants.chain()) == []


def test_without_a_password_nobody_signs_in_yet() -> None:
    eva = actions.create_staff(**GOOD | {"password": None}, actor=SYSTEM)
    assert not eva.has_usable_password()


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"email": "nobody"}, actions.BadEmail),
        ({"email": "a" * 250 + "@b.de"}, actions.BadEmail),
        ({"email": "TAKEN@example.com"}, actions.EmailTaken),
        ({"name": "  "}, actions.NameMissing),
        ({"name": "x" * 121}, actions.NameMissing),
        ({"name": "a\x00b"}, actions.NameMissing),
        ({"roles": ["agent", "king"]}, actions.UnknownRole),
        ({"password": "short"}, actions.WeakPassword),
        ({"actor": CUSTOMER}, NotAllowed),
        ({"actor": Actor(kind="staff", id="1", name="A", roles=frozenset({"finance"}))}, NotAllowed),
    ],
)
def test_create_refused(changed: dict[str, Any], refusal: type[Exception]) -> None:
    staff(email="taken@example.com")
    before = everything()
    with pytest.raises(refusal) as caught:
        actions.create_staff(**{"actor": SYSTEM} | GOOD | changed)
    assert everything() == before
    assert PASSWORD not in str(caught.value)


def test_the_database_keeps_emails_single_and_roles_known() -> None:
    staff(email="taken@example.com")
    for wrong in ({"email": "Taken@Example.com"}, {"email": "a@b.de", "roles": ["king"]}, {"limit_minor": 5}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Staff.objects.create(**{"email": "new@example.com", "name": "x"} | wrong)
    assert Staff.objects.count() == 1


def test_roles_set_by_another_admin() -> None:
    admin, eva = staff("admin"), staff("agent")
    actions.set_roles(staff=eva, roles=["finance", "buyer"], actor=admin.actor())
    assert eva.roles == Staff.objects.get(pk=eva.pk).roles == ["buyer", "finance"]
    assert queries.trail(eva)[0].sentence.endswith("changed the roles from agent to buyer, finance.")


def test_nobody_raises_their_own_roles_or_limit() -> None:
    me = staff("admin", limit=Money(5000, "EUR"))
    staff("admin")
    before = everything()
    with pytest.raises(actions.OwnRights):
        actions.set_roles(staff=me, roles=["admin", "finance"], actor=me.actor())
    for more in (Money(5001, "EUR"), None, Money(1, "JPY")):
        with pytest.raises(actions.OwnRights):
            actions.set_limit(staff=me, limit=more, actor=me.actor())
    assert everything() == before


def test_a_stale_copy_of_oneself_does_not_help() -> None:
    """The row in the database decides, not the object that was handed in."""
    me = staff("admin", limit=Money(5000, "EUR"))
    stale = Staff(pk=me.pk, limit_minor=None, roles=["admin", "finance"])
    with pytest.raises(actions.OwnRights):
        actions.set_limit(staff=stale, limit=Money(9000, "EUR"), actor=me.actor())
    with pytest.raises(actions.OwnRights):
        actions.set_roles(staff=stale, roles=["admin", "finance"], actor=me.actor())
    me.refresh_from_db()
    assert (me.limit, me.roles) == (Money(5000, "EUR"), ["admin"])


def test_one_may_lower_oneself_and_another_may_raise() -> None:
    me, other = staff("admin", "finance", limit=Money(5000, "EUR")), staff("admin")
    actions.set_limit(staff=me, limit=Money(4000, "EUR"), actor=me.actor())
    actions.set_roles(staff=me, roles=["admin"], actor=me.actor())
    assert (me.limit, me.roles) == (Money(4000, "EUR"), ["admin"])
    actions.set_limit(staff=me, limit=None, actor=other.actor())
    assert me.limit is None
    assert [line.verb for line in queries.trail(me)] == ["staff.limit_set", "staff.roles_set", "staff.limit_set"]


def test_the_last_admin_stays() -> None:
    last, closed = staff("admin"), staff("admin")
    actions.deactivate(staff=closed, actor=last.actor())
    before = everything()
    with pytest.raises(actions.LastAdmin):
        actions.deactivate(staff=last, actor=SYSTEM)
    with pytest.raises(actions.LastAdmin):
        actions.set_roles(staff=last, roles=[], actor=last.actor())
    assert everything() == before


@pytest.mark.parametrize("verb", ["deactivate", "reactivate"])
def test_only_admins_open_and_close(verb: str) -> None:
    agent, eva = staff("agent"), staff("agent")
    before = everything()
    with pytest.raises(NotAllowed):
        getattr(actions, verb)(staff=eva, actor=agent.actor())
    with pytest.raises(NotAllowed):
        actions.set_roles(staff=eva, roles=["admin"], actor=agent.actor())
    with pytest.raises(NotAllowed):
        actions.set_limit(staff=eva, limit=None, actor=agent.actor())
    assert everything() == before


def test_closed_means_out_and_back_means_in() -> None:
    admin, eva = staff("admin"), staff("agent", password=PASSWORD)
    actions.deactivate(staff=eva, actor=admin.actor())
    actions.deactivate(staff=eva, actor=admin.actor())
    assert authenticate(email=eva.email, password=PASSWORD) is None
    assert eva.actor().roles == frozenset()
    actions.reactivate(staff=eva, actor=admin.actor())
    assert authenticate(email=eva.email, password=PASSWORD) == eva
    assert [line.verb for line in queries.trail(eva)] == ["staff.deactivated", "staff.reactivated"]
