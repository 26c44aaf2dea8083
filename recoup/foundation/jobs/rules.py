"""When a failed job runs again, and when it does not."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from recoup.kit.refusal import GiveUp

ATTEMPTS = 5  # runs in all, the first included
HEARTBEAT = 2.0  # seconds between a worker's signs of life
DEAD_AFTER = 10.0  # seconds of silence; five missed heartbeats
_LONGEST_ERROR = 500  # characters kept of an error's first line


def final(error: BaseException | None, *, attempts: int) -> bool:
    """Whether a job that failed after ``attempts`` earlier runs stays down. ``None``: its worker was killed."""
    return isinstance(error, GiveUp) or attempts + 1 >= ATTEMPTS


def wait(*, attempts: int) -> timedelta:
    """How long to wait before the next run: 1, 4, 16, 64 seconds."""
    return timedelta(seconds=4**attempts)


def said(error: BaseException) -> str:
    """An error in one line. Only the first: PostgreSQL quotes the offending row, which may be personal, below it."""
    first = str(error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {first}"[:_LONGEST_ERROR].removesuffix(": ")


def group(name: str, flow: str, error: BaseException | None) -> str:
    """Twelve hex digits that are equal for deaths of the same cause: the job, the kind of error, the line."""
    return hashlib.sha256("\n".join([name, flow, type(error).__name__, _place(error)]).encode()).hexdigest()[:12]


def _place(error: BaseException | None) -> str:
    """File and line of the innermost frame in our own code."""
    place, frame = "", error.__traceback__ if error else None
    while frame is not None:
        module = frame.tb_frame.f_globals.get("__name__", "")
        if module.startswith("recoup."):
            place = f"{module}:{frame.tb_lineno}"
        frame = frame.tb_next
    return place
