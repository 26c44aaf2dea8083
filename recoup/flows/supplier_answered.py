"""A supplier answered: the buyers hear what, and how much is accepted so far."""

from __future__ import annotations

from recoup.domain.claims import notes
from recoup.domain.claims.facts import SupplierAnswered
from recoup.foundation.facts.flows import flow


@flow
def tell_buyers_of_answer(fact: SupplierAnswered) -> None:
    notes.supplier_answered(claim_id=fact.claim_id)
