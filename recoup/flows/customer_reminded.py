"""A customer left something unfinished: they get one short sentence and a way back."""

from __future__ import annotations

from django.utils import timezone

from recoup.domain.returns import letters
from recoup.domain.returns.facts import CustomerReminded
from recoup.foundation.facts.flows import flow
from recoup.kit.actor import SYSTEM


@flow
def remind_customer(fact: CustomerReminded) -> None:
    letters.reminder(reminder_id=fact.reminder_id, at=timezone.now(), actor=SYSTEM)
