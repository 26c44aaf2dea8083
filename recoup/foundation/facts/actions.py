"""Telling what happened: the one verb is ``tell``."""

from __future__ import annotations

from django.db import transaction

from recoup.foundation.facts import registry, wiring
from recoup.foundation.facts.models import Fact
from recoup.foundation.jobs import engine

RUN_FLOW = "facts.run_flow"


def tell(fact: object) -> Fact:
    """Keep the fact and add one job for each flow wired to it, in the caller's transaction.

    Raises TransactionManagementError outside a transaction and TypeError for a wrong field: both are bugs.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("facts.tell belongs in the transaction of what happened.")
    name = type(fact).__name__
    flows = wiring.following(name)
    kept = Fact.objects.create(name=name, body=registry.body(fact), flows=flows)
    for queue in (engine.FLOWS, engine.SLOW):
        here = [flow for flow in flows if wiring.is_slow(flow) == (queue == engine.SLOW)]
        jobs = [{"fact_id": str(kept.id), "fact_name": name, "flow": flow} for flow in here]
        engine.defer(RUN_FLOW, queue=queue, jobs=jobs)
    return kept
