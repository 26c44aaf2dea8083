"""Something came back from a supplier: finance hears of it, and what is still open."""

from __future__ import annotations

from recoup.domain.claims import notes
from recoup.domain.claims.facts import RecoveryRecorded
from recoup.foundation.facts.flows import flow


@flow
def tell_finance(fact: RecoveryRecorded) -> None:
    notes.recovery_recorded(recovery_id=fact.recovery_id)
