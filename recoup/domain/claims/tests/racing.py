"""Several callers at once, each with a database connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections


def race(callers: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each caller returned or raised, all of them let go at the same moment."""
    start = threading.Barrier(len(callers))
    results: list[Any] = [None] * len(callers)

    def run(place: int) -> None:
        try:
            start.wait(timeout=10)
            results[place] = callers[place]()
        except Exception as refusal:
            results[place] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(callers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results
