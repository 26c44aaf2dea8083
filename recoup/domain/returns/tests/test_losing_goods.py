"""Goods that never come are marked lost, once and with a reason; whoever waited for them waits no more."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import transaction

from recoup.domain.returns import actions, sweeping
from recoup.domain.returns.models import Remedy, ReturnLine
from recoup.domain.returns.queries import case_page, status_page, to_pay
from recoup.domain.returns.rules.waits import Waiting, may_go_on
from recoup.domain.returns.tests import factories as make
from recoup.domain.returns.tests.test_paying import post
from recoup.foundation.audit.models import Record
from recoup.foundation.audit.queries import trail
from recoup.foundation.facts.models import Fact
from recoup.kit.refusal import NotAllowed, Refusal

pytestmark = pytest.mark.django_db
LATER = make.NOW + datetime.timedelta(days=31)


def expected(*, goods_back: bool = True) -> ReturnLine:
    line, ann = make.to_agent(), make.agent()
    actions.approve(line=line, remedy="refund", reason="Clear.", at=make.NOW, actor=ann, goods_back=goods_back)
    return ReturnLine.objects.select_related("return_case").get(pk=line.pk)


def lost(line: ReturnLine, **about: Any) -> None:
    given: dict[str, Any] = {"why": "The carrier  lost\nit.", "at": LATER, "actor": make.WAREHOUSE}
    actions.lose_goods(line=line, **given | about)


def standing(line: ReturnLine) -> tuple[Any, ...]:
    kept = ReturnLine.objects.values_list("goods", "return_case__waiting_for", "return_case__deadline_at").get(
        pk=line.pk
    )
    return *kept, Record.objects.count(), Fact.objects.count()


@pytest.mark.parametrize("role", ["warehouse", "agent"])
@pytest.mark.parametrize("overdue", [False, True])
def test_nobody_waits_for_what_is_lost(role: str, overdue: bool) -> None:
    line, who = expected(), make.agent(role, name="Wim")
    if overdue:
        assert sweeping.hand_over_overdue(now=LATER) == 1
    lost(line, actor=who)
    assert standing(line)[:3] == ("lost", "nobody", None)
    assert trail(line.return_case)[-1].sentence == "Wim marked the goods as lost: The carrier lost it."
    assert Fact.objects.get(name="GoodsLost").body == {"line_id": str(line.pk)}


@pytest.mark.parametrize(
    ("about", "refusal"),
    [
        ({"why": " \n "}, actions.LossUnexplained),
        ({"actor": "finance"}, NotAllowed),
        ({"actor": "buyer"}, NotAllowed),
        ({"actor": make.CUSTOMER}, NotAllowed),
    ],
)
def test_without_a_reason_or_a_role_nothing_changes(about: dict[str, Any], refusal: type[Refusal]) -> None:
    line = expected()
    actor = about.get("actor")
    given = about | ({"actor": make.agent(actor)} if isinstance(actor, str) else {})
    before = standing(line)
    with pytest.raises(refusal), transaction.atomic():
        lost(line, **given)
    assert standing(line) == before


@pytest.mark.parametrize(
    "way", [[], ["awaiting", "lost"], ["quarantined"], ["quarantined", "inspected"], ["quarantined", "dispositioned"]]
)
def test_only_what_is_on_its_way_can_be_lost(way: list[str]) -> None:
    line = expected(goods_back=False)
    for step in way:
        ReturnLine.objects.filter(pk=line.pk).update(goods=step)
    before = standing(line)
    with pytest.raises(actions.NotOnTheWay, match="cannot be marked lost"), transaction.atomic():
        lost(line)
    assert standing(line) == before


def test_what_comes_after_all_is_taken_in() -> None:
    line = expected()
    lost(line)
    actions.receive_goods(line=line, at=LATER, actor=make.WAREHOUSE)
    assert standing(line)[:2] == ("quarantined", "nobody")


def test_what_was_granted_stands_and_the_customer_waits_for_no_receipt_of_ours() -> None:
    line = expected()
    post(Remedy.objects.get(line=line))
    lost(line)
    assert Remedy.objects.get(line=line).state == "posted"
    assert to_pay(actor=make.agent("finance")).count == 1
    page = status_page(line.return_case.links.select_related("session").get())
    assert page.word == "approved"
    assert [(step.words, step.done) for step in page.steps if step.code == "goods"] == [
        ("We wait for the item no longer", True)
    ]


def test_the_page_offers_it_to_those_who_may() -> None:
    line = expected()

    def may(*roles: str) -> bool:
        return case_page(make.agent(*roles), line.return_case.number, now=make.NOW).lines[0].may_lose

    assert [may(role) for role in ("warehouse", "agent", "finance", "quality", "buyer")] == [True, True] + [False] * 3
    lost(line)
    assert not may("warehouse")


WAIT = Waiting("agent", True, ["approved"], ["awaiting"], ["posted"])


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (WAIT, "goods"),
        (Waiting("agent", True, ["approved", "refused"], ["in_transit"], []), "goods"),
        (Waiting("agent", True, ["approved"], ["awaiting"], ["errored"]), ""),
        (Waiting("agent", True, ["approved", "open"], ["awaiting"], []), ""),
        (Waiting("agent", True, ["approved"], ["quarantined"], []), ""),
        (Waiting("agent", True, ["approved"], ["lost"], []), ""),
        (Waiting("agent", False, ["open"], [], []), "order"),
        (Waiting("agent", False, ["refused"], [], []), ""),
        *((Waiting(who, False, ["open"], [], []), "") for who in ("nobody", "order", "customer", "goods")),
        *((Waiting(who, True, ["approved"], ["awaiting"], []), "") for who in ("nobody", "customer", "goods")),
    ],
)
def test_what_an_agent_may_wait_on_for(case: Waiting, said: str) -> None:
    assert may_go_on(case) == said
