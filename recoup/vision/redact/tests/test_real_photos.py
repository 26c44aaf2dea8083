"""A few real photos with annotations, where the sample data is present."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recoup.vision.redact import Known, redact, settle
from recoup.vision.redact.covers import Pixels, mask_of
from tests.sample_data import sample


def opened(path: Path, *, shrunk: int = 1) -> Pixels:
    return np.asarray(Image.open(path).convert("RGB").reduce(shrunk), np.uint8)


def test_every_line_of_a_receipt_is_hidden() -> None:
    photo = sample("photos/receipt/002.jpg")
    made, left = settle(opened(photo), known=Known())
    mask = mask_of(made.covers, shape=made.pixels.shape)
    lines = photo.with_suffix(".box.csv").read_text("utf-8-sig").splitlines()
    boxes = [[int(side) for side in line.split(",", 8)[:8]] for line in lines if line]
    shares = [mask[min(box[1::2]) : max(box[1::2]), min(box[::2]) : max(box[::2])].mean() for box in boxes]
    assert min(shares) > 0.9
    assert left == []


def test_every_annotated_face_is_hidden() -> None:
    photo = sample("photos/faces/cf_002_A.jpg")
    made = redact(opened(photo, shrunk=2), known=Known())  # faces are looked for at 960 pixels and less
    mask = mask_of(made.covers, shape=made.pixels.shape)
    with photo.with_suffix("").with_suffix(".faces.csv").open() as rows:
        places = [[float(side) for side in row] for row in csv.reader(rows) if row]
    assert places
    assert all(mask[int(place[1] / 2), int(place[0] / 2)] for place in places)


@pytest.mark.parametrize("name", ["0023_Damaged_phone_7.jpg", "0031_Good_data_0007.jpg"])
def test_a_cracked_screen_stays_visible(name: str) -> None:
    made, _ = settle(opened(sample(f"photos/damage_phone/{name}")), known=Known())
    mask = mask_of(made.covers, shape=made.pixels.shape)
    height, width = mask.shape
    assert mask[height // 4 : -height // 4, width // 4 : -width // 4].mean() < 0.15
