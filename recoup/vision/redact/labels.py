"""The whole label or waybill around a code or an address: what stands beside an identifier identifies too."""

from __future__ import annotations

import cv2
import numpy as np

from recoup.vision.redact.covers import Pixels, Points, hull

CLOSING = 0.02  # of the long side: lines closer than this belong to one label


def label_hulls(anchors: list[Points], lines: list[Points], *, shape: tuple[int, ...]) -> list[Points]:
    """For each anchor (a code, an address line) the convex hull of it and all lines that hang together with it."""
    if not anchors:
        return []
    places = [*anchors, *lines]
    together = _groups(places, shape)
    wanted = sorted({together[number] for number in range(len(anchors))})
    grouped = [[place for place, mine in zip(places, together, strict=True) if mine == group] for group in wanted]
    return [hull(group) for group in grouped if len(group) > 1]


def _groups(places: list[Points], shape: tuple[int, ...]) -> list[int]:
    """The number of the blob that each place lies in, once all are drawn thick enough to touch their neighbours."""
    factor = 500 / max(shape[:2])
    canvas: Pixels = np.zeros((round(shape[0] * factor) + 1, round(shape[1] * factor) + 1), np.uint8)
    for place in places:
        cv2.fillPoly(canvas, [np.rint(place * factor).astype(np.int32)], 1)
    reach = 2 * max(1, round(CLOSING * 500 / 2)) + 1
    _, blobs = cv2.connectedComponents(cv2.dilate(canvas, np.ones((reach, reach), np.uint8)))
    return [_blob_at(np.asarray(blobs, np.int32), place.mean(axis=0) * factor) for place in places]


def _blob_at(blobs: np.ndarray[tuple[int, int], np.dtype[np.int32]], middle: Points) -> int:
    row = int(np.clip(round(float(middle[1])), 0, blobs.shape[0] - 1))
    column = int(np.clip(round(float(middle[0])), 0, blobs.shape[1] - 1))
    return int(blobs[row, column])
