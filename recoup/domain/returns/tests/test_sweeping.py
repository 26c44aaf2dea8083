"""Every wait has an end."""

from __future__ import annotations

import datetime
from uuid import uuid4

import pytest

from recoup.domain.evidence import actions as evidence
from recoup.domain.evidence.models import CaptureSession
from recoup.domain.returns import actions, sweeping
from recoup.domain.returns.models import Return
from recoup.domain.returns.tests import factories as make
from recoup.foundation.files.models import StoredFile
from recoup.kit.actor import SYSTEM

pytestmark = pytest.mark.django_db
SOON = make.NOW + datetime.timedelta(minutes=11)
MUCH_LATER = make.NOW + datetime.timedelta(days=15)


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


def test_a_customer_who_does_not_answer_leaves_it_to_an_agent() -> None:
    line = make.submitted(shots=("overall",))
    actions.verify(return_case=line.return_case, at=make.NOW, actor=SYSTEM)
    assert sweeping.hand_over_unanswered(now=SOON) == 0
    assert sweeping.hand_over_unanswered(now=MUCH_LATER) == 1
    assert sweeping.hand_over_unanswered(now=MUCH_LATER) == 0
    line.return_case.refresh_from_db()
    assert line.return_case.waiting_for == "agent"
    assert not actions.hand_over(return_case=line.return_case, at=MUCH_LATER, actor=SYSTEM)
