"""A remedy was carried out: the customer hears that the money, the credit or the replacement is on its way."""

from __future__ import annotations

from recoup.domain.returns import letters, queries
from recoup.domain.returns.facts import RemedyPosted
from recoup.foundation.facts.flows import flow
from recoup.kit.actor import SYSTEM


@flow
def tell_customer_paid(fact: RemedyPosted) -> None:
    letters.money_sent(remedy=queries.remedy_of(fact.remedy_id), actor=SYSTEM)
