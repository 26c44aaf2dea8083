"""Recoup's sharpness score beside what one would take instead, on the same photos; and its speed beside a bare decode.

python -m bench.gate FOLDER        (a folder of photos with MANIFEST.csv: file, label, use)
"""

from __future__ import annotations

import argparse
import io
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recoup.vision.decode import decode
from recoup.vision.gate import judge
from training.logistic import Numbers, auc, interval
from training.pictures import Entry, manifest

Pixels = NDArray[np.uint8]
SETS = ("blur_label", "blur_gopro", "blur_photo", "blur_receipt")


def _grey(pixels: Pixels, long_side: int | None = None) -> Pixels:
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    largest = max(grey.shape)
    if long_side and largest > long_side:
        size = (max(1, grey.shape[1] * long_side // largest), max(1, grey.shape[0] * long_side // largest))
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    return np.asarray(grey, np.uint8)


def laplacian(pixels: Pixels) -> float:
    return float(cv2.Laplacian(_grey(pixels), cv2.CV_64F).var())


def laplacian_640(pixels: Pixels) -> float:
    return float(cv2.Laplacian(_grey(pixels, 640), cv2.CV_64F).var())


def tile_p95(pixels: Pixels) -> float:
    edges = cv2.Laplacian(_grey(pixels, 640), cv2.CV_64F)
    tiles = [tile for row in np.array_split(edges, 8) for tile in np.array_split(row, 8, axis=1)]
    return float(np.percentile([tile.var() for tile in tiles], 95))


def recoup_score(pixels: Pixels) -> float:
    return judge(pixels).scores["sharp"]


JUDGES: dict[str, Callable[[Pixels], float]] = {
    "recoup": recoup_score,
    "Laplacian variance": laplacian,
    "Laplacian @640": laplacian_640,
    "tile p95 @640": tile_p95,
}


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(words).folder
    entries = [entry for entry in manifest(folder) if entry.set in SETS]
    if not entries:
        print(f"No blur pictures in {folder}.", file=sys.stderr)
        return 1
    scores = {entry: _scores(folder, entry) for entry in entries}
    for name in (*SETS, "pooled"):
        _tell(name, {entry: some for entry, some in scores.items() if name in (entry.set, "pooled")})
    _speed()
    return 0


def _scores(folder: Path, entry: Entry) -> list[float]:
    pixels = decode((folder / entry.file).read_bytes()).pixels
    return [score(pixels) for score in JUDGES.values()]


def _tell(name: str, scores: dict[Entry, list[float]]) -> None:
    sharp = np.array([some for entry, some in scores.items() if entry.label == "sharp"])
    blur = np.array([some for entry, some in scores.items() if entry.label.startswith("blur")])
    print(f"{name} ({len(sharp)} sharp, {len(blur)} blurred)   AUC [95 %], best accuracy of one threshold")
    for column, judge_name in enumerate(JUDGES):
        high, low = sharp[:, column], blur[:, column]
        least, most = interval(high, low)
        print(f"   {judge_name:20} {auc(high, low):.3f} [{least:.3f} {most:.3f}]   {_best(high, low):.3f}")


def _best(high: Numbers, low: Numbers) -> float:
    cuts = np.concatenate([high, low, [-np.inf]])
    return max(float((high > cut).sum() + (low <= cut).sum()) / (len(high) + len(low)) for cut in cuts)


def _speed() -> None:
    """Medians on one 12-megapixel JPEG, in one run, one after the other."""
    cv2.setNumThreads(1)
    data = _twelve_megapixels()
    pixels = decode(data).pixels

    def scaled() -> None:
        image = Image.open(io.BytesIO(data))
        image.draft("RGB", (1024, 1024))
        image.load()

    tasks: dict[str, Callable[[], object]] = {
        "bare scaled decode": scaled,
        "bare full decode": lambda: np.asarray(Image.open(io.BytesIO(data))),
        "safe full decode": lambda: decode(data),
        "judge alone": lambda: judge(pixels),
        "decode and judge": lambda: judge(decode(data).pixels),
    }
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(9):
        for name, task in tasks.items():
            started = time.perf_counter()
            task()
            times[name].append((time.perf_counter() - started) * 1000)
    print("one 12-megapixel JPEG, ms: " + ", ".join(f"{name} {median(some):.0f}" for name, some in times.items()))


def _twelve_megapixels() -> bytes:
    chance = np.random.default_rng(3)
    coarse = chance.integers(0, 256, (188, 250, 3)).astype(np.uint8)
    pixels = cv2.resize(coarse, (4000, 3000), interpolation=cv2.INTER_CUBIC)
    noisy = np.clip(pixels + chance.normal(0, 4, pixels.shape), 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(noisy).save(out, "JPEG", quality=88)
    return out.getvalue()


if __name__ == "__main__":
    raise SystemExit(main())
