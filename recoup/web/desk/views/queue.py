"""The queue: what waits, for whom, and what would be decided; the chosen case beside it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from recoup.domain.returns import queries
from recoup.web.desk.doors import DeskRequest, show, staff_only

READERS = ("agent", "quality")
PAGE = 50
#: The filters as plain words; "mine" lies across the drawers.
FILTERS = {"mine": "Mine", **queries.DRAWERS}
#: An empty drawer says what will be there, and the one thing to do now.
EMPTY = {
    "mine": "You have taken no case. Open one and press t, and nobody else works on it meanwhile.",
    "agent": "Nothing waits for a decision. Clear cases are decided by themselves; the rest come here, the most pressing first.",
    "customer": "No customer owes us a photo. Cases wait here after you ask for one, until it comes or its time is over.",
    "order": "Every case knows its order. When a customer types a number that no shop has told us yet, the case waits here.",
    "goods": "No goods are on their way. Approved cases wait here until the parcel is scanned at Receiving.",
    "done": "No case is settled yet.",
    "all": "No customer has sent anything yet. Open a link for an order and give it to its customer.",
}


@staff_only(*READERS)
@require_GET
def queue(request: DeskRequest) -> HttpResponseBase:
    """One drawer, fifty cases at a time."""
    chosen = request.GET.get("show", "agent")
    chosen = chosen if chosen in FILTERS else "agent"
    start = _count(request.GET.get("from", ""))
    found = queries.desk_queue(
        request.actor, now=timezone.now(), drawer="all" if chosen == "mine" else chosen, mine=chosen == "mine",
        limit=PAGE, offset=start,
    )  # fmt: skip
    return show(
        request,
        "desk/queue.html",
        room="desk:queue",
        chosen=chosen,
        filters=[(name, words, found.counts.get(name)) for name, words in FILTERS.items()],
        rows=found.rows,
        total=found.total,
        first=start + 1,
        last=start + len(found.rows),
        earlier=urlencode({"show": chosen, "from": max(start - PAGE, 0)}) if start else "",
        later=urlencode({"show": chosen, "from": start + PAGE}) if start + PAGE < found.total else "",
        empty=EMPTY[chosen],
    )


def _count(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 8 else 0


@staff_only(*READERS)
@require_GET
def preview(request: DeskRequest, number: str) -> HttpResponseBase:
    """The case in short, for the side of the queue."""
    return show(request, "desk/preview.html", page=queries.case_page(request.actor, number, now=timezone.now()))
