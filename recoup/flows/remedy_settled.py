"""A remedy was settled: the customer hears that the money was sent, has the credit's code, or that the parcel left."""

from __future__ import annotations

from recoup.domain.returns import letters, queries
from recoup.domain.returns.facts import RemedySettled
from recoup.foundation.facts.flows import flow
from recoup.kit.actor import SYSTEM


@flow
def tell_customer_settled(fact: RemedySettled) -> None:
    letters.money_sent(remedy=queries.remedy_of(fact.remedy_id), actor=SYSTEM)
