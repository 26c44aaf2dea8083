"""The return verifies itself: checks, a proposal by policy, and the decision where policy says so.

All of it is one transaction, so that from the last photo's verdict to the decision it is one job.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from recoup.domain.catalogue import queries as catalogue
from recoup.domain.catalogue.models import Batch
from recoup.domain.evidence.models import CaptureSession, Photo, Upload
from recoup.domain.orders.models import OrderLine
from recoup.domain.returns import deadlines, dossier
from recoup.domain.returns.actions.asking import ask
from recoup.domain.returns.actions.attaching import attach_photos
from recoup.domain.returns.actions.deciding import approve
from recoup.domain.returns.actions.holding import hold, hold_order_line, put, wait_for
from recoup.domain.returns.actions.policies import policy_in_force
from recoup.domain.returns.models import CaptureLink, Check, Decision, Policy, Return, ReturnLine
from recoup.domain.returns.rules.answer import Answer
from recoup.domain.returns.rules.dossier import Dossier, check
from recoup.domain.returns.rules.evidence import standing
from recoup.domain.returns.rules.policy import Case, Outcome, evaluate, read_table
from recoup.domain.returns.states import EVIDENCE
from recoup.foundation.audit import actions as audit
from recoup.kit.actor import Actor


@transaction.atomic
def photo_judged(*, photo: Photo, at: datetime, actor: Actor) -> int:
    """A photo was judged: it becomes evidence of its return, which verifies itself when it has all it waits for.

    Of photos we asked for later only the customer knows when they are all there: until they press “send”, we wait.
    Returns the number of the run, 0 when there was nothing to verify yet.
    """
    link = CaptureLink.objects.filter(session=photo.session_id).first()
    if link is None or link.return_case_id is None:
        return 0
    case = hold(link.return_case_id)
    for line in case.lines.filter(decision="open"):
        attach_photos(line=line, session=photo.session)
    return verify(return_case=case, at=at, actor=actor)


@transaction.atomic
def verify(*, return_case: Return, at: datetime, actor: Actor, patient: bool = True) -> int:
    """Run every check of every open line, propose by policy, and do what policy lets happen by itself.

    A patient run waits while the customer is still sending or a photo is not judged yet; past the case's deadline
    it goes by what there is. Returns the number of the run, or 0.
    """
    case = hold(return_case.pk)
    lines = list(case.lines.filter(decision="open").select_related("defect_type", "return_case").order_by("id"))
    if not lines or (patient and _still_coming(case, lines)):
        return 0
    policy = policy_in_force(at=at)
    run = (Check.objects.filter(line__return_case=case).aggregate(last=Max("run"))["last"] or 0) + 1
    outcomes = [(line, *_judge(case, line, policy, run, at=at, actor=actor)) for line in lines]
    audit.record(verb="return.verified", subject=case, actor=actor, run=run, policy=policy.version)
    _follow(case, outcomes, at=at, actor=actor)
    return_case.refresh_from_db()
    return run


def _still_coming(case: Return, lines: Sequence[ReturnLine]) -> bool:
    """The customer has not pressed “send” again, a photo is not judged yet, or one that is needed is on its way.

    An upload that was given up for another try of the same shot holds nothing up.
    """
    sessions = CaptureSession.objects.filter(link__return_case=case)
    if sessions.filter(state="open").exists() or Photo.objects.filter(session__in=sessions, state="arrived").exists():
        return True
    running = Upload.objects.filter(session__in=sessions, ended_at=None, file__offset__gt=0)
    coming = set(running.values_list("shot", flat=True))
    return bool(coming) and any(coming & _lacking(line) for line in lines)


def _lacking(line: ReturnLine) -> set[str]:
    """Required shots that no photo shows yet."""
    required = {item.shot for item in line.defect_type.shots.all() if item.required}
    return {shot for shot in required if standing(shot, dossier.pictures(line)) == "missing"}


def _judge(
    case: Return, line: ReturnLine, policy: Policy, run: int, *, at: datetime, actor: Actor
) -> tuple[Decision, Outcome, list[str]]:
    """Check one line and write down what policy makes of it: the proposal, and the shots that are missing."""
    line.return_case = case
    if line.order_line_id:
        line.order_line = hold_order_line(line.order_line)  # type: ignore[arg-type]  # it has an id
    found = dossier.read(line=line, at=case.submitted_at or at)
    _know_unit(line, found)
    answers = check(found)
    _keep(line, run, answers)
    _move_evidence(line, answers)
    outcome = evaluate(table=read_table(policy.rows), case=_case(line, found, answers))
    missing = next(list(a.facts["missing"]) for a in answers if a.code == "evidence")
    return _propose(line, found, outcome, policy, run, actor), outcome, missing


def _case(line: ReturnLine, found: Dossier, answers: Sequence[Answer]) -> Case:
    worth = found.worth()
    return Case(
        results={answer.code: answer.result for answer in answers},
        value=worth.total if worth else None,
        defect_type=found.defect_type,
        asked_before=line.decisions.filter(verb="ask", actor_kind="system").exists(),
    )


def _know_unit(line: ReturnLine, found: Dossier) -> None:
    """Which unit and batch it is, and how we know: the hinge of the supplier's claim."""
    unit = dossier.find_serial(line=line, number=found.told.number)
    batch, how = (unit.batch, "scanned" if found.told.how != "typed" else "declared") if unit else (None, "")
    if batch is None and line.order_line:
        batch, how = _batch_of(line.order_line, line.batch_said)
    if (unit, batch, how) != (line.serial, line.batch, line.batch_how):
        ReturnLine.objects.filter(pk=line.pk).update(serial=unit, batch=batch, batch_how=how if batch else "")
        line.serial, line.batch, line.batch_how = unit, batch, how if batch else ""


def _batch_of(bought: OrderLine, said: str) -> tuple[Batch | None, str]:
    """The batch without a unit: what was recorded when it was sold, else what the code on the box said, else a guess."""
    if bought.batch_id and bought.batch_how not in ("allocated", "inferred"):
        return bought.batch, bought.batch_how
    if said and (named := catalogue.find_batch(product=bought.product, number=said)):
        return named, "declared"
    return bought.batch, bought.batch_how


def _keep(line: ReturnLine, run: int, answers: Sequence[Answer]) -> None:
    Check.objects.bulk_create(
        Check(
            line=line, run=run, position=position, code=answer.code, result=answer.result,
            facts=dict(answer.facts), sentence=answer.sentence,
        )
        for position, answer in enumerate(answers, start=1)
    )  # fmt: skip


def _move_evidence(line: ReturnLine, answers: Sequence[Answer]) -> None:
    answer = next(each for each in answers if each.code == "evidence")
    verb = "lack" if answer.result == "fail" else "suffice" if answer.facts["photos"] else ""
    if verb in EVIDENCE.verbs(line.evidence):
        EVIDENCE.make(line, verb)


def _propose(line: ReturnLine, found: Dossier, outcome: Outcome, policy: Policy, run: int, actor: Actor) -> Decision:
    worth = found.worth()
    return Decision.objects.create(
        line=line, verb="propose", proposal=outcome.then, remedy=outcome.remedy or "refund",
        amount_minor=worth.total.minor if worth else None, currency=worth.total.currency if worth else "",
        reason=outcome.because, policy=policy, policy_row=outcome.row or None, run=run,
        actor_kind=actor.kind, actor_id=actor.id, actor_name=actor.name,
    )  # fmt: skip


def _follow(
    case: Return, outcomes: list[tuple[ReturnLine, Decision, Outcome, list[str]]], *, at: datetime, actor: Actor
) -> None:
    """First what a person must do, then what goes by itself: one case waits for one party."""
    priority = min(outcome.priority for _, _, outcome, _ in outcomes)
    put(case, priority=priority)
    for line, proposal, outcome, _ in outcomes:
        if outcome.then == "approve":
            approve(line=line, remedy=outcome.remedy, reason=outcome.because, at=at, actor=actor, proposal=proposal)
    for line, _, outcome, missing in outcomes:
        if outcome.then == "ask":
            ask(line=line, shots=missing, reason=outcome.because, at=at, actor=actor)
    if any(outcome.then == "agent" for _, _, outcome, _ in outcomes):
        wait_for(case, "agent", until=at + deadlines.for_agent(priority))
    if case.order_id is None:
        wait_for(case, "order", until=at + deadlines.ORDER)
