"""Reading jobs: what stopped, what waits, who works."""

from __future__ import annotations

from django.db import connection

from recoup.foundation.jobs import engine, rules
from recoup.foundation.jobs.models import DeadLetter


def dead_letters() -> list[DeadLetter]:
    """Jobs that stay down and were not run again, the latest first."""
    return list(DeadLetter.objects.filter(replayed_at__isnull=True).order_by("-failed_at", "-job_id"))


def waiting() -> int:
    """How many jobs are not finished: due, scheduled for later, or running."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")
        row = cursor.fetchone()
    return int(row[0])


def workers() -> int:
    """How many workers gave a sign of life lately."""
    return engine.living_workers(silent_for=rules.DEAD_AFTER)
