"""What a finder says and what a supplier does not see: covers, residue, and the plane geometry under both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from recoup.kit.refusal import Refusal

Pixels = NDArray[np.uint8]
Points = NDArray[np.float32]
Box = tuple[int, int, int, int]
Kind = Literal["face", "text", "code", "label", "identifier", "card", "drawn", "metadata"]


class FinderFailed(Refusal):
    """A finder is missing or crashed: then nothing may leave, because "found nothing" would be a lie."""

    code = "redaction.finder_failed"
    status = 503
    sentence = (
        "The {finder} finder could not look at this photo ({reason}), so no copy of it may leave. "
        "Repair the installation and try again."
    )


@dataclass(frozen=True)
class Cover:
    """One hidden area. ``box`` is [x, y, width, height] in pixels of the copy; ``polygon``, if given, lies inside
    the box and is what is painted (a tilted line of text would otherwise hide its whole surroundings)."""

    kind: Kind
    box: Box
    why: str
    confidence: float
    polygon: tuple[tuple[int, int], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The cover as it is stored and shown: kind, box, why, confidence, and the polygon where there is one."""
        told = {"kind": self.kind, "box": list(self.box), "why": self.why, "confidence": self.confidence}
        return told | ({"polygon": [list(corner) for corner in self.polygon]} if self.polygon else {})

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Cover:
        """The cover that ``as_json`` told."""
        x, y, width, height = (int(side) for side in told["box"])
        polygon = tuple((int(corner[0]), int(corner[1])) for corner in told.get("polygon", ()))
        return cls(told["kind"], (x, y, width, height), told["why"], float(told["confidence"]), polygon)


@dataclass(frozen=True)
class Residue:
    """Something an attacker still reads in the outgoing bytes. ``box`` is (0, 0, 0, 0) for the container itself."""

    kind: Kind
    box: Box
    text: str
    why: str

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "box": list(self.box), "text": self.text, "why": self.why}

    def cover(self) -> Cover:
        """The cover that would hide it."""
        x, y, width, height = self.box
        pad = max(2, round(0.15 * min(width, height)))
        box = (x - pad, y - pad, width + 2 * pad, height + 2 * pad)
        return Cover(kind=self.kind, box=box, why=f"second look: {self.why}", confidence=1.0)


def cover_of(points: Points, *, kind: Kind, why: str, confidence: float, shape: tuple[int, ...]) -> Cover | None:
    """A cover over a polygon float[n, 2] of (x, y), cut to the picture; None when it lies outside."""
    height, width = shape[:2]
    cut = np.clip(np.rint(points), 0, (width - 1, height - 1)).astype(int)
    left, top = cut.min(axis=0)
    right, bottom = cut.max(axis=0)
    if right <= left or bottom <= top:
        return None
    box = (int(left), int(top), int(right - left) + 1, int(bottom - top) + 1)
    polygon = tuple((int(x), int(y)) for x, y in cut)
    return Cover(kind=kind, box=box, why=why, confidence=round(float(confidence), 3), polygon=polygon)


def mask_of(covers: Iterable[Cover], *, shape: tuple[int, ...]) -> Pixels:
    """uint8[height, width], 1 where something is hidden."""
    mask = np.zeros(shape[:2], np.uint8)
    for cover in covers:
        if len(cover.polygon) > 2:
            cv2.fillPoly(mask, [np.array(cover.polygon, np.int32)], 1)
        else:
            x, y, width, height = cover.box
            mask[max(0, y) : max(0, y + height), max(0, x) : max(0, x + width)] = 1
    return mask


def rectangle(x: float, y: float, width: float, height: float) -> Points:
    """The four corners of an upright box, as float[4, 2]."""
    return np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], np.float32)


def grow(points: Points, *, share: float, by: float = 0.0) -> Points:
    """Push the corners of a rectangle (any tilt) away from its middle: by a share of each side, and by pixels."""
    middle = points.mean(axis=0)
    along, across = points[1] - points[0], points[3] - points[0]
    length, depth = max(float(np.linalg.norm(along)), 1e-6), max(float(np.linalg.norm(across)), 1e-6)
    half_along = along / length * (length / 2 * (1 + share) + by)
    half_across = across / depth * (depth / 2 * (1 + share) + by)
    corners = (-half_along - half_across, half_along - half_across, half_along + half_across, -half_along + half_across)
    return np.array([middle + corner for corner in corners], np.float32)


def hull(groups: Sequence[Points]) -> Points:
    """The convex hull around several polygons."""
    return np.asarray(cv2.convexHull(np.concatenate(groups)), np.float32).reshape(-1, 2)


def turned_back(points: Points, *, quarter_turns: int, shape: tuple[int, ...]) -> Points:
    """Points found in ``np.rot90(picture, quarter_turns)``, in the coordinates of the picture of ``shape``."""
    height, width = shape[:2]
    x, y = points[..., 0], points[..., 1]
    turns: tuple[tuple[Points, Points], ...] = ((x, y), (width - y, x), (width - x, height - y), (y, height - x))
    return np.stack(turns[quarter_turns % 4], axis=-1).astype(np.float32)


def same_area(one: Points, other: Points) -> float:
    """Intersection over the smaller of two convex polygons, 0 … 1."""
    smaller = min(float(cv2.contourArea(one)), float(cv2.contourArea(other)))
    if smaller <= 0:
        return 0.0
    return float(cv2.intersectConvexConvex(one, other)[0]) / smaller
