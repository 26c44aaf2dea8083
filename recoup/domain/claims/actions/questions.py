"""One specific question, put and answered."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from recoup.domain.claims.actions.locking import locked
from recoup.domain.claims.actions.packets import further_link
from recoup.domain.claims.actions.settling import finish, settle_state
from recoup.domain.claims.models import Claim, Question
from recoup.domain.claims.rules import answers as rules
from recoup.domain.claims.rules.questions import CATALOGUE, sentence
from recoup.domain.claims.states import GATHERING
from recoup.foundation.audit import actions as audit
from recoup.foundation.notices import actions as notices
from recoup.kit.actor import Actor
from recoup.kit.moves import IllegalMove
from recoup.kit.refusal import NotFound, Refusal


class QuestionTooBroad(Refusal):
    code, status = "claims.question_too_broad", 422
    sentence = "Ask for one specific thing from the list; broad questions get no answer."


class DueInThePast(Refusal):
    code, status = "claims.due_in_the_past", 422
    sentence = "The day by which the answer is due has passed. Choose a later one."


class AnswerEmpty(Refusal):
    code, status = "claims.answer_empty", 422
    sentence = "Write the answer in a few words, or name the document that gives it."


class AnsweredAlready(Refusal):
    code = "claims.answered_already"
    sentence = "This question has been answered. Reload the page to read the answer."


@transaction.atomic
def ask_question(*, claim: Claim, kind: str, due: date, at: datetime, actor: Actor, detail: str = "") -> Question:
    """Put one question from the catalogue to the supplier. Before sending it travels in the packet; later in the room.

    Raises NotAllowed, QuestionTooBroad, DueInThePast, IllegalMove once the claim is settled.
    """
    actor.must("buyer", "quality")
    if kind not in CATALOGUE:
        raise QuestionTooBroad()
    if due <= at.date():
        raise DueInThePast()
    held = locked(claim)
    if held.state not in (*GATHERING, *rules.ANSWERABLE):
        raise IllegalMove(verb="ask", state=held.state.replace("_", " "))
    asked = Question.objects.create(
        claim=held, asked_by="us", kind=kind, body=detail.strip()[:600], due_date=due, created_at=at
    )
    was = settle_state(held) if held.state in rules.ANSWERABLE else held.state
    claim.state = held.state
    audit.record(
        verb="claim.question_asked", subject=held, actor=actor, was=was, question=sentence(kind, asked.body), due=due
    )
    return asked


@transaction.atomic
def answer_question(*, question: Question, answer: str, at: datetime, actor: Actor) -> None:
    """Answer an open question: the supplier answers ours, a buyer answers theirs or writes down what came another way.

    An answer to the supplier stands in their room; a notice tells them so.

    Raises NotAllowed, NotFound, AnswerEmpty, AnsweredAlready.
    """
    if actor.kind not in ("supplier", "staff", "system"):
        raise NotFound()
    if actor.kind == "supplier" and question.asked_by != "us":
        raise NotFound()
    if actor.kind != "supplier":
        actor.must("buyer", "quality")
    if not answer.strip():
        raise AnswerEmpty()
    held = locked(question.claim)
    if not Question.objects.filter(pk=question.pk, answered_at=None).update(answered_at=at, answer=answer.strip()):
        raise AnsweredAlready()
    question.answered_at, question.answer = at, answer.strip()
    was = settle_state(held) if held.state in rules.ANSWERABLE else held.state
    finish(held, actor)
    audit.record(
        verb="claim.question_answered", subject=held, actor=actor, was=was, question=question.kind.replace("_", " ")
    )
    if question.asked_by == "supplier":
        _write_to_supplier(held, question, at, actor)


def _write_to_supplier(held: Claim, question: Question, at: datetime, actor: Actor) -> None:
    """Only that there is an answer: what was asked and said is read in the room."""
    notices.queue(
        audience="supplier", to=held.supplier.email, template="question_answered", subject=held, actor=actor,
        language=held.supplier.language, contact=held.supplier.contact_name, number=held.number,
        purchase_order=held.purchase_order.number, asked=question.created_at.date(),
        link=further_link(held=held, at=at, actor=actor) if held.supplier.email else "",
    )  # fmt: skip
