"""Approve, refuse, ask, appeal, cancel: each with its effects, its refusals, and nothing half-done."""

from __future__ import annotations

import pytest

from recoup.domain.evidence.models import CaptureSession
from recoup.domain.returns import actions
from recoup.domain.returns.models import Decision, Message, Remedy, ReturnLine
from recoup.domain.returns.tests import factories as make
from recoup.foundation.audit.queries import trail
from recoup.foundation.facts.models import Fact
from recoup.kit.actor import SYSTEM
from recoup.kit.moves import IllegalMove, MovedMeanwhile
from recoup.kit.refusal import NotAllowed, Refusal

pytestmark = pytest.mark.django_db


def untouched(line: ReturnLine) -> None:
    line.refresh_from_db()
    line.return_case.refresh_from_db()
    assert (line.decision, line.goods, line.return_case.rma_number) == ("open", "not_expected", None)
    assert not Remedy.objects.exists() and not Decision.objects.exclude(verb="propose").exists()
    assert not Fact.objects.filter(name__startswith="ReturnLine").exists()


def test_an_agent_approves_with_a_reason() -> None:
    line, ann = make.to_agent(), make.agent()
    decision = actions.approve(line=line, remedy="store_credit", reason="Plan found by phone.", at=make.NOW, actor=ann)
    line.refresh_from_db()
    case = line.return_case
    case.refresh_from_db()
    assert (decision.reason, decision.actor_id, decision.run, decision.amount_minor) == (
        "Plan found by phone.",
        ann.id,
        1,
        4990,
    )
    assert (line.decision, line.goods, case.waiting_for) == ("approved", "awaiting", "goods")
    assert line.remedies.get().kind == "store_credit" and line.remedies.get().state == "approved"
    assert f"under {case.rma_number}. Reason: Plan found by phone." in trail(case)[-1].sentence


def test_without_goods_back_nobody_waits() -> None:
    line = make.to_agent()
    actions.approve(line=line, remedy="replacement", reason="", at=make.NOW, actor=make.agent(), goods_back=False)
    line.return_case.refresh_from_db()
    assert (line.goods, line.return_case.waiting_for) == ("not_expected", "nobody")
    assert line.remedies.get().amount_minor == 0


@pytest.mark.parametrize(
    ("who", "remedy", "refusal"),
    [
        (("warehouse",), "refund", NotAllowed),
        (("finance", "quality", "buyer"), "refund", NotAllowed),
        (("agent",), "gold", actions.UnknownRemedy),
    ],
)
def test_who_may_not_and_what_is_no_remedy(who: tuple[str, ...], remedy: str, refusal: type[Refusal]) -> None:
    line = make.to_agent()
    with pytest.raises(refusal):
        actions.approve(line=line, remedy=remedy, reason="r", at=make.NOW, actor=make.agent(*who))
    untouched(line)


def test_the_limit_of_a_person_is_respected() -> None:
    line, low, enough = make.to_agent(), make.agent(limit=4989), make.agent(limit=4990)
    with pytest.raises(actions.AboveYourLimit, match=r"49\.90 EUR is above what you may approve"):
        actions.approve(line=line, remedy="refund", reason="", at=make.NOW, actor=low)
    untouched(line)
    actions.approve(line=line, remedy="refund", reason="", at=make.NOW, actor=enough)


def test_a_limit_in_another_currency_allows_nothing() -> None:
    line = make.to_agent(make.order_line(make.order(currency="USD"), sold=make.product(warranty_plan="")))
    with pytest.raises(actions.AboveYourLimit, match="Ask a colleague who approves in USD"):
        actions.approve(line=line, remedy="refund", reason="", at=make.NOW, actor=make.agent(limit=10**6))
    untouched(line)


def test_goodwill_against_a_failed_check_needs_its_reason() -> None:
    line = make.submitted(make.order_line(make.order(payment="voided")))
    actions.verify(return_case=line.return_case, at=make.NOW, actor=SYSTEM)
    line.refresh_from_db()
    with pytest.raises(actions.ReasonNeeded):
        actions.approve(line=line, remedy="refund", reason="  ", at=make.NOW, actor=make.agent())
    untouched(line)
    decision = actions.approve(
        line=line, remedy="refund", reason="Paid in cash at the fair.", at=make.NOW, actor=make.agent()
    )
    assert decision.reason == "Paid in cash at the fair."


def test_a_gift_has_no_money_to_give_back_but_may_be_replaced() -> None:
    line = make.submitted(make.order_line(paid_minor=0, tax_minor=0))
    actions.verify(return_case=line.return_case, at=make.NOW, actor=SYSTEM)
    with pytest.raises(actions.NothingToPay):
        actions.approve(line=line, remedy="refund", reason="r", at=make.NOW, actor=make.agent())
    untouched(line)
    actions.approve(line=line, remedy="replacement", reason="r", at=make.NOW, actor=make.agent())


@pytest.mark.parametrize("remedy", ["refund", "store_credit", "replacement"])
def test_what_is_priced_in_no_currency_is_not_decided_before_it_is_corrected(remedy: str) -> None:
    line = make.submitted()
    order = line.order_line.order
    order.currency = "XYZ"
    order.save(update_fields=["currency"])
    with pytest.raises(actions.CurrencyUnknown, match="No currency is called XYZ"):
        actions.approve(line=line, remedy=remedy, reason="r", at=make.NOW, actor=make.agent())
    untouched(line)
    order.currency = "EUR"
    order.save(update_fields=["currency"])
    actions.approve(line=ReturnLine.objects.get(pk=line.pk), remedy=remedy, reason="r", at=make.NOW, actor=make.agent())


def test_a_blind_return_is_approved_only_with_its_order() -> None:
    line = make.blind()
    with pytest.raises(actions.OrderUnknown):
        actions.approve(line=line, remedy="refund", reason="r", at=make.NOW, actor=make.agent())
    untouched(line)


def test_of_two_agents_the_second_is_told() -> None:
    line = make.to_agent()
    as_seen_by_bob = ReturnLine.objects.get(pk=line.pk)
    actions.approve(line=line, remedy="refund", reason="", at=make.NOW, actor=make.agent())
    with pytest.raises(MovedMeanwhile, match="Somebody else was faster"):
        actions.refuse(line=as_seen_by_bob, reason="Too old.", at=make.NOW, actor=make.agent())
    with pytest.raises(IllegalMove):
        actions.approve(line=line, remedy="refund", reason="", at=make.NOW, actor=make.agent())
    assert Remedy.objects.count() == 1 and Decision.objects.filter(verb__in=["approve", "refuse"]).count() == 1


def test_refusing_is_a_persons_and_says_why() -> None:
    line = make.to_agent()
    with pytest.raises(NotAllowed):
        actions.refuse(line=line, reason="No.", at=make.NOW, actor=SYSTEM)
    with pytest.raises(actions.ReasonNeeded):
        actions.refuse(line=line, reason=" ", at=make.NOW, actor=make.agent())
    untouched(line)
    actions.refuse(line=line, reason="The damage is from a fall.", at=make.NOW, actor=make.agent())
    line.return_case.refresh_from_db()
    assert (line.decision, line.return_case.waiting_for, line.return_case.decided_at) == ("refused", "nobody", make.NOW)
    assert Fact.objects.filter(name="ReturnLineRefused").count() == 1


def test_an_appeal_opens_it_again_with_the_customers_words() -> None:
    line = make.to_agent()
    with pytest.raises(IllegalMove):
        actions.appeal(line=line, words="Look again.", at=make.NOW, actor=make.CUSTOMER)
    assert not Message.objects.exists()
    actions.refuse(line=line, reason="A fall.", at=make.NOW, actor=make.agent())
    actions.appeal(line=line, words="It never fell.", at=make.NOW, actor=make.CUSTOMER)
    line.return_case.refresh_from_db()
    assert (line.decision, line.return_case.waiting_for, line.return_case.priority) == ("open", "agent", 2)
    assert Message.objects.get().body == "It never fell."
    actions.approve(line=line, remedy="refund", reason="True.", at=make.NOW, actor=make.agent())
    assert list(line.decisions.values_list("verb", flat=True)) == ["propose", "refuse", "appeal", "approve"]


def test_the_customer_may_cancel_until_it_is_decided() -> None:
    line = make.to_agent()
    with pytest.raises(NotAllowed):
        actions.cancel(line=line, reason="", at=make.NOW, actor=make.agent("warehouse"))
    actions.cancel(line=line, reason="It works again.", at=make.NOW, actor=make.CUSTOMER)
    assert CaptureSession.objects.get(link__return_case=line.return_case).state == "closed"
    with pytest.raises(IllegalMove):
        actions.cancel(line=line, reason="", at=make.NOW, actor=make.CUSTOMER)


def test_asking_opens_the_link_again_and_names_the_shots() -> None:
    line = make.to_agent()
    actions.ask(
        line=line, shots=["serial_label", "close_up"], reason="Too small to read.", at=make.NOW, actor=make.agent()
    )
    line.return_case.refresh_from_db()
    ask = line.decisions.get(verb="ask")
    assert ask.shots == ["close_up", "serial_label"] and line.evidence == "needs_more"
    assert line.return_case.waiting_for == "customer" and line.return_case.links.get().session.state == "open"
    with pytest.raises(actions.AskedAlready):
        actions.ask(line=line, shots=["close_up"], reason="", at=make.NOW, actor=make.agent())
    actions.ask(line=line, shots=["packaging"], reason="", at=make.NOW, actor=make.agent())
    assert Fact.objects.filter(name="MorePhotosAsked").count() == 2


@pytest.mark.parametrize("shots", [[], ["selfie"], ["overall", "selfie"]])
def test_asking_for_nothing_known_is_refused(shots: list[str]) -> None:
    line = make.to_agent()
    with pytest.raises(actions.NothingAsked, match="overall, close up, serial label, packaging"):
        actions.ask(line=line, shots=shots, reason="", at=make.NOW, actor=make.agent())
    untouched(line)


def test_nobody_asks_about_what_is_decided() -> None:
    line = make.to_agent()
    actions.refuse(line=ReturnLine.objects.get(pk=line.pk), reason="A fall.", at=make.NOW, actor=make.agent())
    with pytest.raises(IllegalMove):
        actions.ask(line=line, shots=["overall"], reason="", at=make.NOW, actor=make.agent())
    assert not Decision.objects.filter(verb="ask").exists()


def test_a_closed_link_is_replaced_when_we_ask() -> None:
    line = make.to_agent()
    CaptureSession.objects.filter(link__return_case=line.return_case).update(state="closed")
    actions.ask(line=line, shots=["overall"], reason="", at=make.NOW, actor=make.agent())
    assert sorted(
        CaptureSession.objects.filter(link__return_case=line.return_case).values_list("state", flat=True)
    ) == ["closed", "open"]


def test_an_agents_own_question_is_answered_when_the_customer_sends() -> None:
    line = make.to_agent()
    actions.ask(line=line, shots=["overall"], reason="From above.", at=make.NOW, actor=make.agent())
    session = line.return_case.links.get().session
    assert actions.photo_judged(photo=make.photo(session, "packaging"), at=make.NOW, actor=SYSTEM) == 0
    assert actions.photo_judged(photo=make.photo(session, "overall"), at=make.NOW, actor=SYSTEM) == 0
    make.sent_again(line)
    assert actions.verify(return_case=line.return_case, at=make.NOW, actor=SYSTEM) == 2
    line.return_case.refresh_from_db()
    assert line.return_case.waiting_for == "agent"


def test_a_case_is_one_agents_at_a_time() -> None:
    line, ann, bob = make.to_agent(), make.agent(), make.agent(name="Bob")
    case = line.return_case
    actions.take(return_case=case, actor=ann)
    actions.take(return_case=case, actor=ann)
    with pytest.raises(actions.TakenByAnother, match="Ann has taken this case"):
        actions.take(return_case=case, actor=bob)
    with pytest.raises(actions.TakenByAnother):
        actions.release(return_case=case, actor=bob)
    actions.release(return_case=case, actor=make.agent("admin"))
    actions.take(return_case=case, actor=bob)
    case.refresh_from_db()
    assert str(case.owner_id) == bob.id
    assert [line.verb for line in trail(case)][-3:] == ["return.taken", "return.released", "return.taken"]


def test_messages_have_their_audience() -> None:
    case = make.to_agent().return_case
    actions.write_message(return_case=case, body="Check the photo.", audience="staff", actor=make.agent())
    actions.write_message(return_case=case, body="Where is it?", audience="staff", actor=make.CUSTOMER)
    assert list(case.messages.order_by("created_at").values_list("audience", flat=True)) == ["staff", "customer"]
    with pytest.raises(actions.NothingSaid):
        actions.write_message(return_case=case, body=" \x00", audience="customer", actor=make.CUSTOMER)


def test_goods_arrive_once_and_are_disposed_of_once() -> None:
    line = make.to_agent()
    actions.approve(line=line, remedy="refund", reason="", at=make.NOW, actor=make.agent())
    with pytest.raises(NotAllowed):
        actions.receive_goods(line=line, at=make.NOW, actor=make.agent("agent"))
    actions.receive_goods(line=line, at=make.NOW, actor=make.WAREHOUSE)
    actions.receive_goods(line=line, at=make.NOW, actor=make.WAREHOUSE)
    line.return_case.refresh_from_db()
    assert (line.goods, line.return_case.waiting_for) == ("quarantined", "nobody")
    actions.dispose_goods(line=line, at=make.NOW, actor=make.WAREHOUSE)
    assert [each.verb for each in trail(line.return_case)][-2:] == ["line.goods_received", "line.goods_disposed"]
    actions.receive_goods(line=line, at=make.NOW, actor=make.WAREHOUSE)  # another parcel of the same line
    assert line.goods == "quarantined"


def test_goods_may_come_before_the_decision() -> None:
    line = make.to_agent()
    actions.receive_goods(line=line, at=make.NOW, actor=make.WAREHOUSE)
    actions.approve(line=line, remedy="refund", reason="", at=make.NOW, actor=make.agent())
    line.return_case.refresh_from_db()
    assert (line.goods, line.return_case.waiting_for) == ("quarantined", "nobody")
