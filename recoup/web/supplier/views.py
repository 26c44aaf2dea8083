"""The room: read, download, answer."""

from __future__ import annotations

import mimetypes
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from recoup.domain.claims import actions, supplier_queries
from recoup.domain.claims.room_pages import Visit
from recoup.kit.refusal import NotFound, Refusal
from recoup.web.supplier.forms import read_answers

MOST_BYTES = 10 * 2**20


class FileTooLarge(Refusal):
    code, status = "supplier.file_too_large", 413
    sentence = "This file is larger than 10 MB. Send a smaller scan, or split it."


class NoFile(Refusal):
    code, status = "supplier.no_file", 422
    sentence = "Choose a file first: a PDF, JPEG or PNG."


@never_cache
@require_GET
def room(request: HttpRequest, secret: str) -> HttpResponse:
    visit = actions.enter_room(secret=secret, now=timezone.now(), to="room")
    return _room(request, visit, secret)


@never_cache
@require_GET
def packet(request: HttpRequest, secret: str) -> HttpResponse:
    """The whole packet as it was sent."""
    visit = actions.enter_room(secret=secret, now=timezone.now(), to="packet")
    name, data = supplier_queries.packet_download(visit=visit)
    return _file(name, data, shown=False)


@never_cache
@require_GET
def file(request: HttpRequest, secret: str, name: str) -> HttpResponse:
    """One file out of the packet: a redacted photo, the summary, the defect list."""
    visit = actions.enter_room(secret=secret, now=timezone.now(), to="photo")
    return _file(name, supplier_queries.packet_file(visit=visit, name=name), shown=True)


@never_cache
@require_POST
def answer(request: HttpRequest, secret: str) -> HttpResponse:
    """Answers to one or many lines: all of them are taken, or none."""
    visit = actions.enter_room(secret=secret, now=timezone.now(), to="answer")
    shown = supplier_queries.supplier_room(visit=visit)
    try:
        answers = read_answers(request.POST.dict(), shown.lines)
        claim = supplier_queries.claim_of(visit=visit)
        kept = actions.answer(claim=claim, answers=answers, at=timezone.now(), actor=visit.actor)
    except NotFound:
        raise
    except Refusal as refusal:
        return _room(request, visit, secret, refusal=refusal)
    messages.success(request, f"Thank you. {len(kept)} answer{'' if len(kept) == 1 else 's'} received.")
    return redirect("supplier:room", secret=secret)


@never_cache
@require_POST
def evidence(request: HttpRequest, secret: str) -> HttpResponse:
    """Counter-evidence: one file, kept as a version of the supplier's response."""
    visit = actions.enter_room(secret=secret, now=timezone.now(), to="answer")
    try:
        data = _read(request)
        claim = supplier_queries.claim_of(visit=visit)
        actions.counter_evidence(claim=claim, data=data, why=request.POST.get("why", ""), actor=visit.actor)
    except NotFound:
        raise
    except Refusal as refusal:
        return _room(request, visit, secret, refusal=refusal)
    messages.success(request, "Thank you. Your file is kept with the claim.")
    return redirect("supplier:room", secret=secret)


@never_cache
@require_POST
def answer_question(request: HttpRequest, secret: str, question_id: UUID) -> HttpResponse:
    visit = actions.enter_room(secret=secret, now=timezone.now(), to="answer")
    question = supplier_queries.question_of(visit=visit, question_id=question_id)
    try:
        actions.answer_question(
            question=question, answer=request.POST.get("answer", ""), at=timezone.now(), actor=visit.actor
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return _room(request, visit, secret, refusal=refusal, asked=question_id)
    messages.success(request, "Thank you. Your answer is received.")
    return redirect("supplier:room", secret=secret)


def _room(
    request: HttpRequest, visit: Visit, secret: str, refusal: Refusal | None = None, asked: UUID | None = None
) -> HttpResponse:
    """The page; after a refusal with everything still there that was typed. ``asked``: the question answered."""
    shown = supplier_queries.supplier_room(visit=visit)
    typed = request.POST if refusal else {}
    context = {
        "room": shown,
        "rows": [(line, {name: typed.get(f"{name}-{line.line_id}", "") for name in _FIELDS}) for line in shown.lines],
        "typed": typed,
        "asked": asked,
        "secret": secret,
        "site_name": settings.RECOUP_SITE_NAME,
        "refusal": refusal.say() if refusal else "",
    }
    answer = render(request, "supplier/room.html", context, status=refusal.status if refusal else 200)
    answer["X-Robots-Tag"] = "noindex"
    return answer


_FIELDS = ("verdict", "amount", "reason")


def _read(request: HttpRequest) -> bytes:
    upload = request.FILES.get("file")
    if upload is None:
        raise NoFile()
    if (upload.size or 0) > MOST_BYTES:
        raise FileTooLarge()
    data: bytes = upload.read()
    return data


def _file(name: str, data: bytes, *, shown: bool) -> HttpResponse:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    place = "inline" if shown and kind in ("image/jpeg", "application/pdf") else "attachment"
    return HttpResponse(
        data,
        content_type=kind,
        headers={
            "Content-Disposition": f'{place}; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex",
        },
    )
