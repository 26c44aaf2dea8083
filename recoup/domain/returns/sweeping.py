"""No wait goes on for ever: customers are reminded, and what has not moved or been answered comes to a person."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from recoup.domain.returns import actions, queries
from recoup.domain.returns.actions.waiting import IN_VAIN
from recoup.domain.returns.models import Return
from recoup.foundation.jobs.registry import periodic
from recoup.kit.actor import SYSTEM

_AT_ONCE = 100


@periodic("* * * * *", "returns.sweep")
def sweep() -> None:
    now = timezone.now()
    judge_overdue(now=now)
    hand_over_overdue(now=now)


@periodic("*/15 * * * *", "returns.remind")
def remind() -> None:
    remind_unfinished(now=timezone.now())


def remind_unfinished(*, now: datetime) -> int:
    """Customers who began and did not send, or did not answer, are reminded when it is time; returns how many."""
    due = [each.link for each in queries.unfinished(now=now) if each.due(now)]
    return sum(bool(actions.remind(link=link, at=now, actor=SYSTEM)) for link in due)


def judge_overdue(*, now: datetime) -> int:
    """Cases whose photos never came or were never judged are judged by what there is; returns how many."""
    late = Return.objects.filter(waiting_for="nobody", deadline_at__lt=now, lines__decision="open").distinct()
    return sum(bool(actions.verify(return_case=case, at=now, actor=SYSTEM, patient=False)) for case in late[:_AT_ONCE])


def hand_over_overdue(*, now: datetime) -> int:
    """Answers, orders and goods that have not come in time: an agent decides what next, once; returns how many."""
    late = Return.objects.filter(waiting_for__in=IN_VAIN, deadline_at__lt=now).order_by("deadline_at")
    return sum(actions.hand_over(return_case=case, at=now, actor=SYSTEM) for case in late[:_AT_ONCE])
