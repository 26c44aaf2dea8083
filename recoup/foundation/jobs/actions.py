"""Writing jobs: defer, bury, replay."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from recoup.foundation.audit import actions as audit
from recoup.foundation.jobs import engine, rules
from recoup.foundation.jobs.models import DeadLetter
from recoup.kit.actor import Actor
from recoup.kit.refusal import NotFound, Refusal


class AlreadyReplayed(Refusal):
    code = "jobs.already_replayed"
    sentence = "This job was run again already. Reload the page to see what became of it."


def defer(name: str, *, queue: str = "default", at: datetime | None = None, **arguments: Any) -> int:
    """Add a job to be run by a worker; part of the surrounding transaction. Returns its number.

    ``at`` is the earliest time it runs; without it, at once. Arguments must be JSON values.
    """
    return engine.defer(name, queue=queue, jobs=[arguments], at=at)[0]


def bury(
    *, job_id: int, name: str, queue: str, arguments: dict[str, Any], attempts: int, error: BaseException | None
) -> DeadLetter:
    """Keep a job that stays down. Burying it twice (its worker was killed in between) keeps one letter."""
    flow = str(arguments.get("flow", ""))
    letter, _ = DeadLetter.objects.update_or_create(
        job_id=job_id,
        defaults={
            "name": name,
            "queue": queue,
            "arguments": arguments,
            "flow": flow,
            "fact_name": str(arguments.get("fact_name", "")),
            "fact_id": arguments.get("fact_id"),
            "error": rules.said(error) if error else "Its worker was killed while running it, each time.",
            "group": rules.group(name, flow, error),
            "attempts": attempts,
            "failed_at": timezone.now(),
        },
    )
    return letter


@transaction.atomic
def replay(*, job_id: int, actor: Actor) -> int:
    """Run a dead letter again, as a new job with all its attempts. Returns the new job's number.

    Raises NotFound, NotAllowed or AlreadyReplayed.
    """
    actor.must("agent", "finance", "warehouse", "quality", "buyer")
    letter = DeadLetter.objects.select_for_update().filter(job_id=job_id).first()
    if letter is None:
        raise NotFound()
    if letter.replayed_at is not None:
        raise AlreadyReplayed()
    letter.replayed_as = engine.defer(letter.name, queue=letter.queue, jobs=[letter.arguments])[0]
    letter.replayed_at = timezone.now()
    letter.save(update_fields=["replayed_as", "replayed_at"])
    audit.record(verb="job.replayed", subject=letter, actor=actor, what=letter.flow or letter.name)
    return letter.replayed_as
