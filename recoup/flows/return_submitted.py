"""A return was sent in, or something about it changed: it verifies itself, and the customer is thanked."""

from __future__ import annotations

from django.utils import timezone

from recoup.domain.returns import actions, letters, queries
from recoup.domain.returns.facts import EvidenceChanged, ReturnSubmitted
from recoup.foundation.facts.flows import flow
from recoup.kit.actor import SYSTEM


@flow
def verify_submitted(fact: ReturnSubmitted) -> None:
    actions.verify(return_case=queries.return_of(fact.return_id), at=timezone.now(), actor=SYSTEM)


@flow
def thank_customer(fact: ReturnSubmitted) -> None:
    letters.received(case=queries.return_of(fact.return_id), actor=SYSTEM)


@flow
def verify_again(fact: EvidenceChanged) -> None:
    actions.verify(return_case=queries.return_of(fact.return_id), at=timezone.now(), actor=SYSTEM)
