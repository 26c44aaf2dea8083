"""Which jobs exist: a name, the function that does it, and when it runs by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

Run = TypeVar("Run", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Job:
    """``run`` takes keyword arguments that JSON can hold. ``cron`` is empty unless it runs by itself."""

    name: str
    run: Callable[..., Any]
    cron: str = ""


JOBS: dict[str, Job] = {}


def job(name: str) -> Callable[[Run], Run]:
    """Register a function as the job ``name``; the module must be imported in its AppConfig.ready.

    A job may run more than once (a worker can be killed after the work and before the tick mark),
    so it must be idempotent. TryAgain and unforeseen errors are retried with back-off; GiveUp ends
    as a dead letter at once.
    """
    return lambda run: _add(Job(name, run), run)


def periodic(cron: str, name: str) -> Callable[[Run], Run]:
    """Register a function without arguments that runs by the clock: ``cron`` has five columns; a sixth, the last, is seconds."""
    return lambda run: _add(Job(name, run, cron), run)


def _add(made: Job, run: Run) -> Run:
    known = JOBS.setdefault(made.name, made)
    if known.run.__module__ != run.__module__ or known.run.__qualname__ != run.__qualname__:
        raise ValueError(f"Two jobs are called {made.name}.")
    JOBS[made.name] = made
    return run
