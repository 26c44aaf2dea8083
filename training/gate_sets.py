"""Which photos say what about the gate: the sets by what their labels mean, and how their measures are taken."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from recoup.vision.decode import Unreadable, decode
from recoup.vision.gate import chance
from recoup.vision.measures import measure
from training.logistic import Numbers
from training.pictures import Entry, is_learned_sharp, manifest, spoilt

# Ordinary photos, as customers and warehouses take them: hardly one of them should be sent back.
ORDINARY = (
    "product_natural", "product_shop", "product_catalog", "rel_goods", "defect_phone", "defect_tile",
    "damage_phone", "damage_can", "damage_label", "parcel",
)  # fmt: skip
BLUR = ("blur_label", "blur_gopro", "blur_photo", "blur_receipt", "blur_grocery", "blur_misc")
JUDGED = ("blur_label", "blur_gopro", "blur_photo", "blur_receipt")  # grocery was chosen with sharpness metrics
DARK = (("exposure_dark", "under"), ("exposure_seq", "under"), ("exposure", "under"))
BRIGHT = (("exposure_seq", "over"), ("exposure", "over"))
FINE = ("exposure_seq", "ok")
REFLECTED = ("glare", "glare_document")
SETS = {*ORDINARY, *BLUR, "blur_partial", "exposure", "exposure_dark", "exposure_seq", "glare"}


@dataclass(frozen=True)
class Row:
    """What was measured of one picture, or of a copy that was spoilt on purpose in the way ``spoilt`` names."""

    file: str
    set: str
    label: str
    use: str
    spoilt: str
    measures: Mapping[str, int]

    @property
    def half(self) -> int:
        """0 or 1: which half it falls into, when one half is judged by the thresholds of the other."""
        return zlib.crc32(self.file.encode()) % 2

    @property
    def is_blur(self) -> bool:
        return self.set in BLUR and self.label.startswith("blur")

    @property
    def is_sharp(self) -> bool:
        return self.set in BLUR and self.label == "sharp"

    @property
    def kind(self) -> tuple[str, str]:
        return (self.set, self.label)


def measured(folder: Path, *, jobs: int) -> list[Row]:
    """Rows of every picture that says something about the gate, and of spoilt copies of those it may learn from."""
    entries = [entry for entry in manifest(folder) if entry.set in SETS]
    work = [(folder, entry) for entry in entries]
    if jobs == 1:
        return [row for each in work for row in _rows(*each)]
    with get_context("spawn").Pool(jobs) as pool:
        return [row for rows in pool.starmap(_rows, work, chunksize=8) for row in rows]


def _rows(folder: Path, entry: Entry) -> list[Row]:
    try:
        pixels = decode((folder / entry.file).read_bytes()).pixels
    except Unreadable as refusal:
        print(f"{entry.file}: {refusal}", file=sys.stderr)
        return []
    copies = spoilt(pixels, name=entry.file) if is_learned_sharp(entry) else {}
    about = (entry.file, entry.set, entry.label, entry.use)
    return [Row(*about, how, measure(picture)) for how, picture in ({"": pixels} | copies).items()]


def spoilt_as(rows: Iterable[Row], *ways: str) -> list[Row]:
    return [row for row in rows if row.spoilt in ways]


def whole(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if not row.spoilt]


def scores(heads: Mapping[str, Mapping[str, Any]]) -> Callable[[Sequence[Row], str], Numbers]:
    """Rows and the name of a head → the scores (0..1) that it gives them."""
    return lambda rows, name: np.array([chance(row.measures, heads[name]) for row in rows])
