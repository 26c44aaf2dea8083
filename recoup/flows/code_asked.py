"""Somebody asked at the front door: if an order fits, the code goes to the address on it."""

from __future__ import annotations

from django.utils import timezone

from recoup.domain.returns import letters
from recoup.domain.returns.facts import CodeAsked
from recoup.foundation.facts.flows import flow
from recoup.kit.actor import SYSTEM


@flow
def send_code(fact: CodeAsked) -> None:
    letters.one_time_code(code_id=fact.code_id, at=timezone.now(), actor=SYSTEM)
