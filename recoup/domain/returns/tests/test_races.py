"""Many at once, over real connections: one winner, one effect."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from recoup.domain.ledger import invariants as ledger
from recoup.domain.ledger.models import CreditLimit, CreditMemo, Entry
from recoup.domain.returns import actions, invariants, letters
from recoup.domain.returns.actions import Choice
from recoup.domain.returns.models import CaptureLink, Check, Decision, Policy, Remedy, Reminder, Return, ReturnLine
from recoup.domain.returns.tests import factories as make
from recoup.foundation.accounts import codes
from recoup.foundation.accounts.models import LinkToken, OneTimeCode
from recoup.foundation.facts.models import Fact
from recoup.kit.actor import SYSTEM
from recoup.kit.refusal import Refusal

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(verbs: list[Callable[[], Any]]) -> tuple[list[Any], list[Refusal]]:
    """Run all together, each on its own connection: (results, refusals)."""
    together, results, refusals = Barrier(len(verbs)), [], []

    def run(verb: Callable[[], Any]) -> None:
        try:
            together.wait()
            results.append(verb())
        except Refusal as refusal:
            refusals.append(refusal)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(verbs)) as pool:
        for future in [pool.submit(run, verb) for verb in verbs]:
            future.result()
    return results, refusals


def promises_hold() -> bool:
    checks = [*(check for _, check in invariants.PROMISES), ledger.entries_balance, ledger.credits_stay_within_limits]
    return not [finding for check in checks for finding in check()]


def test_of_eight_deciding_agents_one_wins() -> None:
    line, agents = make.to_agent(), [make.agent() for _ in range(8)]

    def decide(number: int) -> Callable[[], Any]:
        mine, actor = ReturnLine.objects.get(pk=line.pk), agents[number]
        if number % 2:
            return partial(actions.refuse, line=mine, reason="A fall.", at=make.NOW, actor=actor)
        return partial(actions.approve, line=mine, remedy="refund", reason="", at=make.NOW, actor=actor)

    won, lost = at_once([decide(number) for number in range(8)])
    assert (len(won), len(lost)) == (1, 7) and {no.code for no in lost} == {"moves.moved_meanwhile"}
    assert Decision.objects.exclude(verb="propose").count() == 1
    assert Remedy.objects.count() == (1 if won[0].verb == "approve" else 0) and promises_hold()


def test_eight_links_cannot_claim_more_than_was_bought() -> None:
    order_line, kind = make.order_line(quantity=3, paid_minor=10000), make.defect().code
    links = [make.link(order_line.order) for _ in range(8)]
    choice = Choice(order_line_id=order_line.pk, defect_type=kind)
    won, lost = at_once(
        [partial(actions.submit, link=link, choice=choice, at=make.NOW, actor=make.CUSTOMER) for link in links]
    )
    assert (len(won), len(lost)) == (3, 5) and {no.code for no in lost} == {"returns.none_left"}
    assert Return.objects.count() == 3


def test_one_link_sent_eight_times_at_once_is_one_return() -> None:
    order_line, kind = make.order_line(), make.defect().code
    link = make.link(order_line.order)
    choice = Choice(order_line_id=order_line.pk, defect_type=kind)
    won, lost = at_once([lambda: actions.submit(link=link, choice=choice, at=make.NOW, actor=make.CUSTOMER)] * 8)
    assert len({case.pk for case in won}) == 1 and not lost and Return.objects.count() == 1


def test_eight_verifications_at_once_approve_once_under_one_first_policy() -> None:
    lines = [make.submitted(make.order_line(quantity=9, paid_minor=9000)) for _ in range(2)]
    cases = [Return.objects.get(pk=line.return_case_id) for line in lines for _ in range(4)]
    runs, lost = at_once([partial(actions.verify, return_case=case, at=make.NOW, actor=SYSTEM) for case in cases])
    assert sorted(runs) == [0, 0, 0, 0, 0, 0, 1, 1] and not lost
    assert Policy.objects.count() == 1 and Remedy.objects.count() == 2 and Check.objects.count() == 16
    assert Decision.objects.filter(verb="approve").count() == 2 and promises_hold()


def test_a_remedy_posted_eight_times_at_once_has_one_memo() -> None:
    line = make.submitted()
    actions.approve(line=line, remedy="refund", reason="r", at=make.NOW, actor=make.agent())
    remedy = line.remedies.get()
    copies = [Remedy.objects.select_related("line").get(pk=remedy.pk) for _ in range(8)]
    won, lost = at_once([partial(actions.post_remedy, remedy=mine, at=make.NOW, actor=SYSTEM) for mine in copies])
    assert (len(won), len(lost), CreditMemo.objects.count()) == (1, 7, 1)
    assert CreditLimit.objects.get().credited_minor == 4990 and promises_hold()


def test_a_refund_marked_as_paid_eight_times_at_once_is_paid_once() -> None:
    line = make.submitted()
    actions.approve(line=line, remedy="refund", reason="r", at=make.NOW, actor=make.agent())
    remedy = actions.post_remedy(remedy=line.remedies.get(), at=make.NOW, actor=SYSTEM)
    sofia, copies = make.agent("finance"), [Remedy.objects.select_related("line").get(pk=remedy.pk) for _ in range(8)]

    def pay(mine: Remedy, reference: str) -> Remedy:
        about = {"reference": reference, "paid_on": make.NOW.date(), "at": make.NOW, "actor": sofia}
        return actions.mark_paid(remedy=mine, **about)  # type: ignore[arg-type]  # a dict of several types

    won, lost = at_once([partial(pay, mine, f"BANK-{count}") for count, mine in enumerate(copies)])
    assert (len(won), {no.code for no in lost}, len(lost)) == (1, {"returns.paid_already"}, 7)
    assert Entry.objects.filter(kind="refund").count() == 1 and promises_hold()
    assert Remedy.objects.get(pk=remedy.pk).reference == won[0].reference


def test_four_returns_of_one_line_approved_and_paid_at_once_share_what_was_paid() -> None:
    order_line = make.order_line(quantity=4, paid_minor=10001, tax_minor=1597)
    lines = [make.submitted(order_line) for _ in range(4)]
    ann = make.agent()

    def settle(line: ReturnLine) -> Remedy:
        actions.approve(line=line, remedy="refund", reason="r", at=make.NOW, actor=ann)
        return actions.post_remedy(remedy=line.remedies.get(), at=make.NOW, actor=SYSTEM)

    won, lost = at_once([partial(settle, line) for line in lines])
    assert len(won) == 4 and not lost
    assert sum(remedy.amount_minor for remedy in won) == 10001
    assert sum(memo.tax_minor for memo in CreditMemo.objects.all()) == 1597 and promises_hold()


def test_a_cancelling_customer_and_an_approving_agent_do_not_both_win() -> None:
    line, ann = make.to_agent(), make.agent()
    mine, theirs = ReturnLine.objects.get(pk=line.pk), ReturnLine.objects.get(pk=line.pk)
    won, lost = at_once(
        [
            lambda: actions.approve(line=mine, remedy="refund", reason="", at=make.NOW, actor=ann),
            lambda: actions.cancel(line=theirs, reason="", at=make.NOW, actor=make.CUSTOMER),
        ]
    )
    assert (len(won), len(lost)) == (1, 1) and promises_hold()


def test_two_agents_cannot_take_one_case() -> None:
    case, agents = make.to_agent().return_case, [make.agent() for _ in range(8)]
    copies = [Return.objects.get(pk=case.pk) for _ in agents]
    _, lost = at_once(
        [partial(actions.take, return_case=mine, actor=ann) for mine, ann in zip(copies, agents, strict=True)]
    )
    assert len(lost) == 7 and {no.code for no in lost} == {"returns.taken_by_another"}


def test_goods_that_are_swept_lost_and_received_at_once_end_in_one_place() -> None:
    line, late = make.to_agent(), make.NOW + datetime.timedelta(days=31)
    actions.approve(line=line, remedy="refund", reason="", at=make.NOW, actor=make.agent())
    mine = [ReturnLine.objects.get(pk=line.pk) for _ in range(4)]
    case = Return.objects.get(pk=line.return_case_id)
    lose = partial(actions.lose_goods, why="The carrier lost it.", at=late, actor=make.WAREHOUSE)
    won, lost = at_once([
        partial(actions.hand_over, return_case=case, at=late, actor=SYSTEM),
        partial(actions.hand_over, return_case=case, at=late, actor=SYSTEM),
        *(partial(lose, line=each) for each in mine[:2]),
        partial(actions.receive_goods, line=mine[2], at=late, actor=make.WAREHOUSE),
    ])  # fmt: skip
    line.refresh_from_db()
    case.refresh_from_db()
    assert (line.goods, case.waiting_for) == ("quarantined", "nobody") and won.count(True) <= 1
    assert 1 <= len(lost) <= 2 and {no.code for no in lost} == {"returns.not_on_the_way"}
    assert Fact.objects.filter(name="GoodsLost").count() == 2 - len(lost) and promises_hold()


def test_of_eight_right_codes_at_once_one_opens_one_link() -> None:
    order = make.order_line().order
    code_id = actions.ask_to_come_in(number=order.number, address="cora@example.com", place="192.0.2.7", at=make.NOW)
    made = codes.make_code(code_id=code_id, now=make.NOW, actor=SYSTEM)
    assert made
    won, lost = at_once([partial(actions.come_in, code_id=code_id, typed=made.digits, at=make.NOW)] * 8)
    assert (len(won), [no.code for no in lost]) == (1, ["accounts.code_used"] * 7)
    assert (CaptureLink.objects.count(), LinkToken.objects.count()) == (1, 1)


def test_eight_wrong_codes_at_once_are_five_tries() -> None:
    order = make.order_line().order
    code_id = actions.ask_to_come_in(number=order.number, address="cora@example.com", place="192.0.2.7", at=make.NOW)
    _, lost = at_once([partial(actions.come_in, code_id=code_id, typed="000000", at=make.NOW)] * 8)
    assert sorted(no.code for no in lost) == ["accounts.code_does_not_fit"] * 4 + ["accounts.no_tries_left"] * 4
    assert OneTimeCode.objects.get().tries == 5


def test_of_eight_who_ask_at_once_five_get_a_code_and_one_is_good() -> None:
    ask = partial(actions.ask_to_come_in, number="#1001", address="cora@example.com", place="192.0.2.7", at=make.NOW)
    won, lost = at_once([ask] * 8)
    assert (len(won), {no.code for no in lost}) == (5, {"accounts.too_many_codes"})
    assert OneTimeCode.objects.count() == 5 and OneTimeCode.objects.filter(replaced_at=None).count() == 1


def begun() -> tuple[CaptureLink, datetime.datetime]:
    """Begun by the real clock, as rows say it; and a noon by which a reminder is due."""
    now = timezone.now()
    line, until = make.order_line(), now + datetime.timedelta(days=14)
    link, _ = actions.open_link(order=line.order, language="en", expires_at=until, actor=make.CUSTOMER)
    actions.choose(link=link, draft={"order_line_id": str(line.pk)}, at=now, actor=make.CUSTOMER)
    return link, (now + datetime.timedelta(days=2)).replace(hour=12)


def test_eight_jobs_at_once_remind_once() -> None:
    link, noon = begun()
    numbers, refused = at_once([partial(actions.remind, link=link, at=noon, actor=SYSTEM)] * 8)
    assert (sorted(numbers), refused) == ([0] * 7 + [1], [])
    assert Reminder.objects.count() == Fact.objects.filter(name="CustomerReminded").count() == 1


def test_a_reminder_brings_no_way_in_that_outlives_a_withdrawal() -> None:
    link, noon = begun()
    actions.remind(link=link, at=noon, actor=SYSTEM)
    told, ann = Reminder.objects.get(), make.agent()
    write = partial(letters.reminder, reminder_id=told.pk, at=noon, actor=SYSTEM)
    assert link.order
    at_once([write, partial(actions.withdraw_links, about=link.order, at=noon, actor=ann), write])
    assert not LinkToken.objects.filter(revoked_at=None).exists()
