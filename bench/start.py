"""“recoup serve” from its first breath until its pages answer: the first time in an empty place, then again and again."""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench._own import place, say  # started as a file, it is no part of a package

LIMIT = 4.0  # seconds, for a warm start


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=int, default=5, help="how many warm ones (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of words")
    args = parser.parse_args()
    with place():
        first = started()
        warm = [started() for _ in range(args.starts)]
    report(first, warm, as_json=args.json)
    return 0


def started() -> float:
    """Seconds until it says that it is ready, by its own clock; then it is asked to end."""
    words = [sys.executable, "-m", "recoup", "serve", "--json", "--port", "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as house:
        assert house.stdout
        line = house.stdout.readline()
        house.send_signal(signal.SIGINT)
        _, log = house.communicate(timeout=60)
    if not line:
        raise SystemExit(f"It did not start:\n{log[-3000:]}")
    return float(json.loads(line)["seconds"])


def report(first: float, warm: list[float], *, as_json: bool) -> None:
    typical, slowest = statistics.median(warm), max(warm)
    told = {
        "bench": "start", "first_s": round(first, 2), "warm_p50_s": round(typical, 2), "warm_slowest_s": round(slowest, 2),
        "limit_warm_s": LIMIT, "met": slowest < LIMIT, "processors": os.cpu_count(),
    }  # fmt: skip
    say(
        told,
        f"“recoup serve” until its pages answer: the first time {first:.1f} s, in an empty place;",
        f"  warm, {len(warm)} times: typically {typical:.1f} s, at most {slowest:.1f} s; limit {LIMIT:.0f} s",
        as_json=as_json,
    )


if __name__ == "__main__":
    sys.exit(main())
