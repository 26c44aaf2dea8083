"""The local store: sealed segments as files, each one whole and durable or not there at all.

Layout: ``files/ab/cd/<file id>/<segment number>-<chance>.seal`` under the var folder. The name carries chance, so
that of two rivals for one segment neither can write over the other's acknowledged bytes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings

from recoup.kit import ids
from recoup.kit.sealing import Sealer

_PART = ".part"
_SEAL = ".seal"


def root() -> Path:
    return Path(settings.RECOUP_VAR) / "files"


class SegmentFile:
    """One segment being written: sealed on the way in, invisible to everybody until ``keep``."""

    def __init__(self, *, file_id: UUID, number: int, sealer: Sealer, context: bytes) -> None:
        shard = file_id.hex[-4:]
        # The end of a time-ordered id is chance, its beginning is not.
        self.path = f"{shard[:2]}/{shard[2:]}/{file_id}/{number}-{ids.secret()[:8]}{_SEAL}"
        self.number, self.length = number, 0
        self._final = root() / self.path
        self._part = self._final.with_suffix(_PART)
        make_durable_folder(self._final.parent)
        self._out = open(self._part, "xb", buffering=0, opener=_private)  # noqa: SIM115 – closed by keep and drop
        self._seal = sealer.start(context=context)

    def write(self, chunk: bytes) -> None:
        self.length += len(chunk)
        _write_all(self._out, self._seal.feed(chunk))

    def keep(self) -> None:
        """Make it durable: write, fsync, rename, fsync the folder. After this a power cut loses nothing of it."""
        _write_all(self._out, self._seal.finish())
        os.fsync(self._out.fileno())
        self._out.close()
        self._part.rename(self._final)
        fsync_folder(self._final.parent)

    def drop(self) -> None:
        """Forget it, kept or not."""
        self._out.close()
        for path in (self._part, self._final):
            path.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def make_durable_folder(folder: Path) -> None:
    """Make the folder and its parents; each is known to its parent on disk before anything is put into it."""
    if folder.is_dir():
        return
    make_durable_folder(folder.parent)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        return
    fsync_folder(folder.parent)


def fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def open_segment(path: str) -> BinaryIO:
    """Raises FileNotFoundError."""
    return (root() / path).open("rb")


def remove(paths: list[str]) -> None:
    """Remove segments and the folder they leave empty; what is gone already is no matter."""
    for path in paths:
        (root() / path).unlink(missing_ok=True)
    for folder in {(root() / path).parent for path in paths}:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def unfinished(*, older_than: float) -> Iterator[str]:
    """Paths of parts that nobody has written to for ``older_than`` seconds."""
    yield from _aged(_PART, older_than)


def segments(*, older_than: float) -> Iterator[str]:
    """Paths of all kept segments that are at least ``older_than`` seconds old."""
    yield from _aged(_SEAL, older_than)


def _aged(suffix: str, older_than: float) -> Iterator[str]:
    limit = time.time() - older_than
    for path in root().glob(f"??/??/*/*{suffix}"):
        try:
            if path.stat().st_mtime <= limit:
                yield path.relative_to(root()).as_posix()
        except FileNotFoundError:  # swept by somebody else in this moment
            continue


def _write_all(out: FileIO, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[out.write(view) :]
