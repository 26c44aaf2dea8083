"""What pages show: the phone, the status, the queue, the case, search; who may see it, and with how few queries."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from recoup.domain.returns import actions, queries
from recoup.domain.returns.models import CaptureLink, Return, ReturnLine
from recoup.domain.returns.tests import factories as make
from recoup.foundation.accounts import actions as accounts
from recoup.foundation.accounts.queries import LinkExpired
from recoup.kit.actor import SYSTEM
from recoup.kit.refusal import NotAllowed, NotFound

pytestmark = pytest.mark.django_db
MOST = 15  # queries a page


def verified(line: ReturnLine) -> ReturnLine:
    actions.verify(return_case=line.return_case, at=make.NOW, actor=SYSTEM)
    line.refresh_from_db()
    return line


# --- the phone ----------------------------------------------------------------------------------


def test_a_link_lets_its_customer_in_and_nobody_else() -> None:
    order = make.order()
    link, secret = make.link(order, secret=True)
    seen = queries.access_capture(secret, make.NOW)
    assert seen.link == link and seen.actor.kind == "customer"
    for wrong in ("x", secret[:-1], "é", ""):
        with pytest.raises(NotFound):
            queries.access_capture(wrong, make.NOW)
    with pytest.raises(LinkExpired):
        queries.access_capture(secret, make.LATER)
    accounts.revoke_links(purpose="capture", subject_id=link.session_id, actor=SYSTEM)
    with pytest.raises(NotFound):
        queries.access_capture(secret, make.NOW)


def test_the_phone_says_what_is_missing_until_nothing_is() -> None:
    line, kind = make.order_line(serial="K17-000001"), make.defect()
    other = make.order_line(line.order, quantity=1)
    link = make.link(line.order)
    page = queries.capture_page(link)
    assert (page.stage, page.missing, page.takes_photos) == (
        "choosing",
        ["Choose the item.", "Say what is wrong."],
        True,
    )
    assert [(item.title, item.bought, item.left, item.has_serial) for item in page.items] == [
        (line.title, 2, 2, True), (other.title, 1, 1, False),
    ]  # fmt: skip
    actions.choose(
        link=link, draft={"order_line_id": str(line.pk), "defect_type": kind.code}, at=make.NOW, actor=make.CUSTOMER
    )
    assert queries.capture_page(link).missing == ["Take the overall photo.", "Take the close-up photo."]
    make.photo(link.session, "overall", judged="retake")
    make.photo(link.session, "close_up")
    make.photo(link.session, "")
    page = queries.capture_page(link)
    assert page.missing == ["Take the overall photo again."] and page.chosen is not None
    assert [(shot.shot, shot.standing, shot.instruction) for shot in page.chosen.shots] == [
        ("overall", "retake", "Show the overall."), ("close_up", "good", "Show the close_up."),
    ]  # fmt: skip
    assert page.chosen.shots[0].photos[0].sentence == "A bit blurred. Hold still." and len(page.more) == 1
    make.photo(link.session, "overall")
    assert queries.capture_page(link).missing == []


def test_what_cannot_come_back_is_never_picked() -> None:
    gone, left = make.order_line(quantity=1), make.order_line(quantity=1)
    type(left).objects.filter(pk=left.pk).update(order=gone.order, position=2)
    link = make.link(gone.order)
    actions.choose(link=link, draft={"order_line_id": str(gone.pk)}, at=make.NOW, actor=make.CUSTOMER)
    assert queries.capture_page(link).picked == gone.pk
    first = make.submitted(gone)
    page = queries.capture_page(link)
    assert (page.picked, page.nothing_left) == (left.pk, False)
    make.submitted(type(left).objects.get(pk=left.pk))
    page = queries.capture_page(link)
    assert (page.picked, page.nothing_left) == (None, True)
    number, sentence = first.return_case.number, "We have your photos and are looking at them."
    assert queries.earlier_returns(link)[0] == queries.Earlier(number, sentence)
    actions.cancel(line=first, reason="", at=make.NOW, actor=make.CUSTOMER)
    assert queries.capture_page(link).picked == gone.pk and len(queries.earlier_returns(link)) == 1


def test_what_is_asked_for_later_is_all_the_phone_asks() -> None:
    line = make.to_agent()
    actions.ask(line=line, shots=["overall"], reason="From above, please.", at=make.NOW, actor=make.agent())
    link = line.return_case.links.get()
    page = queries.capture_page(link)
    assert (page.stage, page.asked_because) == ("asked", "From above, please.") and page.chosen is not None
    assert [(shot.shot, shot.standing) for shot in page.chosen.shots] == [("overall", "missing")]
    assert page.missing == ["Take the overall photo."] and page.items == []


def test_the_phone_needs_few_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    line = make.order_line()
    link = make.link(line.order)
    for _ in range(3):
        make.photo(link.session, "overall")
        make.order_line(line.order)
    fresh = CaptureLink.objects.select_related("order", "session", "return_case").get(pk=link.pk)
    with django_assert_max_num_queries(MOST + 4):  # two for each of the order's lines
        queries.capture_page(fresh)


# --- the status ----------------------------------------------------------------------------------


def status(line: ReturnLine) -> queries.StatusPage:
    link = line.return_case.links.select_related("session").order_by("created_at")[0]
    return queries.status_page(link)


def test_before_it_is_sent_there_is_no_status() -> None:
    with pytest.raises(NotFound):
        queries.status_page(make.link(make.order()))


def test_the_customer_reads_one_word_after_another() -> None:
    line = make.submitted(shots=("overall",))
    assert status(line).word == "looking"
    page = status(verified(line))
    assert (page.word, [shot.shot for shot in page.needed]) == ("need_more", ["close_up"])
    assert page.answer_by == make.NOW + datetime.timedelta(days=14)
    make.photo(line.return_case.links.get().session, "close_up")
    actions.submit(link=line.return_case.links.get(), choice=actions.Choice(None, ""), at=make.NOW, actor=make.CUSTOMER)
    page = status(verified(line))
    assert page.word == "send_back" and page.rma_number.startswith("RMA-") and str(page.lines[0].amount) == "49.90 EUR"
    actions.post_remedy(remedy=line.remedies.get(), at=make.NOW, actor=SYSTEM)
    actions.receive_goods(line=line, at=make.NOW, actor=make.WAREHOUSE)
    page = status(line)
    assert page.word == "received" and [step.code for step in page.steps if not step.done] == ["money"]
    actions.mark_paid(
        remedy=line.remedies.get(), reference="B-1", paid_on=make.NOW.date(), at=make.NOW, actor=make.agent("finance")
    )
    page = status(line)
    assert page.word == "money_sent" and all(step.done for step in page.steps)
    assert [step.code for step in page.steps] == ["received", "checked", "decided", "label", "goods", "money"]
    assert [note.words for note in page.steps[1].notes] == ["We asked for another photo"]


def test_a_refusal_says_why_and_how_to_appeal() -> None:
    line = make.to_agent()
    actions.refuse(line=line, reason="The damage is from a fall.", at=make.NOW, actor=make.agent())
    page = status(line)
    assert (page.word, page.lines[0].why, page.lines[0].may_appeal) == ("refused", "The damage is from a fall.", True)
    assert [step.words for step in page.steps] == ["We have your return", "Photos checked", "Not approved"]
    assert all(step.done for step in page.steps)


def standing(line: ReturnLine) -> list[str]:
    """'+' for what is done, '>' with what is next, '.' for what lies ahead."""
    marks = [f"> {step.waits}" if step.next else "+" if step.done else "." for step in status(line).steps]
    return [f"{mark} {step.words}" for mark, step in zip(marks, status(line).steps, strict=True)]


def test_the_six_steps_are_there_from_the_first_moment() -> None:
    line = make.submitted(shots=("overall",))
    ahead = [". RMA number and label", ". Item received", ". Money sent"]
    assert standing(line) == ["+ We have your return", "> next: we look at it Photos checked", ". Our answer", *ahead]
    verified(line)
    assert standing(line)[1] == "> next: your photo Photos checked"
    line = make.to_agent()
    assert standing(line)[1:3] == ["+ Photos checked", "> next: we look at it Our answer"]
    actions.approve(line=line, remedy="refund", reason="", at=make.NOW, actor=make.agent())
    assert standing(line)[2:] == [
        "+ Approved", "+ RMA number and label", "> next: your parcel Item received", ". Money sent",
    ]  # fmt: skip


def test_what_need_not_come_back_is_not_waited_for() -> None:
    line = make.to_agent()
    actions.approve(line=line, remedy="store_credit", reason="", at=make.NOW, actor=make.agent(), goods_back=False)
    assert standing(line)[3:] == ["+ RMA number", "+ Nothing to send back", "> next: we send it Store credit given"]


def test_a_blind_return_waits_for_its_order() -> None:
    assert "> next: we look for your order Photos checked" in standing(verified(make.blind()))


def test_a_cancelled_return_ends_there() -> None:
    line = make.submitted()
    actions.cancel(line=line, reason="", at=make.NOW, actor=make.CUSTOMER)
    assert standing(line) == ["+ We have your return", "+ Cancelled"]


def test_what_was_taken_back_stands_beneath_its_step() -> None:
    line = make.to_agent()
    actions.refuse(line=line, reason="A fall.", at=make.NOW, actor=make.agent())
    actions.appeal(line=line, words="It was not.", at=make.NOW, actor=make.CUSTOMER)
    answer = status(line).steps[2]
    assert [note.words for note in answer.notes] == ["Not approved", "You asked us to look again"] and not answer.done
    actions.ask(line=line, shots=["overall"], reason="", at=make.NOW, actor=make.agent())
    checked = status(line).steps[1]
    assert checked.waits == "next: your photo" and [note.words for note in checked.notes] == [
        "We asked for another photo"
    ]


def test_the_customer_never_reads_what_staff_write_to_each_other() -> None:
    line = make.to_agent()
    actions.write_message(return_case=line.return_case, body="Looks odd.", audience="staff", actor=make.agent())
    actions.write_message(return_case=line.return_case, body="Thank you.", audience="customer", actor=make.agent())
    assert [message.body for message in status(line).messages] == ["Thank you."]


def test_a_blind_return_says_that_we_look_for_the_order() -> None:
    assert status(verified(make.blind())).word == "order_wanted"


# --- the desk --------------------------------------------------------------------------------------


def test_the_queue_shows_what_waits_most_pressing_first(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    plain, urgent = make.to_agent(), make.to_agent()
    Return.objects.filter(pk=urgent.return_case_id).update(priority=1)
    verified(make.submitted())
    make.blind()
    ann = make.agent()
    actions.take(return_case=urgent.return_case, actor=ann)
    with django_assert_max_num_queries(MOST):
        queue = queries.desk_queue(ann, now=make.NOW)
    assert [row.number for row in queue.rows] == [urgent.return_case.number, plain.return_case.number]
    row = queue.rows[0]
    assert (row.customer, row.defect, row.proposed, str(row.value)) == (
        "Cora Customer",
        "It is cracked",
        "Needs a person",
        "49.90 EUR",
    )
    assert (row.mine, row.owner, row.overdue, row.because) == (True, "Ann", False, "Something is not clear.")
    assert queue.counts["agent"] == 2 and queue.counts["goods"] == 1 and queue.counts["all"] == 4
    assert [row.number for row in queries.desk_queue(ann, now=make.NOW, mine=True).rows] == [urgent.return_case.number]


def test_what_should_have_moved_by_itself_comes_to_a_person() -> None:
    stuck = make.submitted(judged="")
    assert queries.desk_queue(make.agent(), now=make.NOW).total == 0
    later = make.NOW + datetime.timedelta(minutes=11)
    row = queries.desk_queue(make.agent(), now=later).rows[0]
    assert (row.number, row.overdue, row.proposed) == (stuck.return_case.number, True, "Not checked yet")


def test_the_queue_filters() -> None:
    line = make.to_agent()
    make.to_agent()
    ann = make.agent()
    assert line.order_line is not None
    by_defect = queries.desk_queue(ann, now=make.NOW, defect=line.defect_type.code)
    by_sku = queries.desk_queue(ann, now=make.NOW, sku=line.order_line.sku)
    for found in (by_defect, by_sku):
        assert [row.number for row in found.rows] == [line.return_case.number] and found.total == 1
    assert queries.desk_queue(ann, now=make.NOW, drawer="customer").total == 0
    assert queries.desk_queue(ann, now=make.NOW, limit=1, offset=1).total == 2


def test_the_case_lays_everything_out(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    order_line = make.order_line(serial="K17-000001")
    earlier = make.submitted(order_line, serial="K17-000001")
    actions.refuse(line=earlier, reason="A fall.", at=make.NOW, actor=make.agent())
    kind = earlier.defect_type
    link = make.link(order_line.order)
    for shot in ("overall", "close_up", "serial_label"):
        make.photo(link.session, shot, codes=("K17-000001",))
    choice = actions.Choice(order_line_id=order_line.pk, defect_type=kind.code, serial="K17-000002")
    line = verified(actions.submit(link=link, choice=choice, at=make.NOW, actor=make.CUSTOMER).lines.get())
    actions.write_message(return_case=line.return_case, body="Typed wrongly?", audience="staff", actor=make.agent())
    ann = make.agent()
    with django_assert_max_num_queries(MOST + 6):
        page = queries.case_page(ann, line.return_case.number, now=make.NOW)
    seen = page.lines[0]
    assert page.customer_email == "cora@example.com" and page.customer_orders == 1 and page.customer_returns == 2
    assert [(photo.shot, photo.codes) for photo in seen.photos] == [
        ("overall", [("Code128", "K17-000001")]), ("close_up", [("Code128", "K17-000001")]),
        ("serial_label", [("Code128", "K17-000001")]),
    ]  # fmt: skip
    assert {check.code: check.result for check in seen.checks}["serial"] == "unsure"
    assert seen.proposal is not None and (seen.proposal.then, seen.proposal.policy_row) == ("agent", 11)
    assert (seen.similar.cases, seen.similar.refused, seen.similar.recent) == (
        1,
        1,
        [(earlier.return_case.number, "refused")],
    )
    assert seen.money is not None and [str(seen.money.worth), str(seen.money.left_after)] == ["49.90 EUR", "49.90 EUR"]
    assert list(seen.keys) == ["approve", "ask", "refuse", "cancel"]
    sentences = [event.sentence for event in page.timeline]
    assert "Photo 1 will do." in sentences and "Recoup checked the return (run 1, policy version 1)." in sentences
    assert page.timeline[-1].body == "Typed wrongly?" and page.timeline[-1].audience == "staff"


def test_each_role_sees_the_case_and_only_agents_have_keys() -> None:
    number = make.to_agent().return_case.number
    for role in ("quality", "finance", "buyer", "warehouse"):
        assert list(queries.case_page(make.agent(role), number, now=make.NOW).lines[0].keys) == []
    assert queries.case_page(make.agent("admin"), number, now=make.NOW).lines[0].keys
    with pytest.raises(NotAllowed):
        queries.case_page(make.CUSTOMER, number, now=make.NOW)
    with pytest.raises(NotFound):
        queries.case_page(make.agent(), "R-NONE-SUCH", now=make.NOW)


def test_a_second_run_shows_what_changed() -> None:
    line = make.to_agent()
    assert line.order_line is not None
    type(line.order_line.product).objects.update(warranty_plan="legal")
    verified(line)
    seen = queries.case_page(make.agent(), line.return_case.number, now=make.NOW).lines[0]
    assert (seen.run, seen.changed) == (2, [("warranty", "unsure", "pass")]) and seen.keys == []


def test_a_blind_case_shows_orders_that_fit_and_cannot_be_approved() -> None:
    order_line = make.order_line()
    line = verified(make.blind(number=order_line.order.number))
    page = queries.case_page(make.agent(), line.return_case.number, now=make.NOW)
    assert page.candidates == [order_line.order] and page.order is None
    assert list(page.lines[0].keys) == ["ask", "refuse", "cancel", "attach"]


def test_remedies_have_keys_of_their_own() -> None:
    line = make.to_agent()
    actions.approve(line=line, remedy="replacement", reason="", at=make.NOW, actor=make.agent())
    actions.post_remedy(remedy=line.remedies.get(), at=make.NOW, actor=SYSTEM)

    def keys(*roles: str) -> Any:
        return queries.case_page(make.agent(*roles), line.return_case.number, now=make.NOW).lines[0].remedies[0].keys

    assert keys("agent") == ["fulfil"] and keys("warehouse") == ["fulfil"] and keys("finance") == []


def test_a_refund_leads_finance_to_where_it_is_paid() -> None:
    line = verified(make.submitted())
    actions.post_remedy(remedy=line.remedies.get(), at=make.NOW, actor=SYSTEM)

    def remedy(*roles: str) -> Any:
        return queries.case_page(make.agent(*roles), line.return_case.number, now=make.NOW).lines[0].remedies[0]

    assert (remedy("finance").keys, remedy("agent").keys, remedy("agent").word) == (["pay"], [], "to be paid")
