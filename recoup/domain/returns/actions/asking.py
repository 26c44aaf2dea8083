"""Ask the customer for another photo: the same link opens again, with a date to answer by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from recoup.domain.defects.models import SHOTS
from recoup.domain.evidence import actions as evidence
from recoup.domain.evidence.models import CaptureSession
from recoup.domain.returns import deadlines
from recoup.domain.returns.actions.holding import fresh, hold, wait_for
from recoup.domain.returns.actions.links import open_link
from recoup.domain.returns.facts import MorePhotosAsked
from recoup.domain.returns.models import CaptureLink, Decision, Return, ReturnLine
from recoup.domain.returns.rules.answer import listed
from recoup.domain.returns.states import DECISION, EVIDENCE
from recoup.foundation.audit import actions as audit
from recoup.foundation.facts import actions as facts
from recoup.kit.actor import Actor
from recoup.kit.refusal import Refusal


class AskedAlready(Refusal):
    code = "returns.asked_already"
    sentence = (
        "The customer was asked for this already and has not answered yet. Wait for them, or ask for something else."
    )


class NothingAsked(Refusal):
    code, status = "returns.nothing_asked", 422
    sentence = "Choose at least one photo to ask for: {shots}."


@transaction.atomic
def ask(*, line: ReturnLine, shots: Sequence[str], reason: str, at: datetime, actor: Actor) -> Decision:
    """Ask for these shots. Raises NotAllowed, NothingAsked, AskedAlready, IllegalMove (it is decided), MovedMeanwhile."""
    actor.must("agent")
    wanted = _known(shots)
    case = hold(line.return_case_id)
    DECISION.next(_decision_now(line), "approve")  # only what is still open can be asked about
    _check_not_asked(case, line, wanted)
    _need_more(fresh(line))
    until = at + deadlines.CUSTOMER
    _open_again(case, until, actor)
    wait_for(case, "customer", until=until)
    decision = Decision.objects.create(
        line=line, verb="ask", reason=reason.strip()[:400], shots=wanted,
        actor_kind=actor.kind, actor_id=actor.id, actor_name=actor.name,
    )  # fmt: skip
    named = listed([shot.replace("_", " ") for shot in wanted])
    audit.record(verb="line.more_asked", subject=case, actor=actor, shots=named)
    facts.tell(MorePhotosAsked(line_id=line.pk))
    return decision


def _known(shots: Sequence[str]) -> list[str]:
    wanted = [code for code, _ in SHOTS if code in set(shots)]
    if not wanted or set(shots) - set(wanted):
        raise NothingAsked(shots=", ".join(word for _, word in SHOTS))
    return wanted


def _decision_now(line: ReturnLine) -> str:
    line.decision = ReturnLine.objects.values_list("decision", flat=True).get(pk=line.pk)
    return line.decision


def _check_not_asked(case: Return, line: ReturnLine, wanted: list[str]) -> None:
    if case.waiting_for != "customer":
        return
    last = line.decisions.filter(verb="ask").order_by("-created_at").first()
    if last is not None and set(wanted) <= set(last.shots):
        raise AskedAlready()


def _need_more(line: ReturnLine) -> None:
    if line.evidence == "none":
        EVIDENCE.make(line, "begin")
    if "lack" in EVIDENCE.verbs(line.evidence):
        EVIDENCE.make(line, "lack")


def _open_again(case: Return, until: datetime, actor: Actor) -> None:
    """The customer's own link takes photos again; when it cannot any more, there is a new one."""
    link = case.links.order_by("-created_at").first()
    session = _held(link) if link else None
    if session and session.state == "submitted":
        evidence.reopen_session(session=session, expires_at=until, actor=actor)
    elif session is None or session.state != "open" or session.expires_at <= until - deadlines.CUSTOMER:
        open_link(
            order=case.order,
            language=session.language if session else "en",
            expires_at=until,
            actor=actor,
            return_case=case,
        )


def _held(link: CaptureLink) -> CaptureSession:
    return CaptureSession.objects.select_for_update(no_key=True).get(pk=link.session_id)
