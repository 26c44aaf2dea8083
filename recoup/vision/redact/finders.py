"""The finders, in order, and what each makes of a photo. Everything that is not surely allowed becomes a cover."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import cv2

from recoup.vision.redact import codes as codes_module
from recoup.vision.redact.codes import Code, find_codes
from recoup.vision.redact.covers import Cover, FinderFailed, Kind, Pixels, cover_of, grow, hull, same_area
from recoup.vision.redact.faces import PADDING, Face, find_faces
from recoup.vision.redact.known import Known, card_like, words
from recoup.vision.redact.labels import label_hulls
from recoup.vision.redact.reading import Reading, read_lines
from recoup.vision.redact.text import Line, find_lines, padded

Shape = tuple[int, ...]
UNREAD = Reading("", 0.0)
Gathered = tuple[list[Line], Reading]  # one line of ink in all its views, and what it says
Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


def find(pixels: Pixels, *, known: Known) -> tuple[Cover, ...]:
    """Everything that must be hidden in upright pixels uint8[h, w, 3]. Raises FinderFailed."""
    lines = ask("text", find_lines, pixels)
    readings = ask("reading", _read, pixels, lines, known)
    codes = ask("code", find_codes, pixels)
    faces = ask("face", find_faces, pixels)
    hidden = _gathered(_hidden(lines, readings, known))
    shape = pixels.shape
    found = [
        *(_face(face, shape) for face in faces),
        *(_code(code, shape) for code in codes if not _shown_code(code, known)),
        *(_line(views, reading, known, shape) for views, reading in hidden),
        *ask("label", _labels, codes, hidden, known, shape),
    ]
    return tuple(dict.fromkeys(cover for cover in found if cover is not None))


def ask(name: str, finder: Callable[Asked, Answer], *args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
    """Run one finder; whatever goes wrong in it means that we do not know, and that blocks the release."""
    try:
        return finder(*args, **kwargs)
    except Exception as wrong:
        raise FinderFailed(finder=name, reason=type(wrong).__name__) from wrong


def _read(pixels: Pixels, lines: list[Line], known: Known) -> list[Reading]:
    """Readings, if any could matter: without a word to allow or a name to look for, all is hidden unread. The same
    ink seen from a later view is not read again; unread means hidden."""
    readings = [UNREAD] * len(lines)
    if not known.allow and not known.identifiers:
        return readings
    fresh = [number for number, line in enumerate(lines) if not any(_same_ink(line, seen) for seen in lines[:number])]
    read = read_lines(pixels, [lines[number].points for number in fresh])
    for number, reading in zip(fresh, read, strict=True):
        readings[number] = reading
    return readings


def _hidden(lines: list[Line], readings: list[Reading], known: Known) -> list[tuple[Line, Reading]]:
    """The lines to cover: all but those that are shown, and the same ink seen from other sides."""
    read = list(zip(lines, readings, strict=True))
    shown = [line for line, reading in read if known.shows(reading.text, score=reading.score)]
    return [(line, reading) for line, reading in read if not any(_same_ink(line, seen) for seen in shown)]


def _same_ink(line: Line, seen: Line) -> bool:
    """Mostly the same place, and not a larger one: a line that reaches beyond has more to hide."""
    return line is seen or (same_area(line.points, seen.points) > 0.6 and _size(line) < 1.5 * _size(seen))


def _size(line: Line) -> float:
    return float(cv2.contourArea(line.points))


def _face(face: Face, shape: Shape) -> Cover | None:
    why = f"a face, seen from {face.views} view(s)"
    return cover_of(grow(face.points, share=PADDING), kind="face", why=why, confidence=face.score, shape=shape)


def _shown_code(code: Code, known: Known) -> bool:
    value = words(code.value)
    return bool(value) and code.kind in codes_module.RETAIL and all(word in known.allowed_words for word in value)


def _code(code: Code, shape: Shape) -> Cover | None:
    why = f"{code.kind} that can be read" if code.value else f"looks like a code ({code.kind})"
    return cover_of(codes_module.around(code), kind="code", why=why, confidence=code.confidence, shape=shape)


def _gathered(hidden: list[tuple[Line, Reading]]) -> list[Gathered]:
    """One entry for each line of ink, with all the views of it: a reviewer wants one cover, not four."""
    gathered: list[Gathered] = []
    for line, reading in hidden:
        mine = next((lines for lines, _ in gathered if _same_ink(line, lines[0])), None)
        if mine is None:
            gathered.append(([line], reading))
        else:
            mine.append(line)
    return gathered


def _line(lines: list[Line], reading: Reading, known: Known, shape: Shape) -> Cover | None:
    kind, why = _reason(reading, known)
    points = hull([padded(line, shape=shape) for line in lines])
    return cover_of(points, kind=kind, why=why, confidence=max(line.score for line in lines), shape=shape)


def _reason(reading: Reading, known: Known) -> tuple[Kind, str]:
    if known.names(reading.text):
        return "identifier", "names this customer or order"
    if card_like(reading.text):
        return "card", "looks like a payment card's number"
    return "text", "text that is not on the list of allowed words"


def _labels(codes: list[Code], hidden: list[Gathered], known: Known, shape: Shape) -> list[Cover | None]:
    """Hulls around codes of carriers and shops (not a product's own retail code) and around what names somebody."""
    around = [codes_module.around(code) for code in codes if code.certain and code.kind not in codes_module.RETAIL]
    places = [(padded(views[0], shape=shape), known.names(reading.text)) for views, reading in hidden]
    anchors = [*around, *(place for place, named in places if named)]
    hulls = label_hulls(anchors, [place for place, named in places if not named], shape=shape)
    why = "the label around a code or an identifier"
    return [cover_of(points, kind="label", why=why, confidence=0.9, shape=shape) for points in hulls]
