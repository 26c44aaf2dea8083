"""Dead letters: what will not go on by itself, in groups that died of the same, each with a way back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.views.decorators.http import require_GET, require_POST

from recoup.channels.kinds import KINDS, kind
from recoup.domain.orders import actions as orders_actions
from recoup.domain.orders import queries as orders
from recoup.domain.orders.queries import DeadDelivery, DeadGroup
from recoup.foundation.jobs import actions as jobs_actions
from recoup.foundation.jobs import queries as jobs
from recoup.foundation.jobs.models import DeadLetter
from recoup.foundation.notices import actions as notices_actions
from recoup.foundation.notices import queries as notices
from recoup.web.desk.doors import DeskRequest, onward, show, staff_only

READERS = ("agent", "finance", "buyer")
OPENERS = ("agent",)  # an order's bytes have a customer in them
_MOST = 100  # replayed by one press
_SHOWN = 5  # dead deliveries of a group, and reasons of each, that the page names


@dataclass(frozen=True, slots=True)
class JobGroup:
    """Jobs of one kind that stopped for the same reason."""

    group: str
    what: str
    error: str
    count: int
    since: datetime
    latest: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """One dead delivery; ``stops`` are place ('' where the sentence says it) and sentence of what blocks it."""

    dead: DeadDelivery
    name: str
    stops: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DeliveryGroup:
    """Deliveries that died of the same: the latest of them by name, and how many ``more`` there are."""

    group: DeadGroup
    letters: list[Letter]
    more: int


@staff_only(*READERS)
@require_GET
def page(request: DeskRequest) -> HttpResponseBase:
    return show(
        request,
        "desk/dead_letters.html",
        room="desk:dead_letters",
        jobs=_grouped(jobs.dead_letters()),
        deliveries=[_delivery_group(each) for each in orders.dead_letters()],
        sees_bytes=request.actor.may(*OPENERS),
        parked=orders.deliveries(state="parked", limit=50),
        notices=notices.failed(),
        workers=jobs.workers(),
        waiting=jobs.waiting(),
    )


def _delivery_group(group: DeadGroup) -> DeliveryGroup:
    letters = [_letter(each) for each in orders.dead_of(group.fingerprint, limit=_SHOWN)]
    return DeliveryGroup(group, letters, group.count - len(letters))


def _letter(dead: DeadDelivery) -> Letter:
    name = kind(dead.kind).named(dead.body) if dead.body is not None and dead.kind in KINDS else ""
    stops = [
        ("" if each["sentence"].lower().startswith(place := _place(each["pointer"])) else place, each["sentence"])
        for each in dead.problems
        if each["severity"] == "block"
    ]
    return Letter(dead, name or "no order that can be read", stops[:_SHOWN])


def _place(pointer: str) -> str:
    """A table's rows and columns in words; in other documents the pointer itself."""
    match = re.fullmatch(r"/row/(\d+)(?:/(.+))?", pointer)
    if not match:
        return pointer or "the whole document"
    return f"row {match[1]}, column “{match[2]}”" if match[2] else f"row {match[1]}"


def _grouped(letters: Sequence[DeadLetter]) -> list[JobGroup]:
    ordered = sorted(letters, key=lambda letter: letter.group)
    groups = [_job_group(name, list(members)) for name, members in groupby(ordered, key=lambda letter: letter.group)]
    return sorted(groups, key=lambda each: each.latest, reverse=True)


def _job_group(name: str, members: Sequence[DeadLetter]) -> JobGroup:
    times = [letter.failed_at for letter in members]
    newest = max(members, key=lambda letter: letter.failed_at)
    what = newest.flow.rpartition(".")[2] or newest.name
    return JobGroup(name, what.replace("_", " "), newest.error, len(members), min(times), max(times))


@staff_only(*READERS)
@require_POST
def replay_jobs(request: DeskRequest) -> HttpResponseBase:
    """Run every job of a group again, at most a hundred at a time."""
    group = request.POST.get("group", "")
    letters = [letter for letter in jobs.dead_letters() if letter.group == group][:_MOST]
    for letter in letters:
        jobs_actions.replay(job_id=letter.job_id, actor=request.actor)
    return onward(request, "desk:dead_letters", said=_said(len(letters), "job"))


@staff_only(*READERS)
@require_POST
def replay_deliveries(request: DeskRequest) -> HttpResponseBase:
    """Send every delivery of a group through the gates again, at most a hundred at a time."""
    fingerprint = request.POST.get("fingerprint", "")
    count = orders_actions.replay_group(fingerprint=fingerprint, actor=request.actor, limit=_MOST)
    return onward(request, "desk:dead_letters", said=_said(count, "delivery", "deliveries"))


@staff_only(*READERS)
@require_POST
def set_aside(request: DeskRequest, delivery_id: UUID) -> HttpResponseBase:
    """Nothing is to come of this delivery, for the reason given."""
    reason = request.POST.get("reason", "")
    orders_actions.set_aside(delivery=orders.delivery(delivery_id), reason=reason, actor=request.actor)
    return onward(request, "desk:dead_letters", said="It is set aside, and kept with your reason.")


@staff_only(*OPENERS)
@require_GET
def came(request: DeskRequest, delivery_id: UUID) -> HttpResponseBase:
    """The bytes as they came, as plain text, for those who may see orders; the trail keeps who looked."""
    data = orders_actions.open_bytes(delivery=orders.delivery(delivery_id), actor=request.actor)
    response = HttpResponse(data, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="delivery-{delivery_id}.txt"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


@staff_only(*READERS)
@require_POST
def send_again(request: DeskRequest, notice_id: UUID) -> HttpResponseBase:
    """Try to send a message once more."""
    notices_actions.send_again(notice=notices.notice(notice_id=notice_id), actor=request.actor)
    return onward(request, "desk:dead_letters", said="The message is on its way again.")


def _said(count: int, one: str, many: str = "") -> str:
    if not count:
        return "Nothing was left to run again: somebody was faster."
    words = f"1 {one} is" if count == 1 else f"{count} {many or one + 's'} are"
    return f"{words} running again. What stays down comes back here."
