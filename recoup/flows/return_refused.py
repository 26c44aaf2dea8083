"""A line was refused: the customer hears why, and how to disagree."""

from __future__ import annotations

from recoup.domain.returns import letters, queries
from recoup.domain.returns.facts import ReturnLineRefused
from recoup.foundation.facts.flows import flow
from recoup.kit.actor import SYSTEM


@flow
def tell_customer_refused(fact: ReturnLineRefused) -> None:
    letters.refused(line=queries.line_of(fact.line_id), actor=SYSTEM)
