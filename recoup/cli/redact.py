"""Make redacted copies of photos: hide faces, text, codes and labels, then attack each copy.

A copy is named by its number only, never after the photo. What the second look still finds ("residue") is told and
marks the copy as not clean. A photo that cannot be redacted gets a row with one sentence and no copy. Exit 1 when
that happened to any of them.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from recoup.kit.refusal import Refusal

if TYPE_CHECKING:
    from recoup.vision.redact import Known


class NoFolder(Refusal):
    code = "redaction.no_folder"
    status = 400
    sentence = "The copies cannot be written to {folder}: {reason}. Name a folder that can be written with --out."


class Unavailable(Refusal):
    code = "file.unavailable"
    status = 404
    sentence = "This file cannot be read: {reason}."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("photos", nargs="+", type=Path, metavar="PHOTO", help="photo files")
    parser.add_argument("--out", dest="folder", type=Path, required=True, metavar="DIR", help="where the copies go")
    parser.add_argument("--keep", action="append", default=[], metavar="WORD", help="a word that may be seen (SKU …)")
    parser.add_argument("--hide", action="append", default=[], metavar="WORD", help="a name or number to look for")


def run(args: argparse.Namespace) -> int:
    from recoup.vision.redact import Known

    _make(args.folder)
    known = Known(identifiers=tuple(args.hide), allow=tuple(args.keep))
    failed = 0
    for number, photo in enumerate(args.photos, start=1):
        row = row_of(photo, out=args.folder / f"photo-{number:04d}.jpg", known=known)
        failed += row["out"] is None
        args.out.say(_line(row), **row)
    return 1 if failed else 0


def row_of(photo: Path, *, out: Path, known: Known) -> dict[str, Any]:
    """What became of one photo. Never raises for anything that is wrong with the photo or a finder."""
    started = perf_counter()
    row: dict[str, Any] = {"file": str(photo), "out": None, "width": None, "height": None, "covers": []}
    row |= {"residue": [], "clean": False, "sha256": None, "code": "", "sentence": ""}
    try:
        row |= _redacted(photo, out, known)
    except Refusal as refusal:
        row |= {"code": refusal.code, "sentence": refusal.say()}
    return row | {"ms": round((perf_counter() - started) * 1000, 1)}


def _redacted(photo: Path, out: Path, known: Known) -> dict[str, Any]:
    from recoup.vision.decode import decode
    from recoup.vision.redact import settle

    made, left = settle(decode(_bytes(photo)).pixels, known=known)
    _write(out, made.encoded)
    height, width = made.pixels.shape[:2]
    return {
        "out": str(out),
        "width": width,
        "height": height,
        "covers": [cover.as_json() for cover in made.covers],
        "residue": [residue.as_json() for residue in left],
        "clean": not left,
        "sha256": made.sha256,
    }


def _bytes(photo: Path) -> bytes:
    from recoup.vision.decode import LIMITS
    from recoup.vision.unreadable import TooLarge

    try:
        size = photo.stat().st_size
        if size > LIMITS.bytes:
            raise TooLarge(megabytes=round(size / 1048576), limit=LIMITS.bytes // 1048576)
        return photo.read_bytes()
    except OSError as problem:
        raise Unavailable(reason=problem.strerror or "unknown reason") from problem


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise NoFolder(folder=folder, reason=problem.strerror or "unknown reason") from problem


def _write(out: Path, data: bytes) -> None:
    """Whole or not at all: a half-written copy could show what a later part hides."""
    part = out.with_suffix(".part")
    try:
        part.write_bytes(data)
        part.replace(out)
    except OSError as problem:
        raise NoFolder(folder=out.parent, reason=problem.strerror or "unknown reason") from problem


def _line(row: dict[str, Any]) -> str:
    if row["out"] is None:
        return f"{row['file']}: {row['sentence']}"
    kinds = [cover["kind"] for cover in row["covers"]]
    hidden = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds)) or "nothing"
    left = "".join(f"\n    still there: {one['kind']} at {one['box']}: {one['why']}" for one in row["residue"])
    return f"{row['file']} -> {row['out']}  hidden: {hidden}  ({row['ms']:.0f} ms){left}"
