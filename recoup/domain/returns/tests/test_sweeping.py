"""Every wait has an end."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import transaction

from recoup.domain.evidence import actions as evidence
from recoup.domain.evidence.models import CaptureSession
from recoup.domain.returns import actions, invariants, sweeping
from recoup.domain.returns.models import Return, ReturnLine
from recoup.domain.returns.queries import blind_returns, desk_queue
from recoup.domain.returns.tests import factories as make
from recoup.foundation.audit.queries import trail
from recoup.foundation.facts.models import Fact
from recoup.foundation.files.models import StoredFile
from recoup.foundation.jobs.registry import JOBS
from recoup.kit.actor import SYSTEM
from recoup.kit.refusal import NotAllowed

pytestmark = pytest.mark.django_db
SOON = make.NOW + datetime.timedelta(minutes=11)
MUCH_LATER = make.NOW + datetime.timedelta(days=15)
LONG_AFTER = make.NOW + datetime.timedelta(days=60)


def begin_upload(session: CaptureSession, shot: str) -> None:
    """An upload whose first bytes are here and whose last never come."""
    upload = evidence.announce_upload(session=session, client_id=uuid4(), length=100, now=make.NOW, shot=shot)
    StoredFile.objects.filter(pk=upload.file_id).update(offset=10)


def sent_with_an_upload_of(shot: str) -> tuple[Return, str]:
    order_line, kind = make.order_line(), make.defect("overall", "close_up")
    link = make.link(order_line.order)
    make.photo(link.session, "overall")
    begin_upload(link.session, shot)
    if shot != "close_up":
        make.photo(link.session, "close_up")
    choice = actions.Choice(order_line_id=order_line.pk, defect_type=kind.code)
    case = actions.submit(link=link, choice=choice, at=make.NOW, actor=make.CUSTOMER)
    run = actions.verify(return_case=case, at=make.NOW, actor=SYSTEM)
    return case, f"{case.lines.get().decision} after run {run}"


@pytest.mark.parametrize("shot", ["overall", "packaging", ""])
def test_an_abandoned_upload_that_is_not_needed_holds_nothing_up(shot: str) -> None:
    assert sent_with_an_upload_of(shot)[1] == "approved after run 1"


def test_a_needed_photo_on_its_way_is_waited_for_but_not_for_ever() -> None:
    case, said = sent_with_an_upload_of("close_up")
    assert said == "open after run 0"
    assert sweeping.judge_overdue(now=make.NOW) == 0
    assert sweeping.judge_overdue(now=SOON) == 1
    case.refresh_from_db()
    assert case.waiting_for == "customer"
    assert sweeping.judge_overdue(now=MUCH_LATER) == 0


def test_a_photo_that_nobody_could_judge_brings_the_case_to_a_person() -> None:
    line = make.submitted(judged="")
    assert sweeping.judge_overdue(now=SOON) == 1
    line.return_case.refresh_from_db()
    assert line.return_case.waiting_for == "agent"
    assert line.checks.get(code="evidence").sentence.startswith("We are still looking at")


def unanswered() -> ReturnLine:
    line = make.submitted(shots=("overall",))
    actions.verify(return_case=line.return_case, at=make.NOW, actor=SYSTEM)
    return line


def without_order() -> ReturnLine:
    line = make.blind()
    actions.verify(return_case=line.return_case, at=make.NOW, actor=SYSTEM)
    return line


def without_goods() -> ReturnLine:
    line = make.to_agent()
    actions.approve(line=line, remedy="refund", reason="Clear.", at=make.NOW, actor=make.agent())
    return line


def standing(line: ReturnLine) -> tuple[str, datetime.datetime | None]:
    case = Return.objects.get(pk=line.return_case_id)
    return case.waiting_for, case.deadline_at


@pytest.mark.parametrize(
    ("begin", "who", "days", "said"),
    [
        (unanswered, "customer", 14, "The customer has not answered in time; an agent goes on."),
        (without_order, "order", 7, "The order has not come in time; an agent goes on."),
        (without_goods, "goods", 30, "The goods have not come in time; an agent goes on."),
    ],
)
def test_what_does_not_come_in_time_comes_to_an_agent_once(
    begin: Callable[[], ReturnLine], who: str, days: int, said: str
) -> None:
    line, anybody = begin(), make.agent()
    until = make.NOW + datetime.timedelta(days=days)
    assert standing(line) == (who, until)
    assert sweeping.hand_over_overdue(now=until) == 0
    after = until + datetime.timedelta(minutes=1)
    assert [desk_queue(anybody, now=after, drawer=each).total for each in (who, "agent")] == [0, 1]
    assert sweeping.hand_over_overdue(now=after) == 1
    for later in (after, after + datetime.timedelta(days=100)):
        assert sweeping.hand_over_overdue(now=later) == 0
        assert not actions.hand_over(return_case=line.return_case, at=later, actor=SYSTEM)
    assert standing(line) == ("agent", after + datetime.timedelta(days=2))
    assert [each.sentence for each in trail(line.return_case)].count(said) == 1
    assert Fact.objects.filter(name="WaitOverdue").count() == 1
    assert [desk_queue(anybody, now=after, drawer=each).total for each in (who, "agent")] == [0, 1]
    assert not list(invariants.waits_have_an_end())


def test_the_clock_itself_hands_over_every_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    line = without_goods()
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW + datetime.timedelta(days=31))
    sweeping.sweep()
    sweeping.sweep()
    assert standing(line)[0] == "agent" and JOBS["returns.sweep"].cron == "* * * * *"
    assert Fact.objects.filter(name="WaitOverdue").count() == 1


@pytest.mark.parametrize(("begin", "who", "days"), [(without_order, "order", 7), (without_goods, "goods", 30)])
def test_an_agent_may_wait_longer_and_it_comes_back(begin: Callable[[], ReturnLine], who: str, days: int) -> None:
    line, ann = begin(), make.agent()
    case = line.return_case
    with pytest.raises(actions.NothingToWaitFor), transaction.atomic():  # it is not overdue yet
        actions.wait_longer(return_case=case, at=make.NOW, actor=ann)
    assert sweeping.hand_over_overdue(now=LONG_AFTER) == 1
    with pytest.raises(NotAllowed), transaction.atomic():
        actions.wait_longer(return_case=case, at=LONG_AFTER, actor=make.WAREHOUSE)
    assert standing(line)[0] == "agent"
    actions.wait_longer(return_case=case, at=LONG_AFTER, actor=ann)
    until = LONG_AFTER + datetime.timedelta(days=days)
    assert standing(line) == (who, until)
    assert trail(case)[-1].sentence == f"Ann waits on for the {who}, until {until.date()}."
    assert sweeping.hand_over_overdue(now=until + datetime.timedelta(minutes=1)) == 1


def test_what_waits_for_a_decision_is_not_waited_on() -> None:
    line = make.to_agent()
    with pytest.raises(actions.NothingToWaitFor), transaction.atomic():
        actions.wait_longer(return_case=line.return_case, at=make.NOW, actor=make.agent())
    assert standing(line)[0] == "agent"


def test_goods_that_come_late_leave_nothing_to_do() -> None:
    line = without_goods()
    sweeping.hand_over_overdue(now=LONG_AFTER)
    actions.receive_goods(line=ReturnLine.objects.get(pk=line.pk), at=LONG_AFTER, actor=make.WAREHOUSE)
    assert standing(line) == ("nobody", None)


def test_what_did_not_work_stays_with_the_agent_when_the_goods_come() -> None:
    line = without_goods()
    actions.fail_remedy(remedy=line.remedies.get(), why="no", at=make.NOW, actor=SYSTEM)
    assert sweeping.hand_over_overdue(now=LONG_AFTER) == 0
    actions.receive_goods(line=ReturnLine.objects.get(pk=line.pk), at=LONG_AFTER, actor=make.WAREHOUSE)
    assert standing(line)[0] == "agent"


def test_an_order_that_comes_late_wakes_the_return_all_the_same_and_is_told_once() -> None:
    line = without_order()
    sweeping.hand_over_overdue(now=LONG_AFTER)
    order = make.order(number="#1001")
    assert [case.pk for case in blind_returns(number=order.number)] == [line.return_case_id]
    for _ in range(2):
        actions.order_found(return_case=line.return_case, order=order, at=LONG_AFTER, actor=SYSTEM)
    assert [each.verb for each in trail(line.return_case)].count("return.order_found") == 1
    only = make.order_line(order)
    actions.attach_order(
        return_case=line.return_case, order=order, lines={line.pk: only}, how="number", at=LONG_AFTER, actor=SYSTEM
    )
    assert standing(line)[0] == "nobody"
