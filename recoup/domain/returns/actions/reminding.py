"""Remind the customer of what they left unfinished: twice at most, by day, and of nothing that is over."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from recoup.domain.returns import queries
from recoup.domain.returns.actions.holding import hold, hold_link
from recoup.domain.returns.facts import CustomerReminded
from recoup.domain.returns.models import CaptureLink, Reminder
from recoup.foundation.audit import actions as audit
from recoup.foundation.facts import actions as facts
from recoup.kit.actor import Actor


@transaction.atomic
def remind(*, link: CaptureLink, at: datetime, actor: Actor) -> int:
    """Have the customer reminded, if they still should be: the number of the reminder, 0 when none is due any more."""
    held = hold_link(link)
    case = hold(held.return_case_id) if held.return_case_id else None
    for waiting in queries.unfinished(now=at, link_id=held.pk):
        nothing_left = waiting.ask_id is None and held.order is not None and not queries.anything_left(held.order)
        if not nothing_left and (number := waiting.due(at)):
            kept = Reminder.objects.create(link=held, ask_id=waiting.ask_id, number=number, created_at=at)
            verb = "return.reminded" if waiting.ask_id else "link.reminded"
            audit.record(verb=verb, subject=case or held, actor=actor, number=number)
            facts.tell(CustomerReminded(reminder_id=kept.pk))
            return number
    return 0
