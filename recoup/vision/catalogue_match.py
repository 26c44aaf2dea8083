"""Is it the product that was ordered? The photo's keypoints against reference pictures of the products on the order.

A match says much, its absence nothing: a broken cup from behind looks like no catalogue picture. Never compare with the
whole catalogue: among a thousand pictures something always fits a little.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recoup.vision.overlay import pairs
from recoup.vision.similar import Numbers, Pixels, Sketch, sketch

LONG_SIDE = 800  # pixels: a product fills a part of the photo only, so look closer than for copies
KEYPOINTS = 1500
NEAREST = 0.75
REACH = 5.0  # pixels
LEAST_INLIERS = 22  # ten would fit more than a quarter of unrelated pictures
LEAST_SHARE = 0.25  # of the pairs: a few points in line by chance lie among many that are not
LEAST_AREA = 0.01  # of the photo, that the matched part of the reference must cover
MOST_BENT = 4.0  # how much one side of the laid-over reference may be longer than the opposite one


@dataclass(frozen=True)
class Match:
    """``sku`` is on the photo: ``inliers`` keypoints of its reference picture lie where one flat view puts them;
    ``box`` is [x, y, width, height] of the place in pixels of the photo, ``share`` how many of the pairs fit (0 … 1)."""

    sku: str
    inliers: int
    share: float
    box: tuple[int, int, int, int]


def closely(picture: Pixels) -> Sketch:
    """The keypoints of uint8[h, w, 3] RGB pixels, as a reference picture is compared by; about 100 ms."""
    return sketch(picture, long_side=LONG_SIDE, keypoints=KEYPOINTS)


def match(photo: Pixels, references: Mapping[str, Sequence[Sketch]]) -> Match | None:
    """The product of the order that the photo (uint8[h, w, 3] RGB) shows most surely, or None, which means nothing.

    ``references``: SKU → its reference pictures, seen ``closely``.
    """
    seen = closely(photo)
    scale = max(1.0, max(photo.shape[:2]) / LONG_SIDE)
    found = (_match(sku, seen, reference, scale) for sku, sketches in references.items() for reference in sketches)
    return max((one for one in found if one), key=lambda one: one.inliers, default=None)


def _match(sku: str, seen: Sketch, reference: Sketch, scale: float) -> Match | None:
    import cv2

    paired = pairs(reference, seen, nearest=NEAREST)
    if len(paired) < LEAST_INLIERS:
        return None
    here, there = reference.places[paired[:, 0]], seen.places[paired[:, 1]]
    view, inside = cv2.findHomography(here, there, cv2.RANSAC, REACH)
    if view is None:
        return None
    inliers = inside.ravel().astype(bool)
    # Many keypoints of a repeated pattern on one spot are one witness, not many.
    count = min(len(np.unique(np.round(there[inliers]), axis=0)), len(np.unique(np.round(here[inliers]), axis=0)))
    share = float(inliers.mean())
    if count < LEAST_INLIERS or share < LEAST_SHARE or not _sane(view, here[inliers], seen):
        return None
    return Match(sku, count, round(share, 3), _box(there[inliers], scale))


def _sane(view: Numbers, here: Numbers, seen: Sketch) -> bool:
    """A real view of a flat thing: not mirrored, not folded, not collapsed to a line, not wildly bent."""
    corners = _corners(here)
    laid = _through(view, corners)
    if laid is None or not (_turns(laid) > 0).all():
        return False
    sides = np.linalg.norm(np.roll(laid, -1, axis=0) - laid, axis=1)
    bent = max(sides[0] / sides[2], sides[2] / sides[0], sides[1] / sides[3], sides[3] / sides[1])
    return bool(_area(laid) >= LEAST_AREA * seen.grey.size and bent <= MOST_BENT)


def _corners(points: Numbers) -> Numbers:
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float64)


def _through(view: Numbers, points: Numbers) -> Numbers | None:
    """The points as the homography sees them; None when some lie on or behind its horizon."""
    flat = np.column_stack([points, np.ones(len(points))]) @ view.T
    if (flat[:, 2] <= 1e-6).any():
        return None
    return np.asarray(flat[:, :2] / flat[:, 2:], np.float64)


def _turns(corners: Numbers) -> Numbers:
    """Which way the outline turns at each corner; all positive: convex and not mirrored."""
    before, after = corners - np.roll(corners, 1, axis=0), np.roll(corners, -1, axis=0) - corners
    return np.asarray(before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0])


def _area(corners: Numbers) -> float:
    x, y = corners[:, 0], corners[:, 1]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def _box(points: Numbers, scale: float) -> tuple[int, int, int, int]:
    (left, top), (right, bottom) = points.min(axis=0) * scale, points.max(axis=0) * scale
    return (int(left), int(top), int(right - left), int(bottom - top))
