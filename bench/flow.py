"""A fact is committed → its flow begins, in a worker process that waits for it: how long one of them takes."""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench._own import percentile, place, say  # started as a file, it is no part of a package
from recoup.foundation.facts.registry import fact

LIMIT = 0.1  # seconds, at the 95th percentile
TABLE = "CREATE TABLE bench_begun (number integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp())"


@fact
class BenchTold:
    number: int


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=int, default=100, help="how many to tell, one after another (default: 100)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of words")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.worker:
        return work()
    with place():
        seconds = measured(args.facts)
    report(seconds, as_json=args.json)
    return 0


def work() -> int:
    from recoup.conf import logs, start

    logs.configure()
    start.ready(tables=False)
    wire()
    from recoup.foundation.jobs import worker

    print("working", flush=True)
    worker.run(concurrency=2)
    return 0


def wire() -> None:
    from django.db import connection

    from recoup.foundation.facts import wiring
    from recoup.foundation.facts.flows import flow

    @flow
    def note_bench(told: BenchTold) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_begun (number) VALUES (%s)", [told.number])

    wiring.wire({BenchTold: [note_bench]})


def measured(facts: int) -> list[float]:
    """Seconds of each fact; one more before them warms the worker up."""
    from recoup.conf import start

    start.ready()
    wire()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    words = [sys.executable, __file__, "--worker"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as worker:
        try:
            assert worker.stdout
            assert worker.stdout.readline() == "working\n"
            return [begun(number) for number in range(facts + 1)][1:]
        finally:
            worker.terminate()


def begun(number: int) -> float:
    """Seconds from the commit of a fact to the first statement of its flow, by one machine's clock."""
    from django.db import connection, transaction

    from recoup.foundation.facts import actions as facts

    with transaction.atomic():
        facts.tell(BenchTold(number=number))
    told = time.time()
    while time.time() - told < 10:
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM at) FROM bench_begun WHERE number = %s", [number])
            if row := cursor.fetchone():
                return float(row[0]) - told
        time.sleep(0.01)
    raise SystemExit(f"Fact {number} had no effect within 10 s; see the worker's log above.")


def report(seconds: list[float], *, as_json: bool) -> None:
    p50, p95 = statistics.median(seconds), percentile(seconds, 95)
    told = {
        "bench": "flow", "facts": len(seconds), "p50_ms": round(p50 * 1000), "p95_ms": round(p95 * 1000),
        "limit_p95_ms": round(LIMIT * 1000), "met": p95 < LIMIT, "processors": os.cpu_count(),
    }  # fmt: skip
    say(
        told,
        f"Fact committed → its flow begins, {len(seconds)} facts, one worker:",
        f"  p50 {p50 * 1000:.0f} ms    p95 {p95 * 1000:.0f} ms    limit for p95: {LIMIT * 1000:.0f} ms",
        as_json=as_json,
    )


if __name__ == "__main__":
    sys.exit(main())
