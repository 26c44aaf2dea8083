"""A fact, its flow, and workers that are killed at a chosen point, each a process of its own, forked from one."""

from __future__ import annotations

import json
import os
import signal
import sys
from importlib import import_module
from pathlib import Path

from django.db import connection, transaction

from recoup.foundation.facts.flows import flow
from recoup.foundation.facts.registry import fact
from tests.forked import forked

# What a flow leaves in the world: one row per effect.
TABLE = "CREATE TABLE IF NOT EXISTS kettle_effects (cup text, told_at timestamptz, at timestamptz DEFAULT clock_timestamp())"


@fact
class KettleWhistled:
    cup: str
    dies: str


def die(told: KettleWhistled, point: str) -> None:
    """Kill this process the first time that this cup reaches its point."""
    mark = Path(os.environ["KETTLE_MARKS"]) / told.cup
    if told.dies == point and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def listen(told: KettleWhistled) -> str:
    die(told, "before")
    return told.cup


@flow(before=listen)
def fill_cup(told: KettleWhistled, cup: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO kettle_effects (cup) VALUES (%s)", [cup])
    die(told, "within")
    transaction.on_commit(lambda: die(told, "after"))


def begin(concurrency: int) -> int:
    """A worker in a process of its own; its number."""
    from recoup.foundation.jobs import worker

    return forked(lambda: worker.run(concurrency=concurrency))


def main() -> None:
    """Everything is loaded once; then each line asks for a worker, or how one ended: ["begin", 2], ["ended", process]."""
    from recoup.conf import logs, start

    logs.configure()
    start.ready(tables=False)
    from django.db import connections

    from recoup.foundation.facts import wiring

    import_module("recoup.foundation.jobs.worker")
    wiring.wire({KettleWhistled: [fill_cup]})
    connections.close_all()
    for line in sys.stdin:
        asked, number = json.loads(line)
        if asked == "begin":
            print(begin(number), flush=True)
        else:
            print(os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
