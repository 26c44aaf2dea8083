"""We asked for more photos: the customer gets the link again, with the shots named."""

from __future__ import annotations

from recoup.domain.returns import letters, queries
from recoup.domain.returns.facts import MorePhotosAsked
from recoup.foundation.facts.flows import flow
from recoup.kit.actor import SYSTEM


@flow
def ask_customer(fact: MorePhotosAsked) -> None:
    letters.need_more(line=queries.line_of(fact.line_id), actor=SYSTEM)
