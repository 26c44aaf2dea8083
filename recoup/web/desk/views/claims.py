"""The list of claims, and one claim's file in six tabs."""

from __future__ import annotations

import datetime
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from recoup.domain.claims import actions, part_queries, queries
from recoup.domain.claims.pages import ClaimPage, ClaimRow
from recoup.domain.claims.states import WITH_SUPPLIER
from recoup.web.desk import claim_words as words
from recoup.web.desk import typed
from recoup.web.desk.doors import DeskRequest, onward, show, staff_only

APPROVAL_DAYS = 14  # how long a buyer's yes lasts unless they say otherwise


@staff_only(*queries.READERS)
@require_GET
def listing(request: DeskRequest) -> HttpResponseBase:
    """Claims by what they wait for; a search looks through all of them."""
    asked, chosen = request.GET.get("q", "").strip(), request.GET.get("show", "open")
    chosen = chosen if chosen in words.GROUPS else "open"
    counted = queries.counts(request.actor)
    rows = _rows(request, asked, words.GROUPS[chosen][1])
    return show(
        request,
        "desk/claims.html",
        room="desk:claims",
        rows=[(row, words.state_of(row)) for row in rows],
        filters=[
            (name, said, sum(counted[state] for state in states)) for name, (said, states) in words.GROUPS.items()
        ],
        chosen="" if asked else chosen,
        asked_claims=asked,
        any_claims=any(counted.values()),
        ungathered=queries.ungathered(request.actor),
        taken_out=queries.taken_out(request.actor),
        may_gather=request.actor.may("buyer", "quality"),
    )


def _rows(request: DeskRequest, asked: str, states: tuple[str, ...]) -> list[ClaimRow]:
    if asked:
        return queries.claims_list(request.actor, search=asked)
    if states == ("closed",):
        return queries.claims_list(request.actor, state="closed")
    return [row for row in queries.claims_list(request.actor) if row.state in states]


@staff_only("buyer", "quality")
@require_POST
def gather(request: DeskRequest, line_id: UUID) -> HttpResponseBase:
    """A line whose supplier is known by now joins its claim."""
    line = part_queries.access_return_line(request.actor, line_id)
    claim = actions.gather(return_line=line, at=timezone.now(), actor=request.actor)
    if claim is None:
        return onward(request, "desk:claims")
    return onward(request, "desk:claim", claim.number, said=f"{line.return_case.number} is part of this claim now.")


@staff_only(*queries.READERS)
@require_GET
def page(request: DeskRequest, number: str) -> HttpResponseBase:
    """The decision sentence, and one of the six tabs."""
    found = queries.claim_page(request.actor, number, now=timezone.now())
    tab = request.GET.get("tab", "")
    tab = tab if tab in found.dots else words.first_tab(found)
    return show(
        request,
        "desk/claim.html",
        room="desk:claims",
        page=found,
        state=words.state_of(found),
        waits_for=words.waits_for(found),
        step=words.step(found, request.actor),
        tabs=words.tabs(found),
        tab=tab,
        panel=f"desk/claim_{tab}.html",
        may=words.may(request.actor),
        reopenable=found.state in ("recovered", "written_off", "closed")
        and bool(found.lines)
        and words.may(request.actor).approve,
        gathering=found.state in words.GATHERING,
        watching=_watching(found),
        **_TABS[tab](request, found),
    )


def _watching(found: ClaimPage) -> str:
    """What changes by itself in a moment; '' when nothing does."""
    return f"{found.state}-{words.undone(found)}" if found.state == "approved" or words.undone(found) else ""


@staff_only(*queries.READERS)
@require_GET
def watch(request: DeskRequest, number: str) -> HttpResponseBase:
    """Asked every few seconds by a page that waits for work in the background: reload once it has moved."""
    found = queries.claim_page(request.actor, number, now=timezone.now())
    moved = request.GET.get("was", "") != f"{found.state}-{words.undone(found)}"
    return HttpResponse(status=204, headers={"HX-Refresh": "true"} if moved else {})


def _what_happened(request: DeskRequest, found: ClaimPage) -> dict[str, object]:
    return {"story": reversed(found.timeline), "sources": words.SOURCES}


def _evidence(request: DeskRequest, found: ClaimPage) -> dict[str, object]:
    done = sum(photo.copy_state in ("signed", "rejected") for photo in found.photos)
    return {
        "photos": [(photo, words.COPIES[photo.copy_state]) for photo in found.photos],
        "done": done,
        "undone": words.undone(found),
        "to_sign": words.to_sign(found),
    }


def _documents(request: DeskRequest, found: ClaimPage) -> dict[str, object]:
    document = words.chosen(found.documents, request.GET.get("document", ""))
    current, prior = document.current, document.prior
    asked = typed.whole(request.GET.get("beside", ""))
    beside = next((each for each in document.versions if each.number == asked and each != current), prior)
    changed = [change.field for change in current.changes] if current else []
    return {
        "document": document,
        "beside": beside,
        "changes": words.changes(beside, current),
        "current_fields": words.fields(current, changed),
        "prior_fields": words.fields(beside, changed),
        "editable": [(name, current.fields.get(name, "") if current else "") for name in words.TYPED],
    }


def _approval(request: DeskRequest, found: ClaimPage) -> dict[str, object]:
    until = timezone.now().date() + datetime.timedelta(days=APPROVAL_DAYS)
    return {"until": until, "hindered": [each for each in found.missing if each.blocks]}


def _supplier(request: DeskRequest, found: ClaimPage) -> dict[str, object]:
    due = timezone.now().date() + datetime.timedelta(days=7)
    return {
        "lines": [(line, words.ANSWERS[line.answer]) for line in found.lines],
        "answered": words.answered(found),
        "due": due,
        "may_write": words.may(request.actor).approve and found.state in words.ANSWERABLE,
        "may_ask": words.may(request.actor).decide and found.state in (*words.GATHERING, *words.ANSWERABLE),
    }


def _recovery(request: DeskRequest, found: ClaimPage) -> dict[str, object]:
    allowed = words.may(request.actor)
    return {
        "kinds": words.RECOVERY_KINDS,
        "may_record": allowed.money and found.state in words.RECOVERABLE and bool(found.money.open),
        "may_write_off": allowed.money
        and found.state in (*words.RECOVERABLE, "refused")
        and bool(found.money.open)
        and not found.money.unmatched,
        "may_settle": allowed.approve and words.nothing_left(found),
        "answer_first": found.state in WITH_SUPPLIER and bool(found.money.open),
        "closeout": [(name, words.CLOSEOUT[name], line) for name, line in found.closeout.as_dict().items()],
        "documents": {each.kind: each.title for each in found.documents},
    }


_TABS = {
    "what_happened": _what_happened,
    "evidence": _evidence,
    "documents": _documents,
    "approval": _approval,
    "supplier": _supplier,
    "recovery": _recovery,
}
