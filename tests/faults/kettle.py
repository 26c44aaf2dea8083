"""A fact, its flow and a worker that is killed at a chosen point, run as a process of its own by the tests."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from django.db import connection, transaction

from recoup.foundation.facts.flows import flow
from recoup.foundation.facts.registry import fact

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


def main() -> None:
    from recoup.conf import logs, start

    logs.configure()
    start.ready(tables=False)
    from recoup.foundation.facts import wiring
    from recoup.foundation.jobs import worker

    wiring.wire({KettleWhistled: [fill_cup]})
    print("working", flush=True)
    worker.run(concurrency=int(sys.argv[1]))


if __name__ == "__main__":
    main()
