"""A product, batch or serial is here: what waited for it goes on."""

from __future__ import annotations

from recoup.domain.catalogue.facts import ReferenceArrived
from recoup.domain.orders import actions
from recoup.foundation.facts.flows import flow
from recoup.kit.actor import SYSTEM


@flow
def wake_deliveries(fact: ReferenceArrived) -> None:
    actions.wake(reference=f"{fact.kind}:{fact.number}", actor=SYSTEM)
