"""The company's own races, between real processes with connections of their own: exactly one effect each."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db.models import Sum

from recoup.channels.shopify.signature import sign
from recoup.domain.ledger import queries as ledger
from recoup.domain.ledger.models import CreditLimit, CreditMemo, MemoDocument
from recoup.domain.orders.models import Customer, Delivery, Order, OrderLine
from recoup.domain.orders.tests import factories as orders
from recoup.domain.returns import actions as returns
from recoup.domain.returns.models import Decision, Remedy, Return, ReturnLine
from recoup.domain.returns.tests import factories as make
from recoup.foundation.audit import queries as audit
from recoup.foundation.facts.models import Fact
from recoup.foundation.jobs import queries as jobs
from recoup.foundation.jobs.worker import drain
from recoup.foundation.notices import queries as notices
from tests.faults.company import bought
from tests.faults.processes import House, Rivals, broken_promises

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.usefixtures("store")]


@pytest.fixture
def unclear() -> ReturnLine:
    """A return that waits for an agent."""
    line = make.to_agent(*bought(make.product(warranty_plan="")))
    drain()
    return line


def done(results: list[dict[str, Any]]) -> list[Any]:
    assert not [each["broken"] for each in results if "broken" in each]
    return [each["done"] for each in results if "done" in each]


def all_is_well() -> None:
    drain()
    assert jobs.dead_letters() == []
    assert broken_promises() == []


@pytest.mark.parametrize("how_many", [2, 8])
def test_of_agents_who_approve_one_case_at_once_one_does(unclear: ReturnLine, rivals: Rivals, how_many: int) -> None:
    agents = [make.agent(name=f"Agent {number}") for number in range(how_many)]
    results = rivals.go([("approve", {"line": str(unclear.pk), "staff": agent.id}) for agent in agents])
    assert len(done(results)) == 1
    lost = [each for each in results if "refused" in each]
    assert [each["refused"] for each in lost] == ["moves.moved_meanwhile"] * (how_many - 1)
    assert lost[0]["sentence"].startswith("Somebody else was faster")
    _approved_once(unclear.return_case)


def test_two_agents_press_approve_on_the_desk_at_once(unclear: ReturnLine, rivals: Rivals) -> None:
    agents = [make.agent(name=f"Agent {number}") for number in range(2)]
    results = done(rivals.go([("approve_at_desk", {"line": str(unclear.pk), "staff": agent.id}) for agent in agents]))
    assert sorted(status for status, _ in results) == [302, 409]
    [said] = [page for status, page in results if status == 409]
    assert "has taken this case" in said or "Somebody else was faster" in said
    _approved_once(unclear.return_case)


def _approved_once(case: Return) -> None:
    """One approval, one RMA number, one remedy, and after every job one memo, one document and one letter of each kind."""
    all_is_well()
    case.refresh_from_db()
    assert case.rma_number
    assert Decision.objects.filter(verb="approve").count() == 1
    assert Remedy.objects.get().state == "posted"
    assert MemoDocument.objects.get().memo == CreditMemo.objects.get()
    sent = [notice.template for notice in notices.sent_about(case)]
    assert sent.count("returns.approved") == 1
    assert len(sent) == len(set(sent))
    verbs = [line.verb for line in audit.trail(case)]
    assert (verbs.count("line.approved"), verbs.count("remedy.posted")) == (1, 1)


def test_eight_processes_credit_the_same_lines_up_to_what_was_paid_and_not_a_cent_more(rivals: Rivals) -> None:
    lines = [str(line.pk) for line in bought(None, None)]
    # Half of them name the lines the other way round: they must not wait for each other for ever.
    errands = [
        ("credit", {"order_lines": lines[:: 1 - 2 * (number % 2)], "cents": 500, "times": 3}) for number in range(8)
    ]
    assert sum(done(rivals.go(errands))) == 24 - 19
    all_is_well()
    assert [limit.credited_minor for limit in CreditLimit.objects.all()] == [9500, 9500]
    _books_are_straight(memos=19, total=19000)


def test_eight_processes_that_post_and_pay_the_same_eight_refunds_pay_each_once(rivals: Rivals) -> None:
    [sold] = bought(None, quantity=8, paid=10001, tax=1597)
    agent = make.agent()
    for _ in range(8):
        line = make.submitted(sold)
        returns.approve(line=line, remedy="refund", reason="Clear.", at=make.NOW, actor=agent)
    remedies = [str(pk) for pk in Remedy.objects.values_list("pk", flat=True)]
    assert sum(done(rivals.go([("pay", {"remedies": remedies})] * 8))) == 8
    all_is_well()
    assert set(Remedy.objects.values_list("state", flat=True)) == {"posted"}
    assert CreditMemo.objects.aggregate(tax=Sum("tax_minor"))["tax"] == 1597
    _books_are_straight(memos=8, total=10001, account="customer_credit")
    finance = make.agent("finance")
    assert sum(done(rivals.go([("confirm", {"remedies": remedies, "staff": finance.id})] * 8))) == 8
    all_is_well()
    assert set(Remedy.objects.values_list("state", flat=True)) == {"settled"}
    _books_are_straight(memos=8, total=10001)


def _books_are_straight(*, memos: int, total: int, account: str = "refunds_paid") -> None:
    issued = CreditMemo.objects.order_by("number")
    assert list(issued.values_list("number", flat=True)) == list(range(1, memos + 1))
    assert sum(memo.total_minor for memo in issued) == total
    for accounts in ledger.trial_balance().values():
        assert sum(accounts.values()) == 0
    assert ledger.balance(account=account, currency="EUR").minor == -total


def delivery(house: House, body: bytes, key: str) -> tuple[str, dict[str, Any]]:
    headers = {
        "Content-Type": "application/json", "X-Shopify-Topic": "orders/updated", "X-Shopify-Webhook-Id": key,
        "X-Shopify-Hmac-Sha256": sign(body, "hush"),
    }  # fmt: skip
    return "webhook", {"port": house.port, "body": body.decode(), "headers": headers}


def version(day: int) -> bytes:
    """The order as it was on that day of February: its total tells which day."""
    total = f"{50 + day}.00"
    line = {**json.loads(orders.payload())["line_items"][0], "quantity": 1, "price": total}
    return orders.payload(updated_at=f"2026-02-{day:02}T00:00:00Z", total_price=total, line_items=[line])


def test_one_webhook_delivered_eight_times_at_once_is_one_order(house: House, rivals: Rivals) -> None:
    orders.product()
    orders.channel(secret="hush")
    answers = done(rivals.go([delivery(house, version(1), "w1")] * 4 + [delivery(house, version(1), "w2")] * 4))
    assert {status for status, _ in answers} == {200}
    assert len({answer["delivery_id"] for _, answer in answers}) == Delivery.objects.count() == 2
    done(rivals.go([("work", {})] * 4))
    all_is_well()
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["accepted", "duplicate"]
    assert (Order.objects.count(), OrderLine.objects.count(), Customer.objects.count()) == (1, 1, 1)
    assert Fact.objects.filter(name="OrderAccepted").count() == 1


def test_webhooks_in_the_wrong_order_and_at_once_end_with_the_newest(house: House, rivals: Rivals) -> None:
    orders.product()
    orders.channel(secret="hush")
    done(rivals.go([delivery(house, version(5), "newer")]))
    drain()
    done(rivals.go([delivery(house, version(2), "older")]))
    drain()
    assert list(Delivery.objects.order_by("created_at").values_list("state", flat=True)) == ["accepted", "stale"]
    days = [3, 9, 1, 9, 7, 4]
    done(rivals.go([delivery(house, version(day), f"late-{place}") for place, day in enumerate(days)]))
    done(rivals.go([("work", {})] * 4))
    all_is_well()
    order = Order.objects.get()
    assert (order.total_minor, order.lines.get().paid_minor) == (5900, 5900)
    states = {bytes(each.body): each.state for each in Delivery.objects.exclude(state="duplicate")}
    assert states[version(9)] == "accepted"
    assert {states[version(day)] for day in (1, 3, 4)} == {"stale"}
    assert Delivery.objects.filter(state="duplicate").count() == 1
