"""Make gate/relevance.onnx from a folder of photos with a MANIFEST.csv, and print how well it judges each set.

    python -m training.relevance FOLDER [--out gate/relevance.onnx] [--painted 120] [--networks 4]

Learned from *train* photos and painted pictures alone (see training/relevance_pictures.py), so every set that is
judged was left out whole. The one threshold is placed on judged photos; shares are printed for it, and for two
halves, each judged by the threshold of the other. Needs the extra "training" (torch, onnx).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from recoup.vision.relevance import STATISTICS
from training.logistic import Numbers, fit
from training.relevance_pictures import Lesson, lessons
from training.relevance_report import Judged, firm_threshold, judged, report


def main(words: Sequence[str] | None = None) -> int:
    from training.relevance_network import Scored, teach, write

    options = _options(words)
    started = time.monotonic()
    learned = lessons(options.folder, painted=options.painted)
    print(f"{len(learned)} lessons in {time.monotonic() - started:.0f} s", flush=True)
    network = Scored([teach(learned, seed=number) for number in range(options.networks)])
    print(f"taught after {time.monotonic() - started:.0f} s", flush=True)
    about = {"version": "1", "firm": 0.0, "lessons": len(learned)}
    write(network, options.out, about)
    rows = judged(options.folder, options.out)
    write(network, options.out, about | {"firm": firm_threshold(rows)})
    report(rows, {"statistics alone": _plain(learned, rows)})
    print(f"{options.out}: firm below {firm_threshold(rows)}; made in {time.monotonic() - started:.0f} s")
    return 0


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path("gate/relevance.onnx"))
    parser.add_argument("--painted", type=int, default=120, help="pictures of each painter")
    parser.add_argument("--networks", type=int, default=4)
    return parser.parse_args(words)


def _plain(learned: Sequence[Lesson], rows: Sequence[Judged]) -> Numbers:
    """What the network has to beat: a logistic head on the statistics (and their squares), of the same lessons."""
    known = np.stack([one.looks[0] for one in learned])[:, : len(STATISTICS)].astype(np.float64)
    centre, spread = known.mean(axis=0), np.maximum(known.std(axis=0), 20)

    def values(some: Numbers) -> Numbers:
        scaled = np.clip((some - centre) / spread, -3, 3)
        return np.hstack([scaled, scaled**2])

    bias, weights = fit(values(known), np.array([one.kind == 0 for one in learned]), ridge=3.0)
    return bias + values(np.stack([row.measures for row in rows])[:, : len(STATISTICS)].astype(np.float64)) @ weights


if __name__ == "__main__":
    sys.exit(main())
