"""Copies of real photos found again among them all, and strangers mistaken for copies, beside plain pHash ≤ 10.

python -m bench.similar FOLDER     (a folder with one folder of photos for each set)

Of each chosen photo copies are made: mild ones (cut 5 %, × .6, JPEG 55, brighter, darker, all at once) and hard ones
(cut 20 %, turned 5°, mirrored). Each is sought among the originals. "Found" means that its own original is confirmed;
a false alarm is an original for which any *other* original is confirmed, series of one scene left out and told apart.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from recoup.vision import overlay, similar  # started as a file, it is no part of a package
from recoup.vision.decode import Unreadable, decode
from recoup.vision.views import derive

Pixels = NDArray[np.uint8]
SETS = (
    "product_natural product_shop product_catalog parcel damage_can damage_phone defect_phone defect_tile "
    "blur_label blur_partial blur_photo rel_goods irrelevant receipt"
).split()
# One scene many times, or neighbouring frames of one film: taking two of them for one photo is no mistake.
SERIES = "exposure_seq exposure_dark glare blur_gopro blur_grocery damage_label".split()
TRIPOD = (*SERIES, "blur_photo", "defect_tile")  # one tile before one fixed camera, at several exposures
ENDINGS = {".jpg", ".jpeg", ".png", ".webp"}
SCREEN = 1000  # pixels; a house keeps 1600, and compares at 400


def _jpeg(pixels: Pixels, quality: int) -> Pixels:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=quality)
    return np.asarray(Image.open(io.BytesIO(out.getvalue())).convert("RGB"))


def _cut(pixels: Pixels, share: float, chance: np.random.Generator) -> Pixels:
    """``share`` of each side's length is gone, at chance from either end."""
    height, width = pixels.shape[:2]
    down, across = max(1, round(height * (1 - share))), max(1, round(width * (1 - share)))
    y, x = chance.integers(0, height - down + 1), chance.integers(0, width - across + 1)
    return np.ascontiguousarray(pixels[y : y + down, x : x + across])


def _scaled(pixels: Pixels, factor: float) -> Pixels:
    size = (max(1, round(pixels.shape[1] * factor)), max(1, round(pixels.shape[0] * factor)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _lit(pixels: Pixels, factor: float) -> Pixels:
    return np.asarray(np.clip(pixels * np.float32(factor), 0, 255), np.uint8)


def _turned(pixels: Pixels, degrees: float) -> Pixels:
    height, width = pixels.shape[:2]
    move = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(pixels, move, (width, height)), np.uint8)


def _all_mild(pixels: Pixels, chance: np.random.Generator) -> Pixels:
    return _jpeg(_lit(_scaled(_cut(pixels, 0.05, chance), 0.6), 1.15), 55)


def _all_hard(pixels: Pixels, chance: np.random.Generator) -> Pixels:
    return np.ascontiguousarray(_turned(_cut(pixels, 0.2, chance), 5)[:, ::-1])


Copy = Callable[[Pixels, np.random.Generator], Pixels]
MILD: dict[str, Copy] = {
    "cut 5 %": lambda pixels, chance: _cut(pixels, 0.05, chance),
    "× .6": lambda pixels, chance: _scaled(pixels, 0.6),
    "JPEG 55": lambda pixels, chance: _jpeg(pixels, 55),
    "brighter": lambda pixels, chance: _lit(pixels, 1.25),
    "darker": lambda pixels, chance: _lit(pixels, 0.75),
    "all of these": _all_mild,
}
HARD: dict[str, Copy] = {
    "cut 20 %": lambda pixels, chance: _cut(pixels, 0.2, chance),
    "turned 5°": lambda pixels, chance: _turned(pixels, 5),
    "mirrored": lambda pixels, chance: np.ascontiguousarray(pixels[:, ::-1]),
    "all three": _all_hard,
}


@dataclass
class Memory:
    """All originals: what a database would keep of them."""

    names: list[str] = field(default_factory=list)
    prints: list[similar.Fingerprint] = field(default_factory=list)
    sketches: list[similar.Sketch] = field(default_factory=list)
    by_word: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def keep(self, name: str, pixels: Pixels) -> None:
        number = len(self.names)
        self.names.append(name)
        self.prints.append(similar.fingerprint(pixels))
        self.sketches.append(similar.sketch(pixels))
        for word in self.prints[-1].words:
            self.by_word[word].append(number)

    def plain(self, asked: similar.Fingerprint) -> list[int]:
        """What plain pHash says: within ten bits."""
        near = (number for number, one in enumerate(self.prints) if _near(asked.phash, one.phash))
        return sorted(near, key=lambda number: similar.distance(asked.phash, self.prints[number].phash))

    def candidates(self, asked: similar.Fingerprint) -> list[int]:
        """By hash in eight orientations, then by shared words, the likeliest first, as the database orders them."""
        shared: dict[int, int] = defaultdict(int)
        for words in (asked.words, asked.mirrored):
            for word in words:
                for number in self.by_word.get(word, ()):
                    shared[number] += 1
        by_words = [number for number, count in shared.items() if count >= similar.SHARED_WORDS]
        hashed = {number for number, one in enumerate(self.prints) if any(_near(t, one.phash) for t in asked.turned)}
        found = sorted({*by_words, *hashed}, key=lambda number: (number not in hashed, -shared[number]))
        return found[: similar.MOST_CANDIDATES]

    def confirms(self, drawn: similar.Sketch, number: int) -> bool:
        likeness = overlay.compare(drawn, self.sketches[number])
        return likeness is not None and likeness.same_photo

    def one_series(self, one: int, other: int) -> bool:
        """The same photo, or two of a set in which one scene is photographed many times."""
        first, second = (Path(self.names[number]).parts[0] for number in (one, other))
        return one == other or (first == second and first in TRIPOD)


def _near(one: int, other: int) -> bool:
    return similar.distance(one, other) <= similar.SAME_PICTURE


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--each", type=int, default=16, help="photos of each set (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of words")
    args = parser.parse_args(words)
    cv2.setNumThreads(1)
    memory, ordinary = Memory(), _photos(args.folder, SETS, args.each)
    if not ordinary:
        print(f"No photos in {args.folder}.", file=sys.stderr)
        return 1
    photos = ordinary | _photos(args.folder, SERIES, args.each)
    for name, data in photos.items():
        memory.keep(name, _open(data))
    told = {"photos": len(photos), "copied": len(ordinary), "copies": _found(memory, ordinary), **_alarms(memory)}
    if args.json:
        print(json.dumps(told | {"copies": [asdict(row) for row in told["copies"]]}, ensure_ascii=False))
    else:
        _say(told)
    return 0


def _photos(folder: Path, sets: Sequence[str], each: int) -> dict[str, bytes]:
    """Name → the view of it that a house keeps; some of each set, evenly spread."""
    found = {}
    for name in sets:
        files = (path for path in (folder / name).rglob("*") if path.suffix.lower() in ENDINGS)
        paths = sorted(path for path in files if ".mask." not in path.name)
        for path in paths[:: max(1, len(paths) // each)][:each]:
            with contextlib.suppress(Unreadable):
                found[str(path.relative_to(folder))] = derive(decode(path.read_bytes()).pixels, SCREEN)
    return found


def _open(data: bytes) -> Pixels:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


@dataclass
class Row:
    """One kind of copy: of how many, how many plain pHash, the candidates and the confirmation had."""

    copy: str
    mild: bool
    of: int = 0
    plain: int = 0
    candidate: int = 0
    found: int = 0
    missed: list[str] = field(default_factory=list)


def _found(memory: Memory, photos: Mapping[str, bytes]) -> list[Row]:
    rows = {kind: Row(kind, kind in MILD) for kind in MILD | HARD}
    for number, (name, data) in enumerate(photos.items()):
        pixels, chance = _open(data), np.random.default_rng(number)
        for kind, make in (MILD | HARD).items():
            _seek(memory, memory.names.index(name), make(pixels, chance), rows[kind])
    return list(rows.values())


def _seek(memory: Memory, mine: int, copy: Pixels, row: Row) -> None:
    asked = similar.fingerprint(copy)
    candidates = memory.candidates(asked)
    row.of += 1
    row.plain += mine in memory.plain(asked)
    row.candidate += mine in candidates
    if mine in candidates and memory.confirms(similar.sketch(copy), mine):
        row.found += 1
    else:
        row.missed.append(memory.names[mine])


def _alarms(memory: Memory) -> dict[str, Any]:
    """Among the originals themselves: who is taken for another's copy. Pairs of one series are counted apart."""
    plain: set[int] = set()
    alarmed: dict[int, int] = {}
    series: dict[int, int] = {}
    ms = []
    for number, asked in enumerate(memory.prints):
        plain |= {number} if any(not memory.one_series(number, other) for other in memory.plain(asked)) else set()
        started = time.perf_counter()
        others = [other for other in memory.candidates(asked) if other != number]
        hits = [other for other in others if memory.confirms(memory.sketches[number], other)]
        ms.append((time.perf_counter() - started) * 1000)
        for other in hits:
            (series if memory.one_series(number, other) else alarmed).setdefault(number, other)
    strangers = len(memory.names)
    return {
        "strangers": strangers,
        "plain_false": len(plain),
        "false": [(memory.names[one], memory.names[other]) for one, other in alarmed.items()],
        "same_series": len(series),
        "ask_ms": round(sum(ms) / len(ms), 1),
    }


def _say(told: Mapping[str, Any]) -> None:
    print(f"{told['copied']} photos copied, sought among {told['photos']}:    pHash ≤ 10   candidate   confirmed")
    for row in told["copies"]:
        shares = (f"{share / row.of:9.3f}" for share in (row.plain, row.candidate, row.found))
        print(f"  {'mild' if row.mild else 'hard'}  {row.copy:14}{'':18}" + "   ".join(shares))
    for mild, name in ((True, "mild"), (False, "hard")):
        rows = [row for row in told["copies"] if row.mild is mild]
        of, found, plain = (sum(getattr(row, which) for row in rows) for which in ("of", "found", "plain"))
        print(f"  all {name}: found {found} of {of} = {found / of:.4f}; plain pHash {plain / of:.4f}")
    wrong = len(told["false"])
    print(f"  false alarms: {wrong} of {told['strangers']} photos = {wrong / told['strangers']:.4f}; plain pHash "
          f"{told['plain_false']} = {told['plain_false'] / told['strangers']:.4f}")  # fmt: skip
    print(f"  photos of one series taken for one photo, not counted: {told['same_series']}")
    print(f"  asking and confirming: {told['ask_ms']} ms a photo")
    for row in told["copies"]:
        for name in row.missed:
            print(f"    missed: {name}, {row.copy}")
    for one, other in told["false"]:
        print(f"    {one} ~ {other}")


if __name__ == "__main__":
    raise SystemExit(main())
