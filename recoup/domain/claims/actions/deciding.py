"""From the decision sentence to a buyer's yes within a boundary, or a refusal; both are kept."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from recoup.domain.claims import states
from recoup.domain.claims.actions.documents import gather_documents, reasoned
from recoup.domain.claims.actions.locking import locked
from recoup.domain.claims.claim_file import read_file
from recoup.domain.claims.facts import BoundaryExpired, ClaimApproved, ClaimRefusedByBuyer
from recoup.domain.claims.models import Approval, Claim, DocumentVersion
from recoup.domain.claims.rules import boundary as boundaries
from recoup.domain.claims.rules.boundary import Boundary
from recoup.foundation.accounts.models import Staff
from recoup.foundation.audit import actions as audit
from recoup.foundation.facts import actions as facts
from recoup.kit.actor import SYSTEM, Actor
from recoup.kit.money import Money
from recoup.kit.moves import IllegalMove
from recoup.kit.refusal import Refusal

ANSWERS = ("yes", "not_yet")


class UnknownDecision(Refusal):
    code, status = "claims.unknown_decision", 422
    sentence = "Answer the decision sentence with yes or not yet."


class NotDecided(Refusal):
    code = "claims.not_decided"
    sentence = "The decision sentence is not answered with yes. Answer it first, with a word on why."


class NotEnough(Refusal):
    code = "claims.not_enough"
    sentence = "The claim is not ready: {first} {more}"


class BoundaryWrong(Refusal):
    code, status = "claims.boundary_wrong", 422
    sentence = "{problem}"


@transaction.atomic
def decide(*, claim: Claim, answer: str, why: str, actor: Actor) -> None:
    """Answer “is the evidence strong enough and safe enough to send?” with 'yes' or 'not_yet', and why.

    Raises NotAllowed, UnknownDecision, ReasonMissing, IllegalMove once the claim is approved.
    """
    actor.must("buyer", "quality")
    if answer not in ANSWERS:
        raise UnknownDecision()
    why = reasoned(why, 400)
    held = locked(claim)
    if held.state not in states.GATHERING:
        raise IllegalMove(verb="decide", state=held.state.replace("_", " "))
    if held.state == "ready" and answer == "not_yet":
        _go_back(held, "the decision is not yet.", actor)
    _set_decision(held, answer, why)
    audit.record(
        verb="claim.decided", subject=held, actor=actor, answer=answer.replace("_", " "), why=held.decision_why
    )


@transaction.atomic
def make_ready(*, claim: Claim, at: datetime, actor: Actor) -> None:
    """Nothing is missing and the decision is yes: the claim goes to a buyer. Raises NotDecided, NotEnough, IllegalMove."""
    actor.must("buyer", "quality")
    held = locked(claim)
    states.CLAIM_MOVES.next(held.state, "make_ready")
    if held.decision_answer != "yes":
        raise NotDecided()
    _check_enough(held, at)
    gather_documents(claim=held, actor=actor)
    was = states.CLAIM_MOVES.make(held, "make_ready")
    claim.state = held.state
    audit.record(verb="claim.made_ready", subject=held, actor=actor, was=was)


@transaction.atomic
def approve(*, claim: Claim, boundary: Boundary, at: datetime, actor: Actor) -> Approval:
    """A buyer's yes, within the boundary. Raises NotAllowed, BoundaryWrong, NotEnough, IllegalMove, MovedMeanwhile."""
    actor.must("buyer")
    held = locked(claim)
    states.CLAIM_MOVES.next(held.state, "approve")
    _check_enough(held, at)
    _check_boundary(held, boundary, at, actor)
    was = states.CLAIM_MOVES.make(held, "approve")
    claim.state = held.state
    approval = Approval.objects.create(
        claim=held, verdict="approved", boundary=boundary.stored(), expires_at=boundary.expires_at,
        by_id=actor.id, by_name=actor.name, created_at=at,
    )  # fmt: skip
    audit.record(
        verb="claim.approved", subject=held, actor=actor, was=was, seals=[approval],
        boundary=boundaries.said(approval.boundary), version=boundary.document_version, expires=boundary.expires_at,
    )  # fmt: skip
    facts.tell(ClaimApproved(claim_id=held.pk))
    return approval


@transaction.atomic
def refuse(*, claim: Claim, reason: str, actor: Actor) -> Approval:
    """A buyer's no: kept with its reason; the claim goes back to drafting. Raises NotAllowed, ReasonMissing, IllegalMove."""
    actor.must("buyer")
    why = reasoned(reason, 400)
    held = locked(claim)
    was = states.CLAIM_MOVES.make(held, "decline", decision_answer="not_yet", decision_why=why)
    claim.state = held.state
    refusal = Approval.objects.create(claim=held, verdict="refused", reason=why, by_id=actor.id, by_name=actor.name)
    audit.record(verb="claim.refused", subject=held, actor=actor, was=was, seals=[refusal], reason=why)
    facts.tell(ClaimRefusedByBuyer(claim_id=held.pk))
    return refusal


@transaction.atomic
def go_back(*, claim: Claim, why: str, actor: Actor) -> None:
    """Take a claim that waits for a buyer back to drafting. Raises NotAllowed, ReasonMissing, IllegalMove."""
    actor.must("buyer", "quality")
    why = reasoned(why, None)
    held = locked(claim)
    _go_back(held, why, actor)
    claim.state = held.state


def expire_boundaries(*, now: datetime) -> int:
    """Claims whose approval ended before the packet left wait for a buyer again; returns how many."""
    ended = Approval.objects.filter(verdict="approved", expires_at__lte=now, claim__state="approved")
    return sum(_expire(claim, now) for claim in Claim.objects.filter(approvals__in=ended).distinct())


@transaction.atomic
def _expire(claim: Claim, now: datetime) -> bool:
    held = locked(claim)
    approval = latest_approval(held)
    if held.state != "approved" or approval is None or approval.expires_at is None or approval.expires_at > now:
        return False
    was = states.CLAIM_MOVES.make(held, "reopen")
    audit.record(verb="claim.boundary_expired", subject=held, actor=SYSTEM, was=was, expired=approval.expires_at.date())
    facts.tell(BoundaryExpired(claim_id=held.pk))
    return True


def latest_approval(claim: Claim) -> Approval | None:
    """The yes that stands: the newest approval that is no refusal."""
    return claim.approvals.filter(verdict="approved").order_by("-created_at", "-id").first()


def _go_back(held: Claim, why: str, actor: Actor) -> None:
    was = states.CLAIM_MOVES.make(held, "go_back")
    audit.record(verb="claim.went_back", subject=held, actor=actor, was=was, why=why)


def _set_decision(held: Claim, answer: str, why: str) -> None:
    held.decision_answer, held.decision_why = answer, why
    Claim.objects.filter(pk=held.pk).update(decision_answer=answer, decision_why=why)


def _check_enough(held: Claim, at: datetime) -> None:
    blocking = [each.sentence for each in read_file(held).missing(today=at.date()) if each.blocks]
    if blocking:
        more = f"And {len(blocking) - 1} more." if len(blocking) > 1 else ""
        raise NotEnough(first=blocking[0], more=more)


def _check_boundary(held: Claim, boundary: Boundary, at: datetime, actor: Actor) -> None:
    problem = boundaries.problem(
        boundary,
        purchase_order=held.purchase_order.number,
        document_version=summary_version(held),
        claimed=read_file(held).total("claimed"),
        limit=_limit(actor),
        now=at,
    )
    if problem:
        raise BoundaryWrong(problem=problem)


def summary_version(claim: Claim) -> int:
    """The version of the claim summary that controls now; 0 before the first."""
    versions = DocumentVersion.objects.filter(document__claim=claim, document__kind="claim_summary")
    return versions.order_by("-number").values_list("number", flat=True).first() or 0


def _limit(actor: Actor) -> Money | None:
    """The most one approval of this person may cost; None is no limit."""
    staff = Staff.objects.filter(pk=actor.id).first() if actor.kind == "staff" else None
    return staff.limit if staff else None
