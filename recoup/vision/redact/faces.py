"""Find faces: CenterFace from several views. One view that is sure is enough; weak ones must agree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recoup.vision.redact import engines
from recoup.vision.redact.covers import Pixels, Points, rectangle, turned_back


@dataclass(frozen=True)
class View:
    """The photo scaled so that its long side is ``side``, turned by quarter turns, perhaps mirrored."""

    side: int
    quarter_turns: int
    mirrored: bool


VIEWS = (*(View(640, turns, False) for turns in range(4)), View(640, 0, True), View(960, 0, False))
WEAK, SURE, AGREE = 0.1, 0.35, 2
# A face this large (by the long side of the photo) is plain to see: weak ones of that size are knees and bread rolls.
LARGE = 0.15
PADDING = 0.5  # hair, ears and chin lie outside the detector's box, and tell as much


@dataclass(frozen=True, eq=False)
class Face:
    """Corners float[4, 2] in pixels of the photo, how sure (0 … 1), and how many views saw it."""

    points: Points
    score: float
    views: int


def find_faces(pixels: Pixels, *, views: Iterable[View] = VIEWS, weak: float = WEAK, sure: float = SURE) -> list[Face]:
    """Faces that one view is sure of, and small ones that two views see at least weakly."""
    seen = [(points, score) for view in views for points, score in _seen_from(pixels, view, weak)]
    small = LARGE * max(pixels.shape[:2])
    faces = _gathered(seen)
    return [face for face in faces if face.score >= sure or (face.views >= AGREE and _side(face) <= small)]


def _side(face: Face) -> float:
    return float((face.points.max(axis=0) - face.points.min(axis=0)).max())


def _gathered(seen: list[tuple[Points, float]]) -> list[Face]:
    """Views of one face together: the surest box speaks for those that overlap it."""
    left = sorted(seen, key=lambda one: -one[1])
    faces = []
    while left:
        best, score = left[0]
        mine = [one for one in left if _overlap(best, one[0]) >= 0.3]
        faces.append(Face(best, score, len(mine)))
        left = [one for one in left if _overlap(best, one[0]) < 0.3]
    return faces


def _overlap(one: Points, other: Points) -> float:
    """Intersection over union of two upright boxes."""
    low = np.maximum(one.min(axis=0), other.min(axis=0))
    high = np.minimum(one.max(axis=0), other.max(axis=0))
    shared = float(np.prod(np.clip(high - low, 0, None)))
    areas = [float(np.prod(box.max(axis=0) - box.min(axis=0))) for box in (one, other)]
    return shared / max(sum(areas) - shared, 1e-6)


def _seen_from(pixels: Pixels, view: View, weak: float) -> list[tuple[Points, float]]:
    height, width = pixels.shape[:2]
    factor = view.side / max(height, width)
    size = (max(32, round(width * factor / 32) * 32), max(32, round(height * factor / 32) * 32))
    scaled = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)
    turned = np.rot90(scaled, view.quarter_turns)
    looked = turned[:, ::-1] if view.mirrored else turned
    boxes = _boxes(np.ascontiguousarray(looked.transpose(2, 0, 1)[None], np.float32), weak)
    stretch = np.array([width / size[0], height / size[1]], np.float32)
    return [(_back(points, view, turned.shape, scaled.shape) * stretch, score) for points, score in boxes]


def _back(points: Points, view: View, turned: tuple[int, ...], scaled: tuple[int, ...]) -> Points:
    if view.mirrored:
        points = np.stack([turned[1] - points[:, 0], points[:, 1]], axis=-1)
    return turned_back(points, quarter_turns=view.quarter_turns, shape=scaled)


def _boxes(batch: NDArray[np.float32], weak: float) -> list[tuple[Points, float]]:
    heat, size, offset, _ = engines.run(engines.face_detector(), batch)
    peaks = heat[0, 0] * (heat[0, 0] >= cv2.dilate(heat[0, 0], np.ones((3, 3), np.uint8)))
    found = []
    for row, column in zip(*np.where(peaks > weak), strict=True):
        height, width = np.exp(size[0, :, row, column]) * 4
        y = (row + offset[0, 0, row, column] + 0.5) * 4 - height / 2
        x = (column + offset[0, 1, row, column] + 0.5) * 4 - width / 2
        found.append((rectangle(x, y, width, height), float(peaks[row, column])))
    return found
