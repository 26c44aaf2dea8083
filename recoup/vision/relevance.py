"""Does the picture show goods, or damage to goods? Screens, pages, cartoons, people and scenery do not.

A small network (gate/relevance.onnx, made by training/relevance.py) weighs whole-number measures: how much of the
picture was drawn by a program (exactly flat areas, crisp steps), how large the largest face is, and the layout, that
is how strong edges of six directions are in sixteen parts of the picture on three scales. Colours are left out: they
did not carry over to pictures from elsewhere.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from recoup.vision import rules_folder
from recoup.vision.gate import Verdict
from recoup.vision.gate_sentences import sentence_for
from recoup.vision.luma import area_mean, luma
from recoup.vision.networks import opened

Pixels = NDArray[np.uint8]
STAMP = 96  # pixels on each side; the picture is stretched to a square
GRID = 360  # every so-manieth pixel is looked at, so that at least this many remain on the long side
LINES = 48
FACES = 192  # pixels on the long side for the face detector
STEEP = 40
STATISTICS = (
    "flat", "flat_midtone", "crisp", "even_rows", "even_columns", "first_colour", "two_colours", "colours",
    "upright_edges", "rim_edges", "rim_unlike", "longish", "face",
)  # fmt: skip
PARTS, DIRECTIONS, SCALES = 4, 6, (1, 2, 4)
LAYOUT = PARTS * PARTS * DIRECTIONS * len(SCALES)
_LOCK = threading.Lock()


@dataclass(frozen=True)
class Relevance:
    """``score`` 0..1 (1 = shows goods); ``firm``: below the threshold under which hardly any goods are found."""

    score: float
    firm: bool


def judge(pixels: Pixels) -> Relevance:
    """Relevance of uint8[h, w, 3] upright RGB pixels of any size. Same pixels and same network, same answer."""
    session, about = _network()
    score = round(float(session.run(None, {"measures": measures(pixels)[None]})[0][0]), 6)
    return Relevance(score=score, firm=score < about["firm"])


def joined(verdict: Verdict, relevance: Relevance) -> Verdict:
    """The verdict with the score ``relevant``, and with reason ``not_goods`` where an otherwise good photo shows none.

    A photo that is to be taken again anyway keeps its reasons: in the dark, or out of focus, nobody can tell.
    """
    scored = replace(verdict, scores=verdict.scores | {"relevant": relevance.score})
    if verdict.reasons or not relevance.firm:
        return scored
    reasons = ("not_goods",)
    return replace(scored, result="retake", reasons=reasons, sentence=sentence_for(reasons), near_line=False, advice=())


def stamp(pixels: Pixels) -> Pixels:
    """uint8[96, 96, 3]: the whole picture, stretched."""
    return area_mean(_grid(pixels), STAMP, STAMP)


def _grid(pixels: Pixels) -> Pixels:
    step = max(1, max(pixels.shape[:2]) // GRID)
    return pixels[::step, ::step]


def measures(pixels: Pixels) -> NDArray[np.int32]:
    """int32[301]: the statistics, then the layout."""
    small = stamp(pixels)
    return np.concatenate([statistics(pixels, small), layout(small)])


def statistics(pixels: Pixels, small: Pixels) -> NDArray[np.int32]:
    """int32[13] in thousandths, in the order of STATISTICS, of the picture and its stamp."""
    found = [*_drawn(pixels), *_palette(_grid(pixels)), *_edges(small)]
    long, short = max(pixels.shape[:2]), min(pixels.shape[:2])
    return np.array([*found, min(4000, 1000 * long // short), _face(pixels)], dtype=np.int32)


def layout(small: Pixels) -> NDArray[np.int32]:
    """int32[288]: for each scale, part of the stamp (row by row) and direction, the mean strength of edges × 100."""
    grey = luma(small).astype(np.int32)
    return np.concatenate([_directed(_shrunk(grey, scale)) for scale in SCALES])


def _shrunk(grey: NDArray[np.int32], scale: int) -> NDArray[np.int32]:
    side = STAMP // scale
    blocks = grey.reshape(side, scale, side, scale).sum(axis=(1, 3))
    return np.asarray((blocks + scale * scale // 2) // (scale * scale), dtype=np.int32)


def _directed(grey: NDArray[np.int32]) -> NDArray[np.int32]:
    """Sobel's steps, sorted into six directions of 30° each; the first lies around the horizontal."""
    rim = np.pad(grey, 1, mode="edge")
    down = rim[:, :-2] + 2 * rim[:, 1:-1] + rim[:, 2:]
    along = rim[:-2] + 2 * rim[1:-1] + rim[2:]
    across, upright = along[:, 2:] - along[:, :-2], down[2:] - down[:-2]
    long = np.maximum(np.abs(across), np.abs(upright))
    short = np.minimum(np.abs(across), np.abs(upright))
    level, alike = np.abs(upright) <= np.abs(across), (across >= 0) == (upright >= 0)
    slanted = np.where(level, np.where(alike, 1, 5), np.where(alike, 2, 4))
    direction = np.where(short * 1000 < 268 * long, np.where(level, 0, 3), slanted)
    part = np.arange(len(grey)) * PARTS // len(grey)
    place = (part[:, None] * PARTS + part) * DIRECTIONS + direction
    strength = np.bincount(place.ravel(), weights=(long + short // 2).ravel(), minlength=PARTS * PARTS * DIRECTIONS)
    return (strength.astype(np.int64) * 100 // (len(grey) // PARTS) ** 2).astype(np.int32)


def _drawn(pixels: Pixels) -> list[int]:
    """Signs of a picture that was drawn by a program, along some rows and columns of neighbouring greens."""
    height, width = pixels.shape[:2]
    rows = pixels[_some(height), :, 1]
    columns = pixels[:, _some(width), 1].T
    flat, flat_midtone, crisp = np.zeros(2, np.int64), np.zeros(2, np.int64), np.zeros(2, np.int64)
    even = []
    for lines in (rows, columns):
        steps = np.abs(np.diff(lines.astype(np.int16), axis=1))
        same, midtone = steps == 0, (lines[:, :-1] > 12) & (lines[:, :-1] < 243)
        flat += (np.count_nonzero(same), same.size)
        flat_midtone += (np.count_nonzero(same & midtone), np.count_nonzero(midtone))
        steep = steps[:, 1:-1] >= STEEP
        crisp += (np.count_nonzero(steep & (same[:, :-2] | same[:, 2:])), np.count_nonzero(steep))
        mostly = np.count_nonzero(same, axis=1) * 100 > same.shape[1] * 97
        even.append(_share(int(np.count_nonzero(mostly)), len(lines)))
    return [*(_share(int(part), int(whole)) for part, whole in (flat, flat_midtone, crisp)), *even]


def _some(length: int) -> NDArray[np.int64]:
    """Up to LINES places, evenly spread."""
    count = min(LINES, length)
    return (np.arange(count, dtype=np.int64) * 2 + 1) * length // (2 * count)


def _share(part: int, whole: int) -> int:
    return part * 1000 // whole if whole else 0


def _palette(grid: Pixels) -> list[int]:
    """How much the commonest colour and the two commonest cover, and how many colours cover nine tenths."""
    coarse = grid >> 4
    index = coarse[..., 0].astype(np.int32) * 256 + coarse[..., 1].astype(np.int32) * 16 + coarse[..., 2]
    counts = np.sort(np.bincount(index.ravel(), minlength=4096))[::-1]
    total = int(counts.sum())
    needed = int(np.searchsorted(np.cumsum(counts) * 10, total * 9)) + 1
    return [_share(int(counts[0]), total), _share(int(counts[:2].sum()), total), needed]


def _edges(small: Pixels) -> list[int]:
    """How many edges stand upright or lie level; how many are near the rim; how unlike each other the rim's parts are."""
    grey = luma(small).astype(np.int32)
    across, down = np.abs(grey[1:-1, 2:] - grey[1:-1, :-2]), np.abs(grey[2:, 1:-1] - grey[:-2, 1:-1])
    strong = across + down >= 24
    upright = strong & (8 * np.minimum(across, down) <= np.maximum(across, down))
    inner = slice(STAMP // 5, -STAMP // 5)
    total = int(strong.sum())
    rim = np.concatenate(
        [small[:8].reshape(-1, 3), small[-8:].reshape(-1, 3), small[:, :8].reshape(-1, 3), small[:, -8:].reshape(-1, 3)]
    )
    unlike = np.abs(rim.astype(np.int32) - np.sort(rim, axis=0)[len(rim) // 2]).sum()
    return [
        _share(int(upright.sum()), total),
        _share(total - int(strong[inner, inner].sum()), total),
        int(unlike) * 10 // rim.size,
    ]


def _face(pixels: Pixels) -> int:
    """The largest face that is plain to see: its long side as a share of the picture's; 0 where there is none."""
    grid = _grid(pixels)
    longest = max(grid.shape[:2])
    down, across = (max(32, (side * FACES // longest + 16) // 32 * 32) for side in grid.shape[:2])
    batch = area_mean(grid, down, across).transpose(2, 0, 1)[None].astype(np.float32)
    heat, size, *_ = _faces().run(None, {"input.1": np.ascontiguousarray(batch)})
    plain = heat[0, 0] >= 0.5
    if not plain.any():
        return 0
    sides = np.exp(size[0][:, plain].astype(np.float64)).max(axis=1) * 4000 / (down, across)
    return min(1000, int(sides.max()))


def _network() -> tuple[onnxruntime.InferenceSession, dict[str, Any]]:
    """The network in force and what its file says about it, read once for each state of the file."""
    path = rules_folder() / "relevance.onnx"
    with _LOCK:
        return _load(str(path), path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _load(path: str, changed: int) -> tuple[onnxruntime.InferenceSession, dict[str, Any]]:
    session = opened(path, threads=1)
    about: dict[str, Any] = json.loads(session.get_modelmeta().custom_metadata_map["recoup"])
    return session, about


def _faces() -> onnxruntime.InferenceSession:
    with _LOCK:
        return _face_detector()


@lru_cache(maxsize=1)
def _face_detector() -> onnxruntime.InferenceSession:
    """The detector that redaction uses, too; opened here on its own, because that package needs far more to load."""
    return opened(str(Path(__file__).resolve().parent / "weights" / "centerface.onnx"), threads=1)
