"""The first admin: one link from the terminal, one winner."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from recoup.foundation.accounts import actions, queries
from recoup.foundation.accounts.models import LinkToken, Staff
from recoup.foundation.accounts.tests.factories import PASSWORD, staff
from recoup.foundation.audit import invariants
from recoup.kit.actor import SYSTEM
from recoup.kit.refusal import NotFound, Refusal

NOW = datetime.datetime(2025, 6, 1, 12, tzinfo=datetime.UTC)
WHO: dict[str, Any] = {"name": "Ada", "email": "ada@example.com", "password": PASSWORD, "now": NOW}


def link() -> str:
    secret = actions.first_admin_link(now=NOW)
    assert secret
    return secret


@pytest.mark.django_db
def test_the_first_admin_uses_up_the_link() -> None:
    secret = link()
    ada = actions.become_first_admin(secret=secret, **WHO)
    assert (ada.roles, ada.limit, ada.check_password(PASSWORD)) == (["admin"], None, True)
    with pytest.raises(NotFound):
        actions.become_first_admin(secret=secret, **WHO | {"email": "eve@example.com"})
    assert actions.first_admin_link(now=NOW) is None
    assert Staff.objects.get() == ada
    assert list(invariants.chain()) == []


@pytest.mark.django_db
def test_only_the_last_link_is_good() -> None:
    first, second = link(), link()
    with pytest.raises(NotFound):
        actions.become_first_admin(secret=first, **WHO)
    assert not Staff.objects.exists()
    actions.become_first_admin(secret=second, **WHO)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"password": "1234"}, actions.WeakPassword),
        ({"email": "ada"}, actions.BadEmail),
        ({"name": ""}, actions.NameMissing),
        ({"now": NOW + datetime.timedelta(days=2)}, queries.LinkExpired),
        ({"secret": "guess"}, NotFound),
    ],
)
def test_a_mistake_does_not_use_up_the_link(changed: dict[str, Any], refusal: type[Refusal]) -> None:
    secret = link()
    with pytest.raises(refusal):
        actions.become_first_admin(**{"secret": secret} | WHO | changed)
    assert not Staff.objects.exists()
    assert LinkToken.objects.get().revoked_at is None
    actions.become_first_admin(secret=secret, **WHO)


@pytest.mark.django_db
def test_not_when_somebody_works_here_already() -> None:
    secret = link()
    staff("agent")
    with pytest.raises(actions.AlreadySetUp):
        actions.become_first_admin(secret=secret, **WHO)
    assert Staff.objects.count() == 1


def at_once(*calls: Callable[[], object]) -> list[object]:
    """What each call gave or raised, all started together on connections of their own."""
    start, results = threading.Barrier(len(calls)), list[object]()

    def run(call: Callable[[], object]) -> None:
        start.wait()
        try:
            results.append(call())
        except Exception as raised:
            results.append(raised)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def racer(secret: str, number: int) -> Callable[[], Staff]:
    mine = WHO | {"email": f"ada{number}@example.com"}
    return lambda: actions.become_first_admin(secret=secret, **mine)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_exactly_one_wins() -> None:
    secret = link()
    results = at_once(*(racer(secret, n) for n in range(5)))
    winners = [r for r in results if isinstance(r, Staff)]
    assert len(winners) == 1
    assert [type(r) for r in results if not isinstance(r, Staff)] == [NotFound] * 4
    assert Staff.objects.get() == winners[0]
    assert list(invariants.chain()) == []


@pytest.mark.django_db(transaction=True)
def test_two_admins_cannot_close_each_other_at_once() -> None:
    one, two = staff("admin"), staff("admin")
    results = at_once(
        lambda: actions.deactivate(staff=one, actor=two.actor()),
        lambda: actions.deactivate(staff=two, actor=one.actor()),
    )
    assert sorted(type(r).__name__ for r in results) == ["LastAdmin", "NoneType"]
    assert Staff.objects.filter(is_active=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_address_at_once_makes_one_account() -> None:
    def make() -> Staff:
        return actions.create_staff(email="eva@example.com", name="Eva", roles=["agent"], actor=SYSTEM)

    results = at_once(make, make, make)
    assert sorted(type(r).__name__ for r in results) == ["EmailTaken", "EmailTaken", "Staff"]


@pytest.mark.django_db(transaction=True)
def test_one_link_withdrawn_at_once_is_withdrawn_once() -> None:
    token = queries.access_link(purpose="first_admin", secret=link(), now=NOW)
    results = at_once(*[lambda: actions.revoke_link(token=token, actor=SYSTEM)] * 4)
    assert sorted(map(str, results)) == ["False", "False", "False", "True"]
