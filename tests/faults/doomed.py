"""Workers of the real house, killed with -9 at chosen points of its real flows.

One process has everything loaded and forks the workers; one that dies is replaced. Which flow of which fact dies
where is a plan that comes as the first line: {"<fact id>/<flow>": point}; each dies there once.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest import mock

from recoup.foundation.facts.flows import Flow, current_key
from tests.forked import forked

# Before the flow does anything; when its slow look is done; in the middle of the effect, as it tells what follows;
# at the effect's end, before the commit; after the commit, before the job is ticked off.
POINTS = ("before", "looked", "midway", "written", "committed")
WORKERS = 2


class Fate:
    """Where this process dies."""

    def __init__(self, plan: dict[str, str], marks: Path) -> None:
        self._plan, self._marks = plan, marks
        # Who dies: a process has two lanes, and one must not take the other with it between its commit and its death.
        self._dying = threading.Lock()

    def meet(self, point: str) -> None:
        """Kill this process when the running flow is to die here, and has not yet."""
        key = current_key()
        if self._plan.get(key) != point:
            return
        mark = self._marks / f"{key.replace('/', '.')}.{point}"
        if not mark.exists():
            if point != "committed":
                self._dying.acquire()
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)

    def doom(self, flow: Flow) -> Flow:
        """The same flow, mortal."""
        return replace(flow, before=self._mortal_look(flow.before), effect=self._mortal_effect(flow.effect))

    def _mortal_look(self, before: Callable[[Any], Any] | None) -> Callable[[Any], Any] | None:
        def look(fact: Any) -> Any:
            self.meet("before")
            assert before
            seen = before(fact)
            self.meet("looked")
            return seen

        return look if before else None

    def _mortal_effect(self, effect: Callable[..., Any]) -> Callable[..., Any]:
        from django.db import transaction

        def follow(fact: Any, *seen: Any) -> None:
            if not seen:
                self.meet("before")
            transaction.on_commit(lambda: self.meet("committed"))
            effect(fact, *seen)
            self.meet("written")
            if self._plan.get(current_key()) == "committed":
                self._dying.acquire()

        return follow

    def mortal_tell(self, tell: Callable[[object], Any]) -> Callable[[object], Any]:
        """Telling a fact is the last of an action's four steps, and most flows do more after it."""

        def told(fact: object) -> Any:
            kept = tell(fact)
            self._meet_within_a_flow()
            return kept

        return told

    def _meet_within_a_flow(self) -> None:
        try:
            current_key()
        except LookupError:
            return
        self.meet("midway")


def cover_all(pixels: Any, *, known: Any) -> Any:
    """Instead of minutes of reading: one cover over the whole photo. What is tried here is how copies are kept."""
    from recoup.vision.redact import Cover, apply

    height, width = pixels.shape[:2]
    return apply(pixels, covers=[Cover("drawn", (0, 0, width, height), "all of it", 1.0)]), []


def begin(fate: Fate) -> int:
    """A worker in a process of its own; its number."""
    return forked(lambda: work(fate))


def work(fate: Fate) -> None:
    from recoup.flows import claim_gathered
    from recoup.foundation.facts import actions, wiring
    from recoup.foundation.jobs import worker

    doomed = {name: fate.doom(flow) for name, flow in wiring.FLOWS.items()}
    with (
        mock.patch.dict(wiring.FLOWS, doomed),
        mock.patch.object(actions, "tell", fate.mortal_tell(actions.tell)),
        mock.patch.object(claim_gathered, "settle", cover_all),
    ):
        worker.run(concurrency=1)


def keep_working(fate: Fate) -> None:
    """Replace each worker that dies, until our standard input closes; then let them finish."""
    working, ending = {begin(fate) for _ in range(WORKERS)}, threading.Event()

    def end() -> None:
        sys.stdin.read()
        ending.set()
        for process in list(working):
            os.kill(process, signal.SIGTERM)

    threading.Thread(target=end, daemon=True).start()
    while working:
        process, _ = os.wait()
        working.discard(process)
        if not ending.is_set():
            working.add(begin(fate))


def main() -> None:
    from recoup.conf import logs, start

    logs.configure()
    start.ready(tables=False)
    from django.db import connections

    from recoup.foundation.facts import wiring

    # What is loaded here need not be loaded again by each of two dozen workers, nor be looked over by their collectors.
    import_module("recoup.foundation.jobs.worker")
    wiring.load()
    gc.freeze()
    # A connection does not survive a fork; each worker opens its own.
    connections.close_all()
    keep_working(Fate(json.loads(sys.stdin.readline()), Path(sys.argv[1])))


if __name__ == "__main__":
    main()
