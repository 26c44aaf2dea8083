"""The jobs that keep jobs going."""

from __future__ import annotations

import structlog
from django.db import transaction
from django.utils import timezone

from recoup.foundation.jobs import actions, engine, rules
from recoup.foundation.jobs.models import DeadLetter
from recoup.foundation.jobs.registry import periodic
from recoup.kit.refusal import GiveUp

_KEEP_HOURS = 72
log = structlog.get_logger("jobs")


@periodic("* * * * * */5", "jobs.rescue")
def rescue() -> None:
    """Give the jobs of killed workers to others; a job that keeps killing its worker becomes a dead letter."""
    engine.forget_ticks()
    for job in engine.stalled(silent_for=rules.DEAD_AFTER):
        log.warning("job.rescued", job=job.task_name, job_id=job.id, attempts=job.attempts + 1)
        with transaction.atomic():
            if not rules.final(None, attempts=job.attempts):
                engine.run_again(job, at=timezone.now())
                continue
            actions.bury(
                job_id=job.id or 0,
                name=job.task_name,
                queue=job.queue,
                arguments=job.task_kwargs,
                attempts=job.attempts + 1,
                error=None,
            )
            engine.finish(job, succeeded=False)


@periodic("* * * * *", "jobs.account_for")
def account_for() -> None:
    """Make a dead letter of what failed without one, such as a job that this version does not know."""
    for job in engine.failed(except_for=DeadLetter._meta.db_table):
        log.error("job.stays_down", job=job.task_name, job_id=job.id, error="not run by this version")
        actions.bury(
            job_id=job.id or 0,
            name=job.task_name,
            queue=job.queue,
            arguments=job.task_kwargs,
            attempts=job.attempts,
            error=GiveUp(f"No worker of this version could run {job.task_name}."),
        )


@periodic("17 3 * * *", "jobs.prune")
def prune() -> None:
    """Forget jobs that succeeded days ago; what they did is in the audit trail."""
    engine.forget(hours=_KEEP_HOURS)
