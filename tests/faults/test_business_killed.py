"""Real workers killed with -9 at each step of the flows that make verdicts, decisions, money, claims and packets."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from recoup.domain.claims import actions as claim_actions
from recoup.domain.claims.models import Claim, ClaimLine, Packet
from recoup.domain.claims.tests import factories as claims
from recoup.domain.evidence.models import CaptureSession, Photo, RedactedCopy
from recoup.domain.evidence.tests import factories as evidence
from recoup.domain.ledger.models import CreditMemo, MemoDocument
from recoup.domain.returns import actions as returns
from recoup.domain.returns.actions import Choice
from recoup.domain.returns.models import Return, ReturnLine
from recoup.domain.returns.tests import factories as make
from recoup.foundation.accounts import queries as accounts
from recoup.foundation.audit import queries as audit
from recoup.foundation.facts.models import Done, Fact
from recoup.foundation.files import actions as files
from recoup.foundation.jobs import queries as jobs
from recoup.foundation.jobs.worker import drain
from recoup.foundation.notices import queries as notices
from recoup.kit import ids
from recoup.kit.actor import SYSTEM
from recoup.vision.tests import pictures
from tests.faults.company import Source, bought
from tests.faults.doomed import POINTS
from tests.faults.processes import Part, broken_promises, environment, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.usefixtures("store", "today")]
AT_ONCE = tuple(point for point in POINTS if point != "looked")  # of a flow that does not look first


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers live now, so the company of the factories does too."""
    now = timezone.now()
    for module, name, days in ((make, "NOW", 0), (make, "LATER", 30), (claims, "NOW", 0), (claims, "SOON", 14)):
        monkeypatch.setattr(module, name, now + datetime.timedelta(days=days))


@dataclass(frozen=True)
class Doom:
    """One thing that happened, and the flow that dies over it: in ``flow``, at ``point``."""

    flow: str
    point: str
    fact: Fact
    subject: Any

    @property
    def key(self) -> str:
        return f"{self.fact.pk}/{self.flow}"


# Each scenario prepares everything, gives way (jobs so far are done), and then lets the thing happen.
Scenario = Iterator[list[Doom]]


def photos_arrive() -> Scenario:
    sessions = [evidence.session() for _ in POINTS]
    yield []
    data = pictures.packed(pictures.scene())
    photos = [evidence.photo(each, "overall", data) for each in sessions]
    yield _doomed("judge_photo", POINTS, "PhotoArrived", "photo_id", photos)


def returns_are_sent() -> Scenario:
    ready = [_photographed(bought(None)[0]) for _ in AT_ONCE]
    yield []
    cases = [send() for send in ready]
    yield _doomed("verify_submitted", AT_ONCE, "ReturnSubmitted", "return_id", cases)


def agents_approve() -> Scenario:
    lines = [make.to_agent(*bought(make.product(warranty_plan=""))) for _ in AT_ONCE]
    agent = make.agent()
    yield []
    for line in lines:
        returns.approve(line=line, remedy="refund", reason="Clear.", at=timezone.now(), actor=agent)
    yield _doomed("pay_customer", AT_ONCE, "ReturnLineApproved", "line_id", lines)


def claims_open() -> Scenario:
    agent, found = make.agent(), []
    ready = [_photographed((source := Source()).sold(), of=source, shoot=_real_photo) for _ in POINTS]
    drain()
    for send in ready:
        line = send().lines.get()
        ReturnLine.objects.filter(pk=line.pk).update(batch=line.order_line.batch, batch_how="scanned")
        found.append(line)
    yield []
    for line in found:
        line.refresh_from_db()
        if line.decision == "open":
            returns.approve(line=line, remedy="refund", reason="Clear.", at=timezone.now(), actor=agent)
    opened = [claim_actions.gather(return_line=line, at=timezone.now(), actor=SYSTEM) for line in found]
    yield _doomed("redact_photos", POINTS, "ClaimOpened", "claim_id", opened)


def claims_are_approved() -> Scenario:
    ready, buyer = [claims.ready(Source(), lines=1) for _ in POINTS], claims.buyer()
    yield []
    for claim in ready:
        claim_actions.approve(claim=claim, boundary=claims.boundary(claim), at=timezone.now(), actor=buyer)
    yield _doomed("build_packet_and_send", POINTS, "ClaimApproved", "claim_id", ready)


def _doomed(flow: str, points: tuple[str, ...], fact: str, field: str, subjects: list[Any]) -> list[Doom]:
    told = [Fact.objects.get(name=fact, **{f"body__{field}": str(each.pk)}) for each in subjects]
    return [Doom(flow, *each) for each in zip(points, told, subjects, strict=True)]


def _photographed(
    line: Any, *, of: Source | None = None, shoot: Callable[[CaptureSession, str], Any] = make.photo
) -> Callable[[], Any]:
    """A customer whose photos are here and judged, about to press “send”."""
    link, defect = make.link(line.order), of.defect if of else make.defect()
    for shot in of.shots if of else ("overall", "close_up"):
        shoot(link.session, shot)
    choice = Choice(order_line_id=line.pk, defect_type=defect.code, quantity=1, words="It leaks.")
    return partial(returns.submit, link=link, choice=choice, at=timezone.now(), actor=make.CUSTOMER)


def _real_photo(session: CaptureSession, shot: str) -> None:
    """A photo that decodes, small, judged already."""
    data = claims.jpeg(session.pk.int % 250) + ids.new().bytes  # no other customer's photo
    file = files.store(data=data, key=session.key, purpose="photo", media_type="image/jpeg", retention="original")
    photo = Photo.objects.create(
        session=session, client_id=ids.new(), file=file, sha256=file.sha256, shot=shot, position=1
    )
    make.judge(photo)


def photo_is_judged_once(photo: Photo) -> None:
    photo.refresh_from_db()
    assert photo.state == "accepted"
    assert photo.verdicts.filter(source="server").count() == 1
    assert sorted(photo.views.values_list("kind", flat=True)) == ["screen", "thumb"]
    assert [line.verb for line in audit.trail(photo)] == ["photo.arrived", "photo.accepted"]
    assert Fact.objects.filter(name="PhotoJudged", body__photo_id=str(photo.pk)).count() == 1


def case_is_decided_and_paid_once(case: Any) -> None:
    line = case if isinstance(case, ReturnLine) else case.lines.get()
    case = line.return_case
    case.refresh_from_db()
    assert line.decisions.filter(verb="approve").count() == 1
    remedy = line.remedies.get()
    assert (remedy.state, case.rma_number != "") == ("posted", True)
    assert CreditMemo.objects.get(rma_number=case.rma_number) == remedy.memo
    assert MemoDocument.objects.filter(memo=remedy.memo).count() == 1
    letters = [notice.template for notice in notices.sent_about(case)]
    assert len(letters) == len(set(letters)) >= 3
    verbs = [line.verb for line in audit.trail(case)]
    assert (verbs.count("line.approved"), verbs.count("remedy.posted")) == (1, 1)


def claim_has_one_line_and_one_copy_of_each_photo(claim: Claim) -> None:
    line = ClaimLine.objects.get(claim=claim)
    copies = RedactedCopy.objects.filter(photo__lines__line=line.return_line)
    assert [(copy.version, copy.state) for copy in copies] == [(1, "proposed")]
    proposed = Fact.objects.filter(name="RedactionProposed", body__copy_id=str(copies.get().pk))
    assert proposed.count() == 1


def packet_left_once(claim: Claim) -> None:
    claim.refresh_from_db()
    packet = Packet.objects.get(claim=claim)
    assert (claim.state, packet.number, packet.sent_at is not None) == ("sent", 1, True)
    assert len(accounts.live_links(purpose="supplier", subject_id=packet.pk, now=timezone.now())) == 1
    letters = [notice for notice in notices.sent_about(claim) if notice.audience == "supplier"]
    assert [letter.state for letter in letters] == ["sent"]
    verbs = [line.verb for line in audit.trail(claim)]
    assert (verbs.count("claim.packet_built"), verbs.count("claim.sent")) == (1, 1)


def case_verified_itself_once(case: Return) -> None:
    assert set(case.lines.get().checks.values_list("run", flat=True)) == {1}
    case_is_decided_and_paid_once(case)


AFTERWARDS: dict[str, Callable[[Any], None]] = {
    "judge_photo": photo_is_judged_once,
    "verify_submitted": case_verified_itself_once,
    "pay_customer": case_is_decided_and_paid_once,
    "redact_photos": claim_has_one_line_and_one_copy_of_each_photo,
    "build_packet_and_send": packet_left_once,
}


def happen(*scenarios: Scenario) -> list[Doom]:
    """Prepare all, finish what that left to do, and only then let everything happen."""
    for each in scenarios:
        next(each)
    drain()
    return [doom for each in scenarios for doom in next(each)]


def test_a_worker_killed_at_each_step_of_each_flow_leaves_exactly_one_effect(tmp_path: Path, shared_var: Path) -> None:
    dooms = happen(photos_arrive(), returns_are_sent(), agents_approve(), claims_open(), claims_are_approved())
    assert {doom.flow for doom in dooms} == set(AFTERWARDS) and jobs.dead_letters() == []
    began = time.monotonic()
    workers = Part("tests.faults.doomed", str(tmp_path), env=environment(shared_var))
    try:
        workers.say({doom.key: doom.point for doom in dooms})
        until(lambda: jobs.waiting() == 0, seconds=120)
    finally:
        workers.end()
    print(f"{len(dooms)} kills, everything done {time.monotonic() - began:.0f} s after the workers' start")
    died = {mark.name for mark in tmp_path.iterdir()}
    assert died == {f"{doom.key.replace('/', '.')}.{doom.point}" for doom in dooms}
    assert [letter.error for letter in jobs.dead_letters()] == []
    for doom in dooms:
        assert Done.objects.filter(fact=doom.fact, flow=doom.flow).count() == 1
        AFTERWARDS[doom.flow](doom.subject)
    assert broken_promises() == []
