"""The receiving station and the stock table."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from recoup.domain.returns import actions as returns
from recoup.domain.warehouse import actions, queries
from recoup.kit.refusal import Refusal
from recoup.web.desk import typed
from recoup.web.desk.doors import DeskRequest, onward, show, staff_only

READERS = ("warehouse", "agent", "quality", "buyer", "finance")


@staff_only("warehouse")
@require_GET
def station(request: DeskRequest) -> HttpResponseBase:
    """One big field; after a scan, what is in the box and three choices."""
    scanned = request.GET.get("code", "").strip()
    found, refusal = None, None
    if scanned:
        try:
            found = queries.scan(actor=request.actor, typed=scanned)
        except Refusal as no:
            refusal = no
    return show(
        request,
        "desk/receiving.html",
        room="desk:receiving",
        typed=scanned,
        found=found,
        refusal=refusal,
        sites=queries.sites(),
        grades=queries.GRADES,
        awaited=queries.awaited(actor=request.actor, limit=20),
        receipts=queries.latest_receipts(actor=request.actor, limit=10),
    )


@staff_only("warehouse")
@require_POST
def receive(request: DeskRequest, line_id: UUID) -> HttpResponseBase:
    """Book goods into Quality Reject."""
    line = queries.access_line(actor=request.actor, line_id=line_id)
    form = request.POST
    actions.receive(
        line=line,
        site=queries.access_site(actor=request.actor, code=form.get("site", "")),
        quantity=_count(form.get("quantity", "")),
        grade=form.get("grade", ""),
        right_item=form.get("wrong_item") != "on",
        serial=form.get("serial", "").strip(),
        note=form.get("note", "").strip(),
        at=timezone.now(),
        actor=request.actor,
    )
    return onward(request, "desk:receiving", said=f"{line.return_case.rma_number}: taken in, now in Quality Reject.")


@staff_only("warehouse", "agent")
@require_POST
def lost(request: DeskRequest, line_id: UUID) -> HttpResponseBase:
    """The goods will not come."""
    line = queries.access_line(actor=request.actor, line_id=line_id)
    returns.lose_goods(line=line, why=typed.text(request.POST, "why"), at=timezone.now(), actor=request.actor)
    said = "Marked as lost; nobody waits for the goods any more. What the customer was granted stands."
    return onward(request, "desk:case", line.return_case.number, said=said)


@staff_only(*READERS)
@require_GET
def stock(request: DeskRequest) -> HttpResponseBase:
    """What lies where, and whether it may be sold."""
    return show(
        request,
        "desk/stock.html",
        room="desk:stock",
        rows=queries.stock(actor=request.actor),
        receipts=queries.latest_receipts(actor=request.actor),
        dispositions=queries.DISPOSITIONS,
        may_dispose=request.actor.may("warehouse", "quality"),
    )


@staff_only("warehouse", "quality")
@require_http_methods(["POST"])
def dispose(request: DeskRequest, receipt_id: UUID) -> HttpResponseBase:
    """Decide where goods in Quality Reject go."""
    form = request.POST
    actions.dispose(
        receipt=queries.access_receipt(actor=request.actor, receipt_id=receipt_id),
        kind=form.get("kind", ""),
        quantity=_count(form.get("quantity", "")),
        reason=form.get("reason", "").strip(),
        at=timezone.now(),
        actor=request.actor,
    )
    return onward(request, "desk:stock", said="Noted. The goods have left Quality Reject.")


def _count(typed: str) -> int:
    """0 for what is no number; of an endless one, enough digits to be too many."""
    return int(typed[:12]) if typed.isdecimal() else 0
