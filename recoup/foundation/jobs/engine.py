"""The job engine's queries over Django's own connection, so that a job is part of the surrounding transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

CLOCK = "clock"  # the queue of what runs by itself
FLOWS = "flows"
SLOW = "slow"  # what takes many seconds: nobody who waits at a page waits behind it
QUICK = (CLOCK, FLOWS, "default")
_manager = JobManager(DjangoConnector())


def defer(name: str, *, queue: str, jobs: Sequence[Mapping[str, Any]], at: datetime | None = None) -> list[int]:
    """Add one job per argument mapping; returns their numbers."""
    waiting = [
        Job(
            id=None,
            task_name=name,
            queue=queue,
            task_kwargs=dict(arguments),
            lock=None,
            queueing_lock=None,
            scheduled_at=at,
        )
        for arguments in jobs
    ]
    return [made.id for made in _manager.batch_defer_jobs(jobs=waiting) if made.id is not None] if waiting else []


def fetch(worker: int) -> Job | None:
    """Take the next job that is due, or None."""
    query = "SELECT * FROM procrastinate_fetch_job_v2(NULL, %(worker)s)"
    row = _manager.connector.get_sync_connector().execute_query_one(query, worker=worker)
    return _job(row) if row["id"] is not None else None


def _job(row: Mapping[str, Any]) -> Job:
    import json

    arguments = json.loads(row["args"]) if isinstance(row["args"], str) else row["args"]
    return Job.from_row({**row, "args": arguments})


def finish(job: Job, *, succeeded: bool) -> None:
    status = Status.SUCCEEDED if succeeded else Status.FAILED
    _ask("SELECT procrastinate_finish_job_v1(%(id)s, %(status)s, false)", id=job.id, status=status.value)


def run_again(job: Job, *, at: datetime) -> None:
    _ask("SELECT procrastinate_retry_job_v2(%(id)s, %(at)s, NULL, NULL, NULL)", id=job.id, at=at)


def register_worker() -> int:
    row = _manager.connector.get_sync_connector().execute_query_one("SELECT * FROM procrastinate_register_worker_v1()")
    return int(row["worker_id"])


def heartbeat(worker: int) -> None:
    _ask("SELECT procrastinate_update_heartbeat_v1(%(id)s)", id=worker)


def unregister_worker(worker: int) -> None:
    _ask("SELECT procrastinate_unregister_worker_v1(%(id)s)", id=worker)


def stalled(*, silent_for: float) -> list[Job]:
    """Jobs in the hands of workers that have been silent for so many seconds, or are gone."""
    from procrastinate import sql

    rows = _manager.connector.get_sync_connector().execute_query_all(
        sql.queries["select_stalled_jobs_by_heartbeat"], queue=None, task_name=None, seconds_since_heartbeat=silent_for
    )
    return [_job(row) for row in rows]


def failed(*, except_for: str) -> list[Job]:
    """Jobs that ended badly and whose number is not in the ``job_id`` column of that table; a hundred at most."""
    rows = _manager.connector.get_sync_connector().execute_query_all(
        "SELECT * FROM procrastinate_jobs j WHERE status IN ('failed', 'aborted')"  # noqa: S608  (a table of ours)
        f' AND NOT EXISTS (SELECT 1 FROM "{except_for}" kept WHERE kept.job_id = j.id) ORDER BY id LIMIT 100'
    )
    return [_job(row) for row in rows]


def forget(*, hours: int) -> None:
    """Delete jobs that succeeded more than so many hours ago, and workers long gone."""
    from procrastinate import sql

    _ask(sql.queries["delete_old_jobs"], nb_hours=hours, queue=None, statuses=[Status.SUCCEEDED.value])


def forget_ticks() -> None:
    """Delete the runs of the clock's jobs that succeeded: there are thousands a day, and they say nothing."""
    _ask("DELETE FROM procrastinate_jobs WHERE queue_name = %(queue)s AND status = 'succeeded'", queue=CLOCK)


def living_workers(*, silent_for: float) -> int:
    """How many workers gave a sign of life within so many seconds. The engine counts each of a worker's two lanes."""
    row = _manager.connector.get_sync_connector().execute_query_one(
        "SELECT count(*) AS living FROM procrastinate_workers"
        " WHERE last_heartbeat >= now() - make_interval(secs => %(silent)s)",
        silent=silent_for,
    )
    return (int(row["living"]) + 1) // 2


def _ask(query: str, **arguments: Any) -> None:
    _manager.connector.get_sync_connector().execute_query(query, **arguments)
