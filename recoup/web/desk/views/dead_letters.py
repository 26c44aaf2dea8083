"""Dead letters: what will not go on by itself, in groups that died of the same, each with a way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.http import HttpResponseBase
from django.views.decorators.http import require_GET, require_POST

from recoup.domain.orders import actions as orders_actions
from recoup.domain.orders import queries as orders
from recoup.foundation.jobs import actions as jobs_actions
from recoup.foundation.jobs import queries as jobs
from recoup.foundation.jobs.models import DeadLetter
from recoup.foundation.notices import actions as notices_actions
from recoup.foundation.notices import queries as notices
from recoup.web.desk.doors import DeskRequest, onward, show, staff_only

READERS = ("agent", "finance", "buyer")
_MOST = 100  # replayed by one press


@dataclass(frozen=True, slots=True)
class JobGroup:
    """Jobs of one kind that stopped for the same reason."""

    group: str
    what: str
    error: str
    count: int
    since: datetime
    latest: datetime


@staff_only(*READERS)
@require_GET
def page(request: DeskRequest) -> HttpResponseBase:
    return show(
        request,
        "desk/dead_letters.html",
        room="desk:dead_letters",
        jobs=_grouped(jobs.dead_letters()),
        deliveries=orders.dead_letters(),
        parked=orders.deliveries(state="parked", limit=50),
        notices=notices.failed(),
        workers=jobs.workers(),
        waiting=jobs.waiting(),
    )


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
def send_again(request: DeskRequest, notice_id: UUID) -> HttpResponseBase:
    """Try to send a message once more."""
    notices_actions.send_again(notice=notices.notice(notice_id=notice_id), actor=request.actor)
    return onward(request, "desk:dead_letters", said="The message is on its way again.")


def _said(count: int, one: str, many: str = "") -> str:
    if not count:
        return "Nothing was left to run again: somebody was faster."
    words = f"1 {one} is" if count == 1 else f"{count} {many or one + 's'} are"
    return f"{words} running again. What stays down comes back here."
