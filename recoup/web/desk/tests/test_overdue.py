"""Goods and orders that do not come: the queue, the case page and the receiving page say so, and offer the ways out."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from recoup.domain.returns import sweeping
from recoup.domain.returns.models import Return, ReturnLine
from recoup.web.desk.tests import company

pytestmark = pytest.mark.django_db


def overdue(line: ReturnLine) -> ReturnLine:
    """The time of its case's wait is over."""
    yesterday = timezone.now() - datetime.timedelta(days=1)
    Return.objects.filter(pk=line.return_case_id).update(deadline_at=yesterday)
    assert sweeping.hand_over_overdue(now=timezone.now()) == 1
    return line


def goods(line: ReturnLine) -> tuple[str, str]:
    return ReturnLine.objects.values_list("goods", "return_case__waiting_for").get(pk=line.pk)


def test_overdue_goods_are_in_the_queue_and_an_agent_waits_longer() -> None:
    line = overdue(company.paid())
    client, _ = company.signed_in("agent")
    assert "Approved, the goods have not come" in client.get(reverse("desk:queue")).content.decode()
    case = reverse("desk:case", args=[line.return_case.number])
    page = client.get(case).content.decode()
    assert "The goods have not come in time." in page and "Wait another 30 days" in page
    assert client.post(reverse("desk:case_wait", args=[line.return_case.number])).status_code == 302
    assert goods(line) == ("awaiting", "goods")
    assert "The goods have not come in time." not in client.get(case).content.decode().split("What happened")[0]
    assert client.post(reverse("desk:case_wait", args=[line.return_case.number])).status_code == 409


def test_an_overdue_order_says_what_can_be_done() -> None:
    line = overdue(company.blind())
    client, _ = company.signed_in("agent")
    page = client.get(reverse("desk:case", args=[line.return_case.number])).content.decode()
    assert "Which order this belongs to is still not known." in page and "Wait another 7 days" in page
    client.post(reverse("desk:case_wait", args=[line.return_case.number]))
    assert goods(line)[1] == "order"


@pytest.mark.parametrize("role", ["warehouse", "agent"])
def test_goods_are_marked_lost_from_the_case_page_with_a_reason(role: str) -> None:
    line = company.paid()
    client, _ = company.signed_in(role)
    case, lost = reverse("desk:case", args=[line.return_case.number]), reverse("desk:goods_lost", args=[line.pk])
    assert lost in client.get(case).content.decode()
    assert client.post(lost, {"why": " "}).status_code == 422
    assert goods(line) == ("awaiting", "goods")
    response = client.post(lost, {"why": "The carrier lost it."}, follow=True)
    page = response.content.decode()
    assert response.redirect_chain == [(case, 302)] and "marked the goods as lost: The carrier lost it." in page
    assert goods(line) == ("lost", "nobody") and lost not in page
    assert client.post(lost, {"why": "Again."}).status_code == 409


@pytest.mark.parametrize("role", ["finance", "buyer", "quality"])
def test_others_are_not_offered_it_and_may_not(role: str) -> None:
    line = company.paid()
    client, _ = company.signed_in(role)
    lost = reverse("desk:goods_lost", args=[line.pk])
    assert lost not in client.get(reverse("desk:case", args=[line.return_case.number])).content.decode()
    assert client.post(lost, {"why": "Gone."}).status_code == 403
    assert goods(line) == ("awaiting", "goods")


def test_the_receiving_page_offers_it_and_takes_in_what_comes_after_all() -> None:
    line = company.paid()
    client, _ = company.signed_in("warehouse")
    scan = reverse("desk:receiving") + f"?code={line.return_case.rma_number}"
    lost = reverse("desk:goods_lost", args=[line.pk])
    assert lost in client.get(scan).content.decode()
    client.post(lost, {"why": "The carrier lost it."})
    page = client.get(scan).content.decode()
    assert lost not in page and "It was marked as lost. Take it in as usual." in page
    assert reverse("desk:receive", args=[line.pk]) in page


def test_finance_sees_that_what_it_is_to_pay_for_is_lost() -> None:
    line = company.paid()
    company.signed_in("warehouse")[0].post(reverse("desk:goods_lost", args=[line.pk]), {"why": "Gone."})
    page = company.signed_in("finance")[0].get(reverse("desk:finance")).content.decode()
    assert "the goods are lost" in page
