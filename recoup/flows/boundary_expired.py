"""An approval ended before the packet left: the buyers hear that the claim waits for them again."""

from __future__ import annotations

from recoup.domain.claims import notes
from recoup.domain.claims.facts import BoundaryExpired
from recoup.foundation.facts.flows import flow


@flow
def tell_buyers_of_expiry(fact: BoundaryExpired) -> None:
    notes.boundary_expired(claim_id=fact.claim_id)
