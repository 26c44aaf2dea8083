"""One run of one job, the same in a worker and in ``drain``."""

from __future__ import annotations

from typing import Any

import structlog

from recoup.foundation.jobs import actions, rules
from recoup.foundation.jobs.registry import JOBS

log = structlog.get_logger("jobs")


def run(name: str, *, job_id: int, queue: str, arguments: dict[str, Any], attempts: int) -> None:
    """Do the job. Whatever it raises is raised again, after a job that stays down was buried."""
    try:
        JOBS[name].run(**arguments)
    except Exception as error:
        _failed(error, name=name, job_id=job_id, queue=queue, arguments=arguments, attempts=attempts)
        raise


def _failed(error: Exception, *, name: str, job_id: int, queue: str, arguments: dict[str, Any], attempts: int) -> None:
    known = {"job": name, "job_id": job_id, "flow": arguments.get("flow", ""), "attempts": attempts + 1}
    if not rules.final(error, attempts=attempts):
        log.warning("job.runs_again", error=rules.said(error), exc_info=error, **known)
        return
    log.error("job.stays_down", error=rules.said(error), exc_info=error, **known)
    actions.bury(job_id=job_id, name=name, queue=queue, arguments=arguments, attempts=attempts + 1, error=error)
