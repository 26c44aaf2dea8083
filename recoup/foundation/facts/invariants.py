"""What must hold of facts at any moment."""

from __future__ import annotations

from collections.abc import Iterator

from recoup.foundation.database.findings import Finding
from recoup.foundation.facts.models import Done, Fact
from recoup.foundation.jobs import queries as jobs

# A job is added in the transaction of its fact, so a flow is done, at work, waiting or dead, never nowhere.


def followed() -> Iterator[Finding]:
    """Each flow of each fact is done, waiting, or a dead letter."""
    done = {(str(fact), flow) for fact, flow in Done.objects.values_list("fact_id", "flow").iterator()}
    known = done | jobs.at_hand()
    for key, name, flows in Fact.objects.exclude(flows=[]).values_list("id", "name", "flows").iterator():
        for flow in flows:
            if (str(key), flow) not in known:
                sentence = f"{flow} never followed from {name} {key}, and no job is left to do it."
                yield Finding(invariant="facts.followed", subject=str(key), sentence=sentence)
