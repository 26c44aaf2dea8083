"""Debian's tesseract as an attacker: another family of reader, run as a program with a time limit."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from functools import lru_cache

from PIL import Image

from recoup.vision.redact.covers import Pixels, Points, rectangle
from recoup.vision.redact.reading import Reading

SECONDS = 20.0
ARGUMENTS = ("stdin", "stdout", "--psm", "11", "tsv")


@lru_cache(maxsize=1)
def available() -> bool:
    return shutil.which("tesseract") is not None


def read_words(pixels: Pixels) -> list[tuple[Reading, Points]]:
    """Every word with its confidence (0 … 1) and corners. Raises what subprocess raises, time-out included."""
    picture = io.BytesIO()
    Image.fromarray(pixels).save(picture, "PPM")
    ran = subprocess.run(
        ["tesseract", *ARGUMENTS],
        input=picture.getvalue(),
        capture_output=True,
        timeout=SECONDS,
        check=True,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
    )
    rows = csv.DictReader(io.StringIO(ran.stdout.decode("utf-8", "replace")), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [_word(row) for row in rows if row["text"] and row["text"].strip()]


def _word(row: dict[str, str]) -> tuple[Reading, Points]:
    corners = rectangle(float(row["left"]), float(row["top"]), float(row["width"]), float(row["height"]))
    return Reading(row["text"].strip(), max(0.0, float(row["conf"]) / 100)), corners
