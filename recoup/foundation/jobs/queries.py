"""Reading jobs: what stopped, what waits, who works."""

from __future__ import annotations

from django.db import connection

from recoup.foundation.jobs import engine, rules
from recoup.foundation.jobs.models import DeadLetter


def dead_letters() -> list[DeadLetter]:
    """Jobs that stay down and were not run again, the latest first."""
    return list(DeadLetter.objects.filter(replayed_at__isnull=True).order_by("-failed_at", "-job_id"))


def at_hand() -> set[tuple[str, str]]:
    """(fact id, flow) of every job that waits, runs, or is a dead letter."""
    letters = DeadLetter.objects.filter(replayed_at__isnull=True, fact_id__isnull=False)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'fact_id', args->>'flow' FROM procrastinate_jobs"
            " WHERE status IN ('todo', 'doing') AND args ? 'fact_id'"
        )
        unfinished = {(fact, flow) for fact, flow in cursor.fetchall()}
    return unfinished | {(str(fact), flow) for fact, flow in letters.values_list("fact_id", "flow")}


def waiting() -> int:
    """How many jobs are not finished: due, scheduled for later, or running."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")
        row = cursor.fetchone()
    return int(row[0])


def workers() -> int:
    """How many workers gave a sign of life lately."""
    return engine.living_workers(silent_for=rules.DEAD_AFTER)
