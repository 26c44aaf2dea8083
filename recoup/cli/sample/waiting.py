"""Waiting for what the worker does, with an end."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from recoup.kit.refusal import Refusal

T = TypeVar("T")


class TookTooLong(Refusal):
    code, status = "demo.took_too_long", 504
    sentence = "{what} did not happen within {seconds} s. {why}"


def until(look: Callable[[], T | None], what: str, *, seconds: float = 60) -> T:
    """What ``look`` gives as soon as it gives something. Raises TookTooLong, naming jobs that stay down."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.03)
    raise TookTooLong(what=what, seconds=round(seconds), why=_why())


def _why() -> str:
    from recoup.foundation.jobs import queries

    dead = queries.dead_letters()
    if dead:
        return f"A job stays down: {dead[0].flow or dead[0].name}: {dead[0].error[:200]}"
    return f"{queries.waiting()} jobs wait. Is a worker running, and is the machine very busy?"
