"""Judge photos: accept or retake, with reasons, scores and the codes in them.

A folder stands for the files in it, in order of their names. A file that is no photo gets a row of its own with
verdict "unreadable" and one sentence. Exit 1 when a path does not exist or when no file at all could be read.
--sheet also writes a page that shows all photos by verdict and score, so that a person can judge the judge.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

from recoup.cli.sheet import THUMB, sheet
from recoup.kit.refusal import Refusal

COMPANIONS = {".csv", ".json", ".txt", ".md"}  # what lies beside photos in a folder and claims to be none
AT_ONCE = 2


class NoSheet(Refusal):
    code = "gate.no_sheet"
    sentence = "The sheet cannot be written to {file}: {reason}. Choose a file in a folder that exists."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("photos", nargs="+", type=Path, metavar="PHOTO", help="photo files, or folders of them")
    parser.add_argument("--no-codes", action="store_true", help="do not look for bar codes and square codes")
    parser.add_argument("--sheet", type=Path, metavar="FILE", help="also write a contact sheet, one HTML file")


def run(args: argparse.Namespace) -> int:
    paths = list(_files(args.photos))
    if args.sheet:
        _write(args.sheet, "")  # what cannot be written is said before the work is done
    thumbs: dict[str, bytes] | None = {} if args.sheet else None
    rows = []
    for row in _with_progress(_judged(paths, codes=not args.no_codes, thumbs=thumbs), len(paths)):
        rows.append(row)
        args.out.say(_line(row), **row)
    if thumbs is not None:
        _write(args.sheet, sheet(rows, thumbs))
        args.out.say(f"The contact sheet is in {args.sheet}.")
    missing = any(not path.exists() for path in args.photos)
    return 1 if missing or all(row["verdict"] == "unreadable" for row in rows) else 0


def _write(file: Path, page: str) -> None:
    try:
        file.write_text(page, encoding="utf-8")
    except OSError as problem:
        raise NoSheet(file=file, reason=problem.strerror or "unknown reason") from problem


def _files(given: Iterable[Path]) -> Iterator[Path]:
    for path in given:
        if not path.is_dir():
            yield path
            continue
        inside = (file for file in sorted(path.rglob("*")) if file.is_file() and not file.name.startswith("."))
        yield from (file for file in inside if file.suffix.lower() not in COMPANIONS)


def _judged(paths: list[Path], *, codes: bool, thumbs: dict[str, bytes] | None = None) -> Iterator[dict[str, Any]]:
    """Rows in the order of the paths; two photos are worked on at a time, and only a few wait."""
    left = iter(paths)
    with ThreadPoolExecutor(AT_ONCE) as workers:

        def begin(count: int) -> list[Future[dict[str, Any]]]:
            return [workers.submit(row_of, path, codes=codes, thumbs=thumbs) for path in islice(left, count)]

        waiting = begin(2 * AT_ONCE)
        while waiting:
            row = waiting.pop(0).result()
            waiting += begin(1)
            yield row


def row_of(path: Path, *, codes: bool = True, thumbs: dict[str, bytes] | None = None) -> dict[str, Any]:
    """What the gate says of one file; into ``thumbs``, if given, a small JPEG of it. Never raises for a bad file."""
    from recoup.vision.decode import LIMITS, Unreadable, decode
    from recoup.vision.unreadable import TooLarge
    from recoup.vision.views import derive

    started = perf_counter()
    row: dict[str, Any] = {"file": str(path), "verdict": "unreadable", "reasons": [], "sentence": ""}
    row |= {"scores": None, "near_line": False, "codes": [], "width": None, "height": None, "ms": 0.0}
    try:
        size = path.stat().st_size
        if size > LIMITS.bytes:
            raise TooLarge(megabytes=round(size / 1048576), limit=LIMITS.bytes // 1048576)
        picture = decode(path.read_bytes())
        row |= _judge(picture.pixels, codes=codes) | {"width": picture.width, "height": picture.height}
        if thumbs is not None:
            thumbs[row["file"]] = derive(picture.pixels, THUMB, quality=75)
    except Unreadable as refusal:
        row |= {"reasons": [refusal.code], "sentence": refusal.say()}
    except OSError as problem:
        row |= {"reasons": ["file.unavailable"], "sentence": f"This file cannot be read: {problem.strerror}."}
    return row | {"ms": round((perf_counter() - started) * 1000, 1)}


def _judge(pixels: Any, *, codes: bool) -> dict[str, Any]:
    from recoup.vision import relevance
    from recoup.vision.codes import read_codes
    from recoup.vision.gate import judge

    verdict = relevance.joined(judge(pixels), relevance.judge(pixels))
    return {
        "verdict": verdict.result,
        "reasons": list(verdict.reasons),
        "sentence": verdict.sentence,
        "scores": verdict.scores,
        "near_line": verdict.near_line,
        "codes": [_code(code) for code in read_codes(pixels)] if codes else [],
    }


def _code(code: Any) -> dict[str, Any]:
    read = {"value": code.value, "kind": code.kind, "box": list(code.box), "confidence": code.confidence}
    named = code.gs1
    return read if named is None else read | {"gtin": named.gtin, "batch": named.batch, "serial": named.serial}


def _line(row: dict[str, Any]) -> str:
    scores = " ".join(f"{name} {value:.2f}" for name, value in (row["scores"] or {}).items())
    codes = "".join(f"\n    {code['kind']}: {code['value']}" for code in row["codes"])
    return f"{row['verdict']:10} {row['file']}  {scores}\n    {row['sentence']}{codes}"


def _with_progress(rows: Iterator[dict[str, Any]], total: int) -> Iterator[dict[str, Any]]:
    """A bar on standard error while a person watches and there is something to wait for."""
    if total < 4 or not sys.stderr.isatty():
        yield from rows
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(rows, total=total, description="Judging", console=Console(stderr=True), transient=True)
