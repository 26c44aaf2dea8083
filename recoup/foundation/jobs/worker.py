"""Running jobs: for good in a worker process, or until none is due in this one."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import procrastinate
import structlog
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.db_cleanup import DjangoApp
from procrastinate.contrib.django.utils import connector_params
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from recoup.foundation.jobs import attempt, engine, rules
from recoup.foundation.jobs.registry import JOBS
from recoup.foundation.jobs.registry import Job as Registered

_POLL = 0.5  # seconds; only for what no notification announces: scheduled and rescued jobs
log = structlog.get_logger("worker")


def run(*, concurrency: int = 2, name: str = "worker") -> None:
    """Run jobs until SIGTERM or SIGINT; then finish those at hand and return.

    ``concurrency`` quick jobs at a time, and one slow one beside them.

    A lost database is waited for, so a worker outlives a restart of it.
    """
    asyncio.run(_run(concurrency, name))


async def _run(concurrency: int, name: str) -> None:
    stopping, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    # Jobs are plain functions: as many threads as jobs at a time, each with its own database connection.
    loop.set_default_executor(ThreadPoolExecutor(concurrency + 1, thread_name_prefix="job"))
    while not stopping.is_set():
        try:
            await _until_stopped_or_broken(stopping, concurrency, name)
        except Exception as error:
            log.warning("worker.lost_database", error=rules.said(error))
        if not stopping.is_set():
            await asyncio.sleep(0.5)


async def _until_stopped_or_broken(stopping: asyncio.Event, concurrency: int, name: str) -> None:
    app = _app()
    async with app.open_async():
        lanes = [
            asyncio.create_task(_lane(app, engine.QUICK, concurrency, name)),
            asyncio.create_task(_lane(app, [engine.SLOW], 1, f"{name}-slow")),
        ]
        stopped = asyncio.create_task(stopping.wait())
        await asyncio.wait({*lanes, stopped}, return_when=asyncio.FIRST_COMPLETED)
        for lane in lanes:
            # The engine takes a cancellation as: fetch no more, finish what runs.
            lane.cancel()
        stopped.cancel()
        for ended in await asyncio.gather(*lanes, return_exceptions=True):
            if isinstance(ended, Exception):
                raise ended


async def _lane(app: procrastinate.App, queues: Sequence[str], concurrency: int, name: str) -> None:
    await app.run_worker_async(
        queues=list(queues),  # a tuple would be no array to PostgreSQL
        concurrency=concurrency,
        name=name,
        install_signal_handlers=False,
        fetch_job_polling_interval=_POLL,
        update_heartbeat_interval=rules.HEARTBEAT,
        stalled_worker_timeout=rules.DEAD_AFTER,
    )


def _app() -> procrastinate.App:
    """An engine of its own: inside jobs, deferring still goes over Django's connection and transaction."""
    parameters = connector_params()
    app: procrastinate.App = DjangoApp(
        connector=procrastinate.PsycopgConnector(kwargs=parameters, min_size=2, max_size=6, timeout=10)
    )
    for job in JOBS.values():
        _register(app, job)
    return app


def _register(app: procrastinate.App, job: Registered) -> None:
    def work(context: JobContext, /, timestamp: int = 0, **arguments: Any) -> None:
        attempt.run(
            job.name,
            job_id=context.job.id or 0,
            queue=context.job.queue,
            arguments=arguments,
            attempts=context.job.attempts,
        )

    if not job.cron:
        app.task(name=job.name, pass_context=True, retry=BackOff())(work)
        return
    # What runs by the clock goes first: it is short, and rescuing must not wait behind what it rescues.
    task = app.task(name=job.name, pass_context=True, retry=BackOff(), queue=engine.CLOCK, priority=10)(work)
    app.periodic(cron=job.cron, periodic_id=job.name)(task)


class BackOff(BaseRetryStrategy):
    """The engine's question whether to retry, answered by ``rules``."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if rules.final(exception, attempts=job.attempts):
            return None
        return RetryDecision(retry_at=timezone.now() + rules.wait(attempts=job.attempts))


def drain(*, limit: int = 10_000, swallow: bool = False) -> int:
    """Run every job that is due, in this process and over Django's own connection; returns how many ran.

    For tests, the demo and the command line: it works inside a transaction too. What a job raises
    is raised here, unless ``swallow``; either way the job is retried or buried as a worker would.
    """
    worker, ran = engine.register_worker(), 0
    try:
        while ran < limit and (job := engine.fetch(worker)) is not None:
            ran += 1
            engine.heartbeat(worker)
            _one(job, swallow=swallow)
    finally:
        if connection.connection is not None and not connection.needs_rollback:
            engine.unregister_worker(worker)
    return ran


def _one(job: Job, *, swallow: bool) -> None:
    arguments = {key: value for key, value in job.task_kwargs.items() if key != "timestamp"}
    try:
        attempt.run(job.task_name, job_id=job.id or 0, queue=job.queue, arguments=arguments, attempts=job.attempts)
    except Exception as error:
        if rules.final(error, attempts=job.attempts):
            engine.finish(job, succeeded=False)
        else:
            engine.run_again(job, at=timezone.now() + rules.wait(attempts=job.attempts))
        if not swallow:
            raise
    else:
        engine.finish(job, succeeded=True)
