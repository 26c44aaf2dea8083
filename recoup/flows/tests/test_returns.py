"""From the last photo's verdict to the letter in the outbox, by itself: facts, flows and jobs together."""

from __future__ import annotations

import pytest

from recoup.domain.claims.models import ClaimLine
from recoup.domain.evidence import actions as evidence
from recoup.domain.ledger.models import CreditLimit, CreditMemo
from recoup.domain.orders.facts import OrderAccepted
from recoup.domain.orders.models import OrderLine
from recoup.domain.returns import actions, invariants, queries
from recoup.domain.returns.models import Remedy, Return, ReturnLine
from recoup.domain.returns.tests import factories as make
from recoup.domain.warehouse import actions as warehouse
from recoup.foundation.accounts.queries import access_link
from recoup.foundation.facts import actions as facts
from recoup.foundation.facts.models import Done
from recoup.foundation.jobs.queries import dead_letters
from recoup.foundation.jobs.worker import drain
from recoup.foundation.notices.models import Notice

pytestmark = pytest.mark.django_db


def letters() -> list[tuple[str, str]]:
    """(audience, template), in the order they were written."""
    return [
        (each.audience, each.template.removeprefix("returns.")) for each in Notice.objects.order_by("created_at", "id")
    ]


def settled(line: ReturnLine) -> ReturnLine:
    drain()
    line.refresh_from_db()
    line.return_case.refresh_from_db()
    assert not dead_letters() and not [found for _, check in invariants.PROMISES for found in check()]
    return line


def test_a_clear_case_runs_from_photo_to_what_finance_has_to_pay_without_a_person() -> None:
    make.agent("warehouse")
    line = make.submitted(judged="")
    for tie in line.photos.all():
        make.judge(tie.photo)
    settled(line)
    assert line.decision == "approved" and line.remedies.get().state == "posted" and CreditMemo.objects.count() == 1
    assert sorted(letters()) == [("customer", "approved"), ("customer", "received"), ("logistics", "goods_announced")]
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}


def test_the_letters_say_what_happened_and_lead_to_the_customers_page(mailoutbox: list) -> None:  # type: ignore[type-arg]
    line = settled(make.submitted())
    by_subject = {mail.subject: mail.body for mail in mailoutbox}
    number, rma = line.return_case.number, line.return_case.rma_number
    approved = by_subject[f"Your return {number} is approved"]
    assert (
        "49.90 EUR will be paid back the way you paid." in approved
        and f"Your RMA number is {rma}." in approved
        and "within 30 days" in approved
    )
    assert not [subject for subject, body in by_subject.items() if "sent" in subject or "CM-" in body]
    secret = next(word for word in approved.split() if "/c/" in word).rstrip("/").rpartition("/")[2]
    link = line.return_case.links.get()
    assert access_link(purpose="capture", secret=secret, now=make.NOW).subject_id == link.session_id
    assert secret not in Notice.objects.get(template="returns.approved").body_text


def test_money_sent_is_written_when_finance_says_so_and_once(mailoutbox: list) -> None:  # type: ignore[type-arg]
    line = settled(make.submitted())
    remedy, sofia = queries.remedy_of(line.remedies.get().pk), make.agent("finance")
    about = {"reference": "BANK-7", "paid_on": make.NOW.date(), "at": make.NOW, "actor": sofia}
    actions.mark_paid(remedy=remedy, **about)  # type: ignore[arg-type]  # a dict of several types
    settled(line)
    with pytest.raises(actions.PaidAlready):
        actions.mark_paid(remedy=remedy, **about)  # type: ignore[arg-type]  # the same again
    settled(line)
    [sent] = [mail for mail in mailoutbox if mail.subject == "We have sent you 49.90 EUR"]
    assert "on 1 June 2025, the way you paid" in sent.body and "reference is BANK-7" in sent.body
    assert f"The credit memo has the number {remedy.memo}." in sent.body
    assert letters().count(("customer", "money_sent")) == 1


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_each_remedy_is_written_when_the_customer_has_it(mailoutbox: list, language: str) -> None:  # type: ignore[type-arg]
    ann, said = make.agent(), {}
    for kind in ("refund", "store_credit", "replacement"):
        line = make.submitted()
        line.return_case.links.get().session.__class__.objects.update(language=language)
        actions.approve(line=line, remedy=kind, reason="r", at=make.NOW, actor=ann)
        settled(line)
        said[kind] = [mail.body for mail in mailoutbox if line.return_case.number in mail.body]
    code = Remedy.objects.get(kind="store_credit").instruction["code"]
    assert [sum(code in body for body in bodies) for bodies in said.values()] == [0, 1, 0]
    replacement = Remedy.objects.get(kind="replacement")
    actions.fulfil(remedy=replacement, note="DHL 77", actor=ann)
    settled(replacement.line)
    assert "DHL 77" in mailoutbox[-1].body and letters().count(("customer", "money_sent")) == 2


def test_a_missing_photo_is_asked_for_in_the_customers_language(mailoutbox: list) -> None:  # type: ignore[type-arg]
    order_line, kind = make.order_line(), make.defect()
    link, _ = actions.open_link(order=order_line.order, language="de", expires_at=make.LATER, actor=make.CUSTOMER)
    make.photo(link.session, "overall")
    choice = actions.Choice(order_line_id=order_line.pk, defect_type=kind.code)
    line = actions.submit(link=link, choice=choice, at=make.NOW, actor=make.CUSTOMER).lines.get()
    settled(line)
    asked = next(mail for mail in mailoutbox if mail.subject.startswith("Bitte noch ein Foto"))
    assert "- die Stelle aus der Nähe: Show the close_up." in asked.body and "das ganze Gerät" not in asked.body
    make.photo(link.session, "close_up")
    make.sent_again(line)
    assert settled(line).decision == "approved"


def test_sent_anyway_reaches_an_agent_by_itself() -> None:
    line = make.submitted(shots=("overall",), of_defect=make.defect("overall"), judged="retake")
    settled(line)
    session = line.return_case.links.get().session
    again = make.photo(session, "overall", judged="retake")
    drain()
    evidence.send_anyway(photo=again, actor=make.CUSTOMER)
    make.sent_again(line)
    settled(line)
    assert line.return_case.waiting_for == "agent"


def test_a_refusal_tells_why(mailoutbox: list) -> None:  # type: ignore[type-arg]
    line = make.to_agent()
    actions.refuse(line=line, reason="The damage is from a fall.", at=make.NOW, actor=make.agent())
    settled(line)
    refused = next(mail for mail in mailoutbox if mail.subject.startswith("About your return"))
    assert (
        "The damage is from a fall." in refused.body
        and "A person will look at it again, and asks you for another photo" in refused.body
    )


def test_what_cannot_be_paid_waits_for_a_person_and_no_job_dies() -> None:
    line = make.submitted()
    assert line.order_line is not None
    CreditLimit.objects.create(line_id=line.order_line.pk, currency="EUR", paid_minor=9980, credited_minor=9980)
    settled(line)
    assert line.remedies.get().state == "errored" and line.return_case.waiting_for == "agent"
    assert ("customer", "money_sent") not in letters()


def test_a_flow_that_runs_twice_has_one_effect() -> None:
    line = settled(make.submitted())
    before = (letters(), CreditMemo.objects.count(), Done.objects.count())
    from recoup.foundation.jobs import actions as jobs

    for done in Done.objects.select_related("fact"):
        jobs.defer("facts.run_flow", queue="flows", fact_id=str(done.fact_id), fact_name=done.fact.name, flow=done.flow)
    settled(line)
    assert (letters(), CreditMemo.objects.count(), Done.objects.count()) == before


def test_an_accepted_order_wakes_the_returns_that_wait_for_it() -> None:
    line = make.blind(number="2001")
    settled(line)
    assert line.return_case.waiting_for == "order"
    order_line = make.order_line(make.order(number="#2001"))
    facts.tell(OrderAccepted(order_id=order_line.order_id))
    settled(line)
    assert line.order_line == order_line and line.decision == "open" and line.return_case.waiting_for == "agent"
    assert line.checks.get(run=2, code="identity").result == "unsure"


def test_what_the_shop_gave_back_meanwhile_is_seen_by_the_checks_of_an_open_return() -> None:
    line = make.to_agent()
    assert line.decision == "open"
    order = line.return_case.order
    assert order
    OrderLine.objects.filter(order=order).update(refunded_minor=9980, refunded_quantity=2)
    facts.tell(OrderAccepted(order_id=order.pk))
    settled(line)
    last = line.checks.filter(code="quantity").order_by("-run").first()
    assert last and (last.result, "2 refunded by the shop" in last.sentence) == ("fail", True)


def test_an_order_of_several_items_wakes_a_person() -> None:
    line = make.blind(number="#2002")
    settled(line)
    order = make.order(number="#2002")
    make.order_line(order), make.order_line(order)
    facts.tell(OrderAccepted(order_id=order.pk))
    settled(line)
    assert line.order_line is None and line.return_case.waiting_for == "agent"


def test_goods_that_arrive_are_confirmed_to_the_customer() -> None:
    line = settled(make.submitted())
    site = warehouse.open_site(code="main", name="Main", actor=make.WAREHOUSE)
    warehouse.receive(line=line, site=site, quantity=1, grade="D", at=make.NOW, actor=make.WAREHOUSE)
    settled(line)
    assert ("customer", "goods_received") in letters() and line.return_case.waiting_for == "nobody"


def test_a_return_without_a_known_supplier_joins_no_claim() -> None:
    settled(make.submitted())
    assert not ClaimLine.objects.exists() and Return.objects.count() == 1
