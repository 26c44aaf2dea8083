"""A case: photos, checks and the decision on one page; every key posts one action and comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from recoup.domain.orders import queries as orders
from recoup.domain.returns import actions, previews, queries
from recoup.domain.returns.label import render_label
from recoup.kit.refusal import Refusal
from recoup.web.desk import case_words as words
from recoup.web.desk.doors import DeskRequest, onward, show, staff_only

READERS = ("agent", "quality", "finance", "buyer", "warehouse")


class NothingChosen(Refusal):
    code, status = "desk.nothing_chosen", 422
    sentence = "Choose first which item of the order it is."


@staff_only(*READERS)
@require_GET
def page(request: DeskRequest, number: str) -> HttpResponseBase:
    found = queries.case_page(request.actor, number, now=timezone.now())
    asked = request.GET.get("order", "").strip()
    return show(
        request,
        "desk/case.html",
        room="desk:queue",
        page=found,
        case=found.case,
        lines=words.lines_of(found),
        story=[(event, words.icon_of(event.verb)) for event in reversed(found.timeline)],
        may_take=request.actor.may("agent"),
        to_lose=next((item.line.pk for item in found.lines if item.may_lose), None),
        wait_days=words.WAIT_DAYS.get(found.overdue_for, 0),
        candidates=orders.search_orders(asked, limit=5) if asked else found.candidates,
        order_asked=asked or found.case.order_typed,
    )


def _decide(request: DeskRequest, line_id: UUID, verb: Callable[..., Any], said: str, **how: Any) -> HttpResponseBase:
    """Take the case and do one thing to a line, both or neither; then back to the case."""
    line = queries.access_line(actor=request.actor, line_id=line_id)
    with transaction.atomic():
        actions.take(return_case=line.return_case, actor=request.actor)
        verb(line=line, at=timezone.now(), actor=request.actor, **how)
    return onward(request, "desk:case", line.return_case.number, said=said)


@staff_only("agent")
@require_POST
def approve(request: DeskRequest, line_id: UUID) -> HttpResponseBase:
    form, remedy = request.POST, request.POST.get("remedy", "")
    how = {"remedy": remedy, "reason": form.get("reason", ""), "goods_back": form.get("keep") != "on"}
    return _decide(request, line_id, actions.approve, f"Approved. {_NEXT.get(remedy, '')}", **how)


#: What follows an approval, by remedy.
_NEXT = {
    "refund": "The customer’s page says so now. Finance finds the refund under “To pay”, and says when it was paid.",
    "store_credit": "The customer gets a letter with the code.",
    "replacement": "The customer’s page says so now. Send it, and note here when it has left.",
}


@staff_only("agent")
@require_POST
def ask(request: DeskRequest, line_id: UUID) -> HttpResponseBase:
    how = {"shots": request.POST.getlist("shots"), "reason": request.POST.get("reason", "")}
    return _decide(request, line_id, actions.ask, "Asked. The customer’s own link takes photos again.", **how)


@staff_only("agent")
@require_GET
def ask_preview(request: DeskRequest, line_id: UUID) -> HttpResponseBase:
    """The letter as the customer would read it."""
    line, form = queries.access_line(actor=request.actor, line_id=line_id), request.GET
    shots, reason = form.getlist("shots"), form.get("reason", "").strip()[:400]
    letter = previews.need_more(actor=request.actor, line=line, shots=shots, reason=reason, at=timezone.now())
    return show(request, "desk/ask_preview.html", letter=letter if shots else None)


@staff_only("agent")
@require_POST
def refuse(request: DeskRequest, line_id: UUID) -> HttpResponseBase:
    said = "Refused. The customer reads the reason, and may ask for another look."
    return _decide(request, line_id, actions.refuse, said, reason=request.POST.get("reason", ""))


@staff_only("agent")
@require_POST
def take(request: DeskRequest, number: str) -> HttpResponseBase:
    case = queries.access_case(actor=request.actor, number=number)
    actions.take(return_case=case, actor=request.actor)
    return onward(request, "desk:case", number)


@staff_only("agent")
@require_POST
def release(request: DeskRequest, number: str) -> HttpResponseBase:
    case = queries.access_case(actor=request.actor, number=number)
    actions.release(return_case=case, actor=request.actor)
    return onward(request, "desk:case", number, said="Anybody may take the case now.")


@staff_only("agent")
@require_POST
def wait_longer(request: DeskRequest, number: str) -> HttpResponseBase:
    """What is overdue may still come."""
    case = queries.access_case(actor=request.actor, number=number)
    actions.wait_longer(return_case=case, at=timezone.now(), actor=request.actor)
    return onward(
        request, "desk:case", number, said="The wait begins anew. If it ends in vain, the case comes back to the queue."
    )


@staff_only(*READERS)
@require_POST
def message(request: DeskRequest, number: str) -> HttpResponseBase:
    """A word to the customer, or among us."""
    case = queries.access_case(actor=request.actor, number=number)
    audience = "customer" if request.POST.get("audience") == "customer" else "staff"
    actions.write_message(return_case=case, body=request.POST.get("body", ""), audience=audience, actor=request.actor)
    return onward(request, "desk:case", number)


@staff_only("agent")
@require_POST
def attach(request: DeskRequest, line_id: UUID) -> HttpResponseBase:
    """Tie a blind return to the order line that it is of."""
    line = queries.access_line(actor=request.actor, line_id=line_id)
    order_line = orders.line(_uuid(request.POST.get("order_line", "")))
    actions.attach_order(
        return_case=line.return_case, order=order_line.order, lines={line.pk: order_line}, how="agent",
        at=timezone.now(), actor=request.actor,
    )  # fmt: skip
    return onward(request, "desk:case", line.return_case.number, said="Tied to the order. It is being checked again.")


def _uuid(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise NothingChosen() from None


@staff_only("agent", "finance")
@require_POST
def retry(request: DeskRequest, remedy_id: UUID) -> HttpResponseBase:
    remedy = queries.access_remedy(actor=request.actor, remedy_id=remedy_id)
    actions.retry_remedy(remedy=remedy, at=timezone.now(), actor=request.actor)
    return onward(request, "desk:case", remedy.line.return_case.number, said="It worked this time.")


@staff_only("agent", "warehouse")
@require_POST
def fulfil(request: DeskRequest, remedy_id: UUID) -> HttpResponseBase:
    """The replacement has left."""
    remedy = queries.access_remedy(actor=request.actor, remedy_id=remedy_id)
    actions.fulfil(remedy=remedy, note=request.POST.get("note", ""), actor=request.actor)
    return onward(request, "desk:case", remedy.line.return_case.number, said="Noted: the replacement is on its way.")


@staff_only("agent")
@require_POST
def cancel(request: DeskRequest, line_id: UUID) -> HttpResponseBase:
    """The customer keeps the item."""
    return _decide(request, line_id, actions.cancel, "Cancelled.", reason=request.POST.get("reason", ""))


@staff_only("agent", "warehouse")
@require_GET
def label(request: DeskRequest, number: str) -> HttpResponseBase:
    """The RMA label as PDF, to print for a customer who has no printer."""
    case = queries.access_case(actor=request.actor, number=number)
    response = HttpResponse(
        render_label(
            case,
            seller=settings.RECOUP_SITE_NAME,
            send_to=settings.RECOUP_RETURN_ADDRESS,
            logo=settings.RECOUP_BRAND.logo_file,
        ),
        content_type="application/pdf",
    )
    response["Content-Disposition"] = f'inline; filename="{case.rma_number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
