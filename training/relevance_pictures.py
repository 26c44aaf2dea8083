"""What the relevance network learns from: pictures whose manifest says *train*, and painted and drawn ones.

Each becomes measures from four looks: whole, mirrored, and two crops. Painted scenes are worn (softened, lit, noisy, pressed) as a
telephone would; drawn pictures are saved and shrunk as people send them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from recoup.vision.decode import decode
from recoup.vision.relevance import STAMP, layout, stamp, statistics
from training import relevance_goods as goods
from training import relevance_scenes as scenes
from training import relevance_screens as screens
from training.pictures import Entry, manifest

Chance = np.random.Generator
Pixels = NDArray[np.uint8]
KINDS = ("goods", "screen", "document", "drawing", "meme", "person", "outdoors", "room", "animal")
SIZES = ((210, 280), (280, 210), (250, 250), (180, 320), (320, 180))
LEARN_GOODS = {"rel_goods", "product_natural", "product_catalog", "label_synth", "parcel", "blur_grocery", "barcode"}
PAINTED_GOODS = (goods.box, goods.bottle, goods.telephone, goods.garment, goods.label_close, goods.bare)
PAINTED_REST = {
    scenes.landscape: "outdoors", scenes.house: "outdoors", scenes.vehicle: "outdoors",
    scenes.room: "room", scenes.animal: "animal", scenes.person: "person",
}  # fmt: skip
DRAWN = {
    screens.screen: ("screen", 3.0), screens.document: ("document", 1.0), screens.drawing: ("drawing", 1.0),
    screens.sketch: ("drawing", 0.4), screens.meme: ("meme", 1.5),
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Lesson:
    """``looks`` int32[4, n] measures of one picture, the kind's number, and whether a lens saw it."""

    looks: NDArray[np.int32]
    kind: int
    real: bool


def lesson(pixels: Pixels, kind: str, *, real: bool, chance: Chance) -> Lesson:
    """A crop has the whole picture's statistics: what was drawn, and by which colours, does not change."""
    small = stamp(pixels)
    known = statistics(pixels, small)
    stamps = [small, small[:, ::-1], _crop(pixels, chance), _crop(pixels, chance)[:, ::-1]]
    looks = np.stack([np.concatenate([known, layout(one)]) for one in stamps])
    return Lesson(looks, KINDS.index(kind), real)


def _crop(pixels: Pixels, chance: Chance) -> Pixels:
    height, width = pixels.shape[:2]
    share = chance.uniform(0.7, 1.0)
    tall, wide = max(1, int(height * share)), max(1, int(width * share))
    top, left = int(chance.integers(0, height - tall + 1)), int(chance.integers(0, width - wide + 1))
    part = pixels[top : top + tall, left : left + wide]
    return np.asarray(cv2.resize(part, (STAMP, STAMP), interpolation=cv2.INTER_AREA), np.uint8)


def kind_of(entry: Entry) -> str | None:
    """What a *train* picture shows; None when nothing is to be learned from it."""
    if entry.use != "train":
        return None
    if entry.set in LEARN_GOODS:
        return "goods"
    fixed = {"faces": "person", "blur_gopro": "outdoors"}.get(entry.set)
    if entry.set == "metadata" and entry.label.startswith("orientation"):
        return "outdoors"
    return {"not:screenshot": "screen", "not:drawing": "drawing"}.get(entry.label, fixed)


def photographed(folder: Path) -> Iterator[tuple[Entry, Pixels, str]]:
    for entry in manifest(folder):
        kind = kind_of(entry)
        if kind:
            yield entry, decode((folder / entry.file).read_bytes()).pixels, kind


def lessons(folder: Path, *, painted: int, seed: int = 1) -> list[Lesson]:
    """All lessons: every *train* photo once, and ``painted`` pictures of each painter (drawn ones by their weight)."""
    chance = np.random.default_rng(seed)
    learned, pieces, people = [], [], []
    for _, pixels, kind in photographed(folder):
        learned.append(lesson(pixels, kind, real=True, chance=chance))
        small = _fitted(pixels, 360)
        if kind == "goods":
            pieces += [piece for piece in [goods.cut_out(small.astype(np.float32))] if piece]
        if kind in ("person", "outdoors"):
            people.append(small)
    return learned + list(_painted(pieces, painted, chance)) + list(_drawn(people, painted, chance))


def _fitted(pixels: Pixels, long_side: int) -> Pixels:
    factor = long_side / max(pixels.shape[:2])
    size = (max(1, round(pixels.shape[1] * factor)), max(1, round(pixels.shape[0] * factor)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _painted(pieces: list[goods.CutOut], many: int, chance: Chance) -> Iterator[Lesson]:
    def laid(h: int, w: int, chance: Chance) -> Any:
        return goods.laid(pieces[int(chance.integers(len(pieces)))], h, w, chance)

    painters: list[tuple[Callable[[int, int, Chance], Any], str]] = [(one, "goods") for one in PAINTED_GOODS]
    painters += [(laid, "goods")] * (3 if pieces else 0) + list(PAINTED_REST.items())
    for painter, kind in painters:
        for _ in range(many):
            h, w = SIZES[int(chance.integers(len(SIZES)))]
            yield lesson(worn(painter(h, w, chance), chance), kind, real=False, chance=chance)


def _drawn(photos: list[Pixels], many: int, chance: Chance) -> Iterator[Lesson]:
    scene = list(PAINTED_REST)
    photos = photos * 3 + [worn(scene[i % len(scene)](270, 360, chance), chance) for i in range(60)]
    for draw, (kind, weight) in DRAWN.items():
        for _ in range(round(many * weight)):
            yield lesson(_sent(draw(chance, photos), chance), kind, real=False, chance=chance)


def worn(paint: Any, chance: Chance) -> Pixels:
    """What lens, light and sensor do to a painted scene."""
    seen: Any = np.asarray(paint, np.float32)
    if chance.random() < 0.8:
        seen = cv2.GaussianBlur(seen, (0, 0), chance.uniform(0.4, 1.6))
    seen = 255 * (np.clip(seen, 0, 255) / 255) ** chance.uniform(0.7, 1.5) * chance.uniform(0.6, 1.1)
    grey = seen.mean(axis=2, keepdims=True)
    seen = (grey + (seen - grey) * chance.uniform(0.3, 1.0)) * chance.normal(1, 0.06, 3)
    seen = seen + chance.normal(0, chance.uniform(1, 7), seen.shape)
    return _pressed(np.clip(seen, 0, 255).astype(np.uint8), chance)


def _sent(drawn: Pixels, chance: Chance) -> Pixels:
    if chance.random() < 0.35:
        drawn = _fitted(drawn, int(max(drawn.shape[:2]) * chance.uniform(0.5, 1.6)))
    return _pressed(drawn, chance) if chance.random() < 0.5 else drawn


def _pressed(pixels: Pixels, chance: Chance) -> Pixels:
    packed = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, int(chance.integers(55, 97))])[1]
    return np.ascontiguousarray(np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR))[..., ::-1])
