"""The phone's gate in Chromium: its time for a 720 × 1280 frame and its size on the wire, beside their limits."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.gate import kernel
from training import golden

LIMIT_MS, LIMIT_BYTES = 10.0, 12_000
FRAMES = (
    "frame 720 × 1280", "frame 1280 × 720", "frame 720 × 1280, out of focus", "frame 720 × 1280, all edges",
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=200, help="how often each frame is judged (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of words")
    args = parser.parse_args()
    try:
        told = measured(args.times)
    except kernel.NotHere as lack:
        print(lack, file=sys.stderr)
        return 1
    say(told, as_json=args.json)
    return 0


def measured(times: int) -> dict[str, Any]:
    """RGBA in, verdict out, in the worker; the first call of all, before the browser has compiled anything, apart."""
    cases = {case["name"]: case for case in golden.cases()}
    with kernel.opened() as page:
        took = {name: page.evaluate("([c, n]) => timed(c, n)", [cases[name], times]) for name in FRAMES}
    warm = {name: values[times // 4 :] for name, values in took.items()}
    return {
        "bench": "phone_kernel",
        "frames": {name: spread(values) for name, values in warm.items()},
        "first_ms": round(took[FRAMES[0]][0], 1),
        "limit_ms": LIMIT_MS,
        "bytes": kernel.packed_size(),
        "limit_bytes": LIMIT_BYTES,
        "processors": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
    }


def spread(values: list[float]) -> dict[str, float]:
    """The least is what the gate needs; the rest is also what else this machine was doing."""
    return {"least": round(min(values), 2), "median": round(median(values), 2), "p95": percentile(values, 95)}


def percentile(values: list[float], share: int) -> float:
    """The smallest value that at least ``share`` percent of all do not exceed."""
    return round(sorted(values)[max(0, -(-len(values) * share // 100) - 1)], 2)


def say(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(told, ensure_ascii=False))
        return
    print(f"The gate alone, ms (limit {LIMIT_MS:.0f}); {told['processors']} processors, load {told['load']}:")
    for name, took in told["frames"].items():
        print(f"  {name:34}" + "".join(f"{what} {value:6.2f}    " for what, value in took.items()).rstrip())
    print(f"  the very first frame, cold: {told['first_ms']:.1f}")
    whole = sum(told["bytes"].values())
    print(f"Gate and rules, gzipped: {whole} bytes {told['bytes']} (limit {LIMIT_BYTES})")


if __name__ == "__main__":
    sys.exit(main())
