"""What a supplier says to each line; what it means for the claim's state and for the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from recoup.domain.claims.actions.documents import file_version, gather_documents
from recoup.domain.claims.actions.locking import lines_of, locked
from recoup.domain.claims.actions.settling import book_difference, finish, settle_state
from recoup.domain.claims.facts import SupplierAnswered
from recoup.domain.claims.models import Answer, Claim, ClaimLine, DocumentVersion, Question
from recoup.domain.claims.rules import answers as rules
from recoup.domain.claims.rules.answers import LineAnswer, LineMoney
from recoup.foundation.audit import actions as audit
from recoup.foundation.facts import actions as facts
from recoup.kit.actor import Actor
from recoup.kit.money import Money
from recoup.kit.refusal import NotAllowed, NotFound, Refusal


class NotOpenForAnswers(Refusal):
    code = "claims.not_open_for_answers"
    sentence = "This claim is settled; nothing can be answered any more. Write to the buyer if something is wrong."


class UnknownVerdict(Refusal):
    code, status = "claims.unknown_verdict", 422
    sentence = "Answer {case} with accept, partial, dispute or question."


class AnsweredTwice(Refusal):
    code, status = "claims.answered_twice", 422
    sentence = "{case} is answered twice here. Send one answer for each line."


class MoreThanClaimed(Refusal):
    code, status = "claims.more_than_claimed", 422
    sentence = (
        "{case}: {amount} is more than the {claimed} that is claimed. Give an amount up to that, or accept the line."
    )


class NothingAccepted(Refusal):
    code, status = "claims.nothing_accepted", 422
    sentence = (
        "{case}: a partial acceptance needs an amount above zero. To accept nothing, dispute the line with a reason."
    )


class AnswerReasonMissing(Refusal):
    code, status = "claims.answer_reason_missing", 422
    sentence = "{case}: please say why, in a few words."


class BelowRecovered(Refusal):
    code = "claims.below_recovered"
    sentence = (
        "{case}: {recovered} was credited already, so less than that cannot be accepted. Write to the buyer instead."
    )


class LineSettled(Refusal):
    code = "claims.line_settled"
    sentence = "{case} is settled and cannot be answered any more."


_WRONG: dict[str, type[Refusal]] = {
    "unknown_verdict": UnknownVerdict, "line_settled": LineSettled, "more_than_claimed": MoreThanClaimed,
    "nothing_accepted": NothingAccepted, "reason_missing": AnswerReasonMissing, "below_recovered": BelowRecovered,
}  # fmt: skip


@transaction.atomic
def answer(*, claim: Claim, answers: Sequence[LineAnswer], at: datetime, actor: Actor) -> list[Answer]:
    """Take a supplier's answers to one or many lines; all of them, or none.

    The accepted amount is booked as the difference to what was accepted before. ``actor`` is the supplier of the room
    (``enter_room``), or a buyer who writes down what came another way. Raises NotAllowed, NotFound for a line of
    another claim, NotOpenForAnswers, and one refusal per thing that can be wrong with an answer.
    """
    _may_answer(actor)
    held = locked(claim)
    if held.state not in rules.ANSWERABLE:
        raise NotOpenForAnswers()
    lines = {line.pk: line for line in lines_of(held)}
    _check(answers, lines, held.currency)
    before = sum(line.accepted_minor for line in lines.values())
    kept = [_take(each, lines[each.line_id], at, actor) for each in answers]
    _ask_back(held, answers, lines, at)
    accepted = sum(line.accepted_minor for line in lines.values())
    was = settle_state(held)
    finish(held, actor)
    claim.state = held.state
    words = ", ".join(f"{count} {verdict}" for verdict, count in Counter(each.verdict for each in answers).items())
    total = Money(accepted, held.currency)
    audit.record(
        verb="claim.answered", subject=held, actor=actor, was=was, seals=kept,
        count=len(kept), verdicts=words, accepted=total,
    )  # fmt: skip
    book_difference(held, before, accepted, at, actor)
    gather_documents(claim=held, actor=actor)
    facts.tell(SupplierAnswered(claim_id=held.pk))
    return kept


@transaction.atomic
def counter_evidence(*, claim: Claim, data: bytes, why: str, actor: Actor) -> DocumentVersion:
    """A supplier's file becomes a version of the supplier response. Raises NotAllowed, NotOpenForAnswers, DocumentRefused."""
    _may_answer(actor)
    held = locked(claim)
    if held.state not in rules.ANSWERABLE:
        raise NotOpenForAnswers()
    said = why.strip() or "counter-evidence"
    version = file_version(claim=held, kind="supplier_response", data=data, why=said, source="supplier", actor=actor)
    audit.record(
        verb="claim.counter_evidence", subject=held, actor=actor, file=f"{len(data)} bytes, SHA-256 {version.sha256}"
    )
    return version


def _may_answer(actor: Actor) -> None:
    if actor.kind == "customer":
        raise NotAllowed(role="supplier")
    if actor.kind != "supplier":
        actor.must("buyer")


def _check(answers: Sequence[LineAnswer], lines: Mapping[UUID, ClaimLine], currency: str) -> None:
    seen = set()
    for each in answers:
        line = lines.get(each.line_id)
        if line is None:
            raise NotFound()
        case = line.return_line.return_case.number
        if each.line_id in seen:
            raise AnsweredTwice(case=case)
        seen.add(each.line_id)
        if code := rules.wrong(each, _money(line)):
            raise _WRONG[code](
                case=case,
                amount=Money(each.amount_minor, currency),
                claimed=Money(line.claimed_minor, currency),
                recovered=Money(line.recovered_minor, currency),
            )


def _money(line: ClaimLine) -> LineMoney:
    return LineMoney(line.claimed_minor, line.accepted_minor, line.recovered_minor, line.written_off_minor)


def _take(given: LineAnswer, line: ClaimLine, at: datetime, actor: Actor) -> Answer:
    line.accepted_minor = rules.accepted_by(given, _money(line))
    line.save(update_fields=["accepted_minor"])
    return Answer.objects.create(
        claim_line=line, verdict=given.verdict, accepted_minor=line.accepted_minor, reason=given.reason.strip()[:600],
        by_name=actor.name[:200], created_at=at,
    )  # fmt: skip


def _ask_back(held: Claim, answers: Sequence[LineAnswer], lines: Mapping[UUID, ClaimLine], at: datetime) -> None:
    for each in answers:
        if each.verdict == "question":
            line = lines[each.line_id]
            body = f"{line.return_line.return_case.number}: {each.reason.strip()}"[:600]
            Question.objects.create(
                claim=held, claim_line=line, asked_by="supplier", kind="line_question", body=body, created_at=at
            )
