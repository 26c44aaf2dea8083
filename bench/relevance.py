"""Does a picture show goods? The shipped network on every set apart, beside the statistics that it must beat; and speed.

python -m bench.relevance FOLDER        (a folder of photos with MANIFEST.csv: file, label, use)
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import numpy as np

from recoup.vision import rules_folder
from recoup.vision.relevance import STATISTICS, judge
from training.logistic import Numbers
from training.relevance_report import Judged, judged, report

# What one would take instead, without learning: few colours, drawn flat areas, a face.
SIMPLE = ("colours", "first_colour", "face")


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    rows = judged(parser.parse_args(words).folder, rules_folder() / "relevance.onnx")
    if not rows:
        print("No pictures to judge.", file=sys.stderr)
        return 1
    report(rows, {f"{name} alone": _alone(rows, name) for name in SIMPLE})
    _speed()
    return 0


def _alone(rows: Sequence[Judged], name: str) -> Numbers:
    values = np.array([row.measures[STATISTICS.index(name)] for row in rows], dtype=np.float64)
    return values if name == "first_colour" else -values


def _speed() -> None:
    chance = np.random.default_rng(3)
    pixels = chance.integers(0, 256, (3000, 4000, 3)).astype(np.uint8)
    times = []
    for _ in range(15):
        started = time.perf_counter()
        judge(pixels)
        times.append((time.perf_counter() - started) * 1000)
    print(f"one 12-megapixel picture after decoding: {median(times):.1f} ms, at best {min(times):.1f} ms")


if __name__ == "__main__":
    sys.exit(main())
