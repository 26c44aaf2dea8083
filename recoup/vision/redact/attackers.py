"""The second look: other attackers than the finders read the outgoing bytes, and any hit blocks the release.

What counts as residue is what a person could use: a face, a code that decodes, anything in the container, a known
identifier however faint, and words. A reader "reads" signs into wood grain and cracks, so a word must have at least
three letters or digits in a row and be read surely (see ``is_word``); one or two lone signs are not residue.
"""

from __future__ import annotations

import io
import re

import numpy as np
from PIL import Image

from recoup.vision.redact.codes import Look, decode_codes, gray_of
from recoup.vision.redact.covers import Box, Pixels, Points, Residue
from recoup.vision.redact.faces import View as FaceView
from recoup.vision.redact.faces import find_faces
from recoup.vision.redact.finders import ask
from recoup.vision.redact.known import Known, card_like
from recoup.vision.redact.metadata import foreign_parts
from recoup.vision.redact.reading import Reading, read_lines
from recoup.vision.redact.render import COLOUR
from recoup.vision.redact.tesseract import available, read_words
from recoup.vision.redact.text import View as TextView
from recoup.vision.redact.text import find_lines

SURE_READER, SURE_TESSERACT, FAINT = 0.7, 0.7, 0.3
# Not the sizes and turns that the finders used.
TEXT_VIEWS = (TextView(0, short_side=1000, long_side=1440),)
FACE_VIEWS = (FaceView(800, 0, False), FaceView(800, 0, True), FaceView(800, 1, False), FaceView(800, 3, False))
FACE_WEAK, FACE_SURE = 0.1, 0.4
CODE_LOOKS = (Look(), Look(1200), Look(2000), Look(degrees=30))
NEAR = 40  # pixels
JPEG_NOISE = 6  # of 255, by which a cover may differ from its colour
NOWHERE: Box = (0, 0, 0, 0)


def second_look(encoded: bytes, *, known: Known) -> list[Residue]:
    """What can still be read in the encoded copy. An empty list lets a person sign. Raises FinderFailed."""
    pixels = ask("second look", _opened, encoded)
    return [
        *ask("metadata", _metadata, encoded),
        *ask("second face", _faces, pixels),
        *ask("second code", _codes, pixels, known),
        *ask("second text", _text, pixels, known),
        *ask("tesseract", _tesseract, pixels, known),
    ]


def is_word(text: str) -> bool:
    """Three letters or digits in a row, not all the same: less is read into any texture."""
    return any(len(set(run)) > 1 for run in re.findall(r"[^\W_]{3,}", text.casefold()))


def _opened(encoded: bytes) -> Pixels:
    return np.asarray(Image.open(io.BytesIO(encoded)).convert("RGB"), np.uint8)


def _metadata(encoded: bytes) -> list[Residue]:
    return [Residue("metadata", NOWHERE, part, "more than a picture in the file") for part in foreign_parts(encoded)]


def _faces(pixels: Pixels) -> list[Residue]:
    faces = find_faces(pixels, views=FACE_VIEWS, weak=FACE_WEAK, sure=FACE_SURE)
    seen = ((face, box_of(face.points)) for face in faces)
    return [Residue("face", box, "", f"a face ({face.score:.2f})") for face, box in seen if not _hidden(pixels, box)]


def _hidden(pixels: Pixels, box: Box) -> bool:
    """Is more of this place covered than not? A cover among shoulders is taken for a face, but shows nobody."""
    x, y, width, height = box
    place = pixels[y : y + height, x : x + width].astype(np.int16)
    return bool((np.abs(place - COLOUR).max(axis=2) <= JPEG_NOISE).mean() > 0.5)


def _codes(pixels: Pixels, known: Known) -> list[Residue]:
    gray = gray_of(pixels)
    read = [code for look in CODE_LOOKS for code in decode_codes(gray, look=look)]
    # The same code from several looks is one residue; the same value printed in two places is two.
    apart = {(kind, value, box[0] // NEAR, box[1] // NEAR): box for kind, value, box in read}
    return [
        Residue("code", box, value, f"{kind} can be read")
        for (kind, value, _, _), box in apart.items()
        if not known.shows(value, score=1.0)
    ]


def _text(pixels: Pixels, known: Known) -> list[Residue]:
    lines = find_lines(pixels, views=TEXT_VIEWS)
    readings = read_lines(pixels, [line.points for line in lines])
    found = (_judged(reading, line.points, known, SURE_READER) for line, reading in zip(lines, readings, strict=True))
    return [residue for residue in found if residue is not None]


def _tesseract(pixels: Pixels, known: Known) -> list[Residue]:
    """Where Debian's tesseract is installed it attacks too; it is no finder, so its absence does not block."""
    if not available():
        return []
    found = (_judged(reading, points, known, SURE_TESSERACT) for reading, points in read_words(pixels))
    return [residue for residue in found if residue is not None]


def _judged(reading: Reading, points: Points, known: Known, sure: float) -> Residue | None:
    if reading.score >= FAINT and known.names(reading.text):
        return Residue("identifier", box_of(points), reading.text, "an identifier of this case can be read")
    if reading.score < sure or not is_word(reading.text) or known.harmless(reading.text):
        return None
    if card_like(reading.text):
        return Residue("card", box_of(points), reading.text, "a card's number can be read")
    return Residue("text", box_of(points), reading.text, "a word can be read")


def box_of(points: Points) -> Box:
    left, top = np.floor(points.min(axis=0)).astype(int)
    right, bottom = np.ceil(points.max(axis=0)).astype(int)
    return (max(0, int(left)), max(0, int(top)), int(right - left), int(bottom - top))
