"""The gate's judgement of real photos set by set beside what one would take instead, and its speed beside a decode.

python -m bench.gate [FOLDER] [--photos N] [--json]     (a folder of photos with MANIFEST.csv: file, label, use)

Accuracy is that of the best single threshold on the set itself; "set left out" that of the threshold which is best on
all other sets, which is what a shop gets. "Sent back" is what the shipped rules do. The shipped thresholds were placed
on photos of these very sets; `python -m training.fit_gate` prints shares by thresholds from the other half. Brackets
are 95 % bootstrap intervals, or the bound that so few photos prove.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageStat

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from recoup.vision.decode import Unreadable, decode  # started as a file, it is no part of a package
from recoup.vision.gate import judge
from training.gate_sets import BRIGHT, DARK, FINE, JUDGED, ORDINARY, SETS
from training.logistic import Numbers, accuracy, auc, best_cut, interval, share_interval
from training.pictures import Entry, manifest

Pixels = NDArray[np.uint8]
SAMPLE = Path(__file__).resolve().parents[2] / "shared" / "data" / "photos"
LIGHT = {"dark": DARK, "bright": BRIGHT}
PASSING = (*ORDINARY, "blur_partial")


@dataclass(frozen=True)
class Seen:
    """One photo: what each judge of sharpness gives it, how dark and bright it is, and the reasons to send it back."""

    entry: Entry
    sharpness: dict[str, float]
    dark: float
    bright: float
    reasons: tuple[str, ...]

    @property
    def kind(self) -> tuple[str, str]:
        return (self.entry.set, self.entry.label)


# The peers


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


def cleanvision(pixels: Pixels) -> float:
    """Its score as published, with its own constants: at most 64 pixels long, the spread of found edges, squashed; and
    the same of the histogram's counts where that is large.
    """
    picture = Image.fromarray(pixels)
    ratio = max(picture.size) / 64
    if ratio > 1:
        picture = picture.resize((max(int(picture.width // ratio), 1), max(int(picture.height // ratio), 1)))
    grey = picture.convert("L")
    edges = float(np.sqrt(ImageStat.Stat(grey.filter(ImageFilter.FIND_EDGES)).var[0]))
    sharp, plain = (1 - np.exp(-0.01 * spread) for spread in (edges, float(np.std(grey.histogram()))))
    return float(min(sharp + (plain if plain > 0.18 else 0.0), 1.0))


PEERS: dict[str, Callable[[Pixels], float]] = {
    "Laplacian variance": laplacian,
    "Laplacian @640": laplacian_640,
    "tile p95 @640": tile_p95,
    "cleanvision": cleanvision,
}
OURS = "recoup"
JUDGES = (OURS, *PEERS)


def main(words: Sequence[str] | None = None) -> int:
    options = _options(words)
    if not (options.folder / "MANIFEST.csv").is_file():
        print(f"There is no MANIFEST.csv in {options.folder}.", file=sys.stderr)
        return 1
    photos = _looked_at(options.folder, options.photos)
    found = {
        "sharpness": _sharpness_of_sets(photos),
        "light": [found for name, kinds in LIGHT.items() for found in _light(name, kinds, photos)],
        "should pass": [_passing(name, photos) for name in (*PASSING, "all")],
        "speed_ms": _speed(),
    }
    print(json.dumps(found)) if options.json else _tell(found)
    return 0


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=SAMPLE)
    parser.add_argument("--photos", type=int, default=0, help="at most so many of each set; 0 is all")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(words)


def _looked_at(folder: Path, most: int) -> list[Seen]:
    taken: Counter[str] = Counter()
    photos = []
    for entry in manifest(folder):
        if entry.set not in SETS or (most and taken[entry.set] >= most):
            continue
        taken[entry.set] += 1
        try:
            photos.append(_look(folder, entry))
        except Unreadable as refusal:
            print(f"{entry.file}: {refusal}", file=sys.stderr)
    return photos


def _look(folder: Path, entry: Entry) -> Seen:
    pixels = decode((folder / entry.file).read_bytes()).pixels
    verdict = judge(pixels)
    peers = {name: peer(pixels) for name, peer in PEERS.items()} if entry.set in JUDGED else {}
    return Seen(
        entry=entry,
        sharpness={OURS: verdict.scores["sharp"]} | peers,
        dark=verdict.scores["dark"],
        bright=verdict.scores["bright"],
        reasons=verdict.reasons,
    )


# What they got right


def _sides(photos: Sequence[Seen], sets: Sequence[str], judge_name: str) -> tuple[Numbers, Numbers]:
    chosen = [seen for seen in photos if seen.entry.set in sets]
    sharp = [seen.sharpness[judge_name] for seen in chosen if seen.entry.label == "sharp"]
    blur = [seen.sharpness[judge_name] for seen in chosen if seen.entry.label.startswith("blur")]
    return np.array(sharp), np.array(blur)


def _sharpness_of_sets(photos: Sequence[Seen]) -> list[dict[str, Any]]:
    """Of the sets with both sharp and blurred photos, and of all of them together."""
    kinds = {(seen.entry.set, seen.entry.label.startswith("blur")) for seen in photos}
    both = [name for name in JUDGED if {(name, True), (name, False)} <= kinds]
    return [_sharpness(name, photos) for name in (*both, *(["pooled"] if both else []))]


def _sharpness(name: str, photos: Sequence[Seen]) -> dict[str, Any]:
    sets = JUDGED if name == "pooled" else (name,)
    mine = [seen for seen in photos if seen.entry.set in sets]
    sharp = [bool(seen.reasons) for seen in mine if seen.entry.label == "sharp"]
    blur = [bool(seen.reasons) for seen in mine if seen.entry.label.startswith("blur")]
    return {
        "set": name,
        "sharp": len(sharp),
        "blurred": len(blur),
        "sharp_sent_back": _share(sharp),
        "blurred_sent_back": _share(blur),
        "judges": {judge_name: _rated(name, judge_name, photos) for judge_name in JUDGES},
    }


def _rated(name: str, judge_name: str, photos: Sequence[Seen]) -> dict[str, Any]:
    high, low = _sides(photos, JUDGED if name == "pooled" else (name,), judge_name)
    rated: dict[str, Any] = {"auc": auc(high, low), "interval": interval(high, low)}
    rated["accuracy"] = accuracy(high, low, best_cut(high, low))
    if name != "pooled":
        others = _sides(photos, [other for other in JUDGED if other != name], judge_name)
        rated["set_left_out"] = accuracy(high, low, best_cut(*others))
    return rated


def _light(name: str, kinds: Sequence[tuple[str, str]], photos: Sequence[Seen]) -> list[dict[str, Any]]:
    """One row, or none where there is nothing to compare."""
    reason = {"dark": "too_dark", "bright": "overexposed"}[name]
    bad = [seen for seen in photos if seen.kind in kinds]
    fine = [seen for seen in photos if seen.entry.set in ORDINARY or seen.kind == FINE]
    if not bad or not fine:
        return []
    high, low = (np.array([getattr(seen, name) for seen in some]) for some in (bad, fine))
    told = _share([reason in seen.reasons for seen in bad])
    row = {"what": name, "photos": len(bad), "auc": auc(high, low), "interval": interval(high, low)}
    return [row | {"sent_back": told}]


def _passing(name: str, photos: Sequence[Seen]) -> dict[str, Any]:
    mine = [seen for seen in photos if seen.entry.set == name or (name == "all" and seen.entry.set in ORDINARY)]
    why = Counter(seen.reasons[0] for seen in mine if seen.reasons)
    return {"set": name, "photos": len(mine), "sent_back": _share([bool(seen.reasons) for seen in mine]), "why": why}


def _share(flags: Sequence[bool]) -> dict[str, Any]:
    given = np.array(flags, dtype=bool)
    return {"share": float(given.mean()), "interval": share_interval(given)} if len(given) else {}


# How fast


def _speed() -> dict[str, float]:
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
    return {name: round(median(some), 1) for name, some in times.items()}


def _twelve_megapixels() -> bytes:
    chance = np.random.default_rng(3)
    coarse = chance.integers(0, 256, (188, 250, 3)).astype(np.uint8)
    pixels = cv2.resize(coarse, (4000, 3000), interpolation=cv2.INTER_CUBIC)
    noisy = np.clip(pixels + chance.normal(0, 4, pixels.shape), 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(noisy).save(out, "JPEG", quality=88)
    return out.getvalue()


# Telling


def _tell(found: dict[str, Any]) -> None:
    for about in found["sharpness"]:
        print(
            f"{about['set']}: {about['sharp']} sharp, sent back {_told(about['sharp_sent_back'])}; "
            f"{about['blurred']} blurred, sent back {_told(about['blurred_sent_back'])}"
        )
        print(f"   {'':20}AUC [95 %]              accuracy   set left out")
        for name, rated in about["judges"].items():
            left_out = f"{rated['set_left_out']:14.3f}" if "set_left_out" in rated else ""
            print(f"   {name:20}{rated['auc']:.3f} {_bracket(rated['interval'])}   {rated['accuracy']:8.3f}{left_out}")
    for light in found["light"]:
        print(
            f"{light['what']}: {light['photos']} photos, AUC {light['auc']:.3f} {_bracket(light['interval'])} against "
            f"ordinary ones, sent back {_told(light['sent_back'])}"
        )
    print("should pass:")
    for row in found["should pass"]:
        why = ", ".join(f"{reason} {count}" for reason, count in sorted(row["why"].items()))
        print(f"   {row['set']:20}{row['photos']:5}   sent back {_told(row['sent_back'])}   {why}")
    print("one 12-megapixel JPEG, ms: " + ", ".join(f"{name} {ms:.0f}" for name, ms in found["speed_ms"].items()))


def _told(share: dict[str, Any]) -> str:
    return "-" if not share else f"{share['share']:.3f} {_bracket(share['interval'])}"


def _bracket(ends: Sequence[float]) -> str:
    return f"[{ends[0]:.3f} {ends[1]:.3f}]"


if __name__ == "__main__":
    raise SystemExit(main())
