"""Running one flow for one fact, once."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from recoup.foundation.facts import registry, wiring
from recoup.foundation.facts.actions import RUN_FLOW
from recoup.foundation.facts.flows import Flow, keyed
from recoup.foundation.facts.models import Done, Fact
from recoup.foundation.jobs.registry import job
from recoup.kit import ids
from recoup.kit.refusal import GiveUp


@job(RUN_FLOW)
def run_flow(*, fact_id: str, fact_name: str, flow: str) -> None:
    """Look first (outside any transaction), then the mark and the effect in one transaction.

    Run again after it was done, it does nothing. Raises GiveUp for a flow that is no longer wired.
    """
    following = wiring.flow_named(flow)
    if following is None:
        raise GiveUp(f"No flow is called {flow}; a newer or older version of Recoup added this job.")
    if Done.objects.filter(fact_id=fact_id, flow=flow).exists():
        return
    told = Fact.objects.get(pk=fact_id)
    with keyed(f"{fact_id}/{flow}"):
        _follow(following, told.pk, registry.rebuild(fact_name, told.body))


def _follow(flow: Flow, fact_id: uuid.UUID, fact: Any) -> None:
    seen = (flow.before(fact),) if flow.before else ()
    with transaction.atomic():
        if _mark(fact_id, flow.name):
            flow.effect(fact, *seen)


def _mark(fact_id: uuid.UUID, flow: str) -> bool:
    """Insert the mark; False when it is there. A rival that has it uncommitted is waited for."""
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{Done._meta.db_table}" (id, created_at, fact_id, flow) VALUES (%s, %s, %s, %s) '  # noqa: S608
            "ON CONFLICT (fact_id, flow) DO NOTHING",
            [ids.new(), timezone.now(), fact_id, flow],
        )
        inserted: int = cursor.rowcount
    return inserted == 1
