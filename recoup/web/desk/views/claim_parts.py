"""What is done to a claim up to the supplier's answer: decision, documents, approval, packet, questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from recoup.domain.claims import actions, part_queries, queries
from recoup.domain.claims.rules.answers import LineAnswer
from recoup.domain.claims.rules.boundary import Boundary
from recoup.domain.claims.rules.changes import TYPED
from recoup.kit.refusal import Refusal
from recoup.web.desk import claim_words as words
from recoup.web.desk import typed
from recoup.web.desk.doors import DeskRequest, onward, show, staff_only


class NoFile(Refusal):
    code, status = "desk.no_file", 422
    sentence = "Choose a file first: a PDF, a PNG or a JPEG."


class NothingAnswered(Refusal):
    code, status = "desk.nothing_answered", 422
    sentence = "Choose an answer for at least one line."


@staff_only("buyer", "quality")
@require_POST
def decide(request: DeskRequest, number: str) -> HttpResponseBase:
    """The decision sentence's answer."""
    claim, form = queries.access_claim(request.actor, number), request.POST
    actions.decide(claim=claim, answer=form.get("answer", ""), why=typed.text(form, "why"), actor=request.actor)
    return onward(request, "desk:claim", number, said="Your answer is kept with the file.")


@staff_only("buyer", "quality")
@require_POST
def make_ready(request: DeskRequest, number: str) -> HttpResponseBase:
    claim = queries.access_claim(request.actor, number)
    actions.make_ready(claim=claim, at=timezone.now(), actor=request.actor)
    return onward(request, words.address(number, "approval"), said="Nothing is missing. A buyer can approve it now.")


@staff_only("buyer", "quality")
@require_POST
def go_back(request: DeskRequest, number: str) -> HttpResponseBase:
    claim = queries.access_claim(request.actor, number)
    actions.go_back(claim=claim, why=typed.text(request.POST, "why"), actor=request.actor)
    return onward(request, "desk:claim", number, said="Back to gathering.")


@staff_only("buyer")
@require_POST
def approve(request: DeskRequest, number: str) -> HttpResponseBase:
    """A yes within its boundary; the packet is then built and sent by itself."""
    claim = queries.access_claim(request.actor, number)
    boundary = _boundary(request.POST, claim.currency)
    actions.approve(claim=claim, boundary=boundary, at=timezone.now(), actor=request.actor)
    return onward(
        request, words.address(number, "supplier"), said="Approved. The packet is being built, and leaves by itself."
    )


def _boundary(form: Any, currency: str) -> Boundary:
    return Boundary(
        step=form.get("step", ""),
        kind=form.get("kind", ""),
        purchase_order=typed.text(form, "purchase_order"),
        document_version=typed.whole(form.get("document_version", "")),
        amount=typed.amount(form.get("amount", ""), currency),
        expires_at=typed.end_of(typed.day(form.get("expires", ""))),
        evidence_due=typed.text(form, "evidence_due")[:300],
        evidence_due_date=typed.day_if_any(form.get("evidence_due_date", "")),
    )


@staff_only("buyer")
@require_POST
def refuse(request: DeskRequest, number: str) -> HttpResponseBase:
    claim = queries.access_claim(request.actor, number)
    actions.refuse(claim=claim, reason=typed.text(request.POST, "reason"), actor=request.actor)
    return onward(
        request, "desk:claim", number, said="Refused. The reason is kept, and the claim goes back to gathering."
    )


@staff_only("buyer", "quality")
@require_POST
def enter(request: DeskRequest, number: str, kind: str) -> HttpResponseBase:
    """A person corrects a document's decisive fields; the version before stays beside it."""
    claim, form = queries.access_claim(request.actor, number), request.POST
    given = {name: typed.text(form, name)[:300] for name in TYPED if name in form}
    actions.enter_version(claim=claim, kind=kind, fields=given, why=typed.text(form, "why"), actor=request.actor)
    return onward(request, words.address(number, "documents", document=kind), said="Kept as a new version.")


@staff_only("buyer", "quality")
@require_POST
def upload(request: DeskRequest, number: str, kind: str) -> HttpResponseBase:
    claim, file = queries.access_claim(request.actor, number), request.FILES.get("file")
    if file is None:
        raise NoFile()
    why = typed.text(request.POST, "why")
    actions.upload_version(claim=claim, kind=kind, data=file.read(), why=why, actor=request.actor)
    return onward(request, words.address(number, "documents", document=kind), said="The file is kept as a new version.")


@staff_only(*queries.READERS)
@require_GET
def document(request: DeskRequest, number: str, file_id: UUID) -> HttpResponseBase:
    name, media_type, data = part_queries.document_file(request.actor, number, file_id)
    return _download(name, media_type, data)


@staff_only(*queries.READERS)
@require_GET
def packet(request: DeskRequest, number: str, packet_id: UUID) -> HttpResponseBase:
    name, data = part_queries.packet_download(request.actor, number, packet_id)
    return _download(name, "application/zip", data)


def _download(name: str, media_type: str, data: bytes) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }  # fmt: skip
    return HttpResponse(data, content_type=media_type, headers=headers)


@staff_only("buyer")
@require_POST
def link(request: DeskRequest, number: str, packet_id: UUID) -> HttpResponseBase:
    """A fresh link to hand over by hand, shown this once; the one before stops working."""
    found = part_queries.access_packet(request.actor, number, packet_id)
    secret = actions.new_link(packet=found, at=timezone.now(), actor=request.actor)
    template = "desk/claim_link.html" if request.htmx else "desk/claim_link_page.html"
    return show(
        request, template, room="desk:claims", number=number, packet=found, address=actions.room_address(secret)
    )


@staff_only("buyer")
@require_POST
def revoke(request: DeskRequest, number: str, packet_id: UUID) -> HttpResponseBase:
    found = part_queries.access_packet(request.actor, number, packet_id)
    count = actions.revoke_link(packet=found, at=timezone.now(), actor=request.actor)
    said = "The link is withdrawn; it leads nowhere any more." if count else "There was no open link."
    return onward(request, words.address(number, "supplier"), said=said)


@staff_only("buyer", "quality")
@require_POST
def ask(request: DeskRequest, number: str) -> HttpResponseBase:
    claim, form = queries.access_claim(request.actor, number), request.POST
    actions.ask_question(
        claim=claim, kind=form.get("kind", ""), due=typed.day(form.get("due", "")), detail=typed.text(form, "detail"),
        at=timezone.now(), actor=request.actor,
    )  # fmt: skip
    return onward(request, words.address(number, "supplier"), said="Asked. The supplier reads it in their room.")


@staff_only("buyer", "quality")
@require_POST
def answer_question(request: DeskRequest, number: str, question_id: UUID) -> HttpResponseBase:
    """Our answer to theirs, or theirs as it came another way."""
    question = part_queries.access_question(request.actor, number, question_id)
    answer = typed.text(request.POST, "answer")
    actions.answer_question(question=question, answer=answer, at=timezone.now(), actor=request.actor)
    return onward(request, words.address(number, "supplier"), said="The answer is kept.")


@staff_only("buyer")
@require_POST
def answer(request: DeskRequest, number: str) -> HttpResponseBase:
    """What the supplier said by telephone or mail, written down by a buyer; all lines, or none."""
    claim = queries.access_claim(request.actor, number)
    lines = queries.claim_page(request.actor, number, now=timezone.now()).lines
    given = [
        _answer(request.POST, line.line_id, claim.currency) for line in lines if _verdict(request.POST, line.line_id)
    ]
    if not given:
        raise NothingAnswered()
    actions.answer(claim=claim, answers=given, at=timezone.now(), actor=request.actor)
    return onward(request, words.address(number, "supplier"), said="Written down as the supplier’s answer.")


def _verdict(form: Mapping[str, str], line_id: UUID) -> str:
    return form.get(f"verdict-{line_id}", "")


def _answer(form: Any, line_id: UUID, currency: str) -> LineAnswer:
    verdict = _verdict(form, line_id)
    amount = typed.amount(form.get(f"amount-{line_id}", ""), currency).minor if verdict == "partial" else 0
    return LineAnswer(line_id, verdict, amount, typed.text(form, f"reason-{line_id}"))
