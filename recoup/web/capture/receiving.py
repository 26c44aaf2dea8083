"""One body on its way to the disk: never whole in memory, sealed as it comes, known to the database when durable."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Self, TypeVar
from uuid import UUID

import structlog
from django.db import close_old_connections
from django.utils import timezone

from recoup.domain.evidence import actions as evidence
from recoup.domain.evidence.queries import RunningUpload as Upload
from recoup.foundation.files import actions as files
from recoup.foundation.files import queries as stored
from recoup.foundation.files.actions import Kept
from recoup.foundation.files.folder import SegmentFile
from recoup.foundation.files.holding import Holding
from recoup.kit import tus
from recoup.kit.actor import Actor
from recoup.kit.refusal import Refusal

Receive = Callable[[], Awaitable[Any]]
T = TypeVar("T")

BATCH = 256 * 1024  # bytes handed to the disk at a time
SEGMENT = 4 * 2**20  # bytes after which what came is made durable
SEGMENT_SECONDS = 5.0  # or seconds, for slow phones
IDLE_SECONDS = 60.0  # without a byte, the connection counts as lost
HALF_DEAD_SECONDS = 2.0  # without a byte, a newer request of the same phone may take over
TAKEOVER_SECONDS = 5.0

log = structlog.get_logger("upload")
_threads = ThreadPoolExecutor(8, thread_name_prefix="upload")
holding = Holding()


class NoSpace(Refusal):
    code, status = "upload.no_space", 507
    sentence = (
        "Our disk is full, so nothing more can be kept right now. What was acknowledged is safe; try again later."
    )


class DiskFails(Refusal):
    code, status = "upload.disk_fails", 503
    sentence = "Our disk does not answer right now. What was acknowledged is safe; try again in a moment."


class NotThePhoto(Refusal):
    code, status = "upload.not_the_photo", 460
    sentence = "The photo that arrived is not the photo that was announced. Nothing was kept; send it again."


async def in_thread(work: Callable[..., T], *args: Any) -> T:
    """Run what touches the disk or the database beside the event loop, with a living database connection."""
    return await asyncio.get_running_loop().run_in_executor(_threads, partial(_connected, work, *args))


def _connected(work: Callable[..., T], *args: Any) -> T:
    close_old_connections()
    try:
        return work(*args)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoSpace() from error
        log.exception("upload.disk_fails")
        raise DiskFails() from error
    finally:
        close_old_connections()


class Turn:
    """The right to write to one upload, held across processes and hosts while the block runs.

    ``async with Turn(id) as turn``: raises tus.Busy when somebody else is sending. A sender of this process that
    has been silent for two seconds is half dead: it is asked to leave, keeps what it got, and the newer one goes on.
    """

    here: dict[UUID, Turn] = {}

    def __init__(self, upload_id: UUID) -> None:
        self._id, self._name = upload_id, f"upload {upload_id}"
        self.last_byte = time.monotonic()
        self.pending: asyncio.Future[Any] | None = None
        self._left = asyncio.Event()

    async def __aenter__(self) -> Self:
        while (other := self.here.get(self._id)) is not None:
            if time.monotonic() - other.last_byte < HALF_DEAD_SECONDS or not await other.leave():
                raise tus.Busy()
        self.here[self._id] = self
        if not await in_thread(holding.take, self._name):
            self._step_back()
            raise tus.Busy()
        return self

    async def __aexit__(self, *_: object) -> None:
        try:
            await in_thread(holding.give_back, self._name)
        finally:
            self._step_back()

    async def leave(self) -> bool:
        """Asked by a newer request: stop waiting for bytes. True once the turn is free."""
        if self.pending is not None:
            self.pending.cancel()
        try:
            await asyncio.wait_for(self._left.wait(), TAKEOVER_SECONDS)
        except TimeoutError:
            return False
        return True

    async def next(self, receive: Receive) -> dict[str, Any]:
        """The next message of the body; a lost, silent or replaced sender reads as a disconnect."""
        self.pending = asyncio.ensure_future(receive())
        await asyncio.wait({self.pending}, timeout=IDLE_SECONDS)
        if not self.pending.done() or self.pending.cancelled():
            self.pending.cancel()
            return {"type": "http.disconnect"}
        self.last_byte = time.monotonic()
        message: dict[str, Any] = self.pending.result()
        return message

    def _step_back(self) -> None:
        self.here.pop(self._id, None)
        self._left.set()


class Reception:
    """The bytes of one request, added to one upload. ``offset`` is what is durable so far."""

    def __init__(self, upload: Upload, actor: Actor, checksum: tus.Checksum | None) -> None:
        self._upload, self._actor, self._checksum = upload, actor, checksum
        self._sum = checksum.start() if checksum else None
        self._sha256 = hashlib.sha256()
        self._number = upload.file.segments.count()
        self._segment: SegmentFile | None = None
        self._began = 0.0
        self.offset, self.length = upload.file.offset, upload.file.length or 0
        for chunk in stored.durable(upload.file) if self.offset else ():
            self._sha256.update(chunk)

    async def take(self, receive: Receive, turn: Turn) -> None:
        """Read the body to its end, or to where it breaks off; what came is durable when this returns.

        Raises TooMuch, WrongSum, NotThePhoto, NoSpace, SessionClosed; then nothing of the open segment was kept.
        """
        waiting, more, whole = bytearray(), True, True
        try:
            while more:
                message = await turn.next(receive)
                whole = message["type"] == "http.request"
                waiting += message.get("body", b"")
                more = whole and message.get("more_body", False)
                if len(waiting) >= BATCH or not more or self._slow():
                    await in_thread(self._write, bytes(waiting))
                    waiting.clear()
            await in_thread(self._finish, whole)
        except BaseException:
            await in_thread(self._drop)
            raise

    def _slow(self) -> bool:
        return self._segment is not None and time.monotonic() - self._began > SEGMENT_SECONDS

    @property
    def _reached(self) -> int:
        return self.offset + (self._segment.length if self._segment else 0)

    def _write(self, data: bytes) -> None:
        if self._reached + len(data) > self.length:
            raise tus.TooMuch(length=self.length)
        if not data:
            return
        segment = self._open()
        segment.write(data)
        self._sha256.update(data)
        if self._sum is not None:
            self._sum.update(data)
        elif self._reached < self.length and (segment.length >= SEGMENT or self._slow()):
            self._keep()

    def _open(self) -> SegmentFile:
        if self._segment is None:
            file = self._upload.file
            self._segment = files.begin_segment(file_id=file.id, key=file.key, number=self._number)
            self._began = time.monotonic()
        return self._segment

    def _keep(self) -> None:
        """Durable first, known second. A crash in between leaves bytes without a row, which are swept."""
        kept = self._durable()
        if kept is not None:
            files.append(file=self._upload.file, kept=kept)
            self._advance(kept)

    def _durable(self) -> Kept | None:
        if self._segment is None:
            return None
        self._segment.keep()
        return Kept(number=self._number, offset=self.offset, length=self._segment.length, path=self._segment.path)

    def _advance(self, kept: Kept | None) -> None:
        self.offset += kept.length if kept else 0
        self._number, self._segment = self._number + 1, None

    def _finish(self, whole: bool) -> None:
        if self._checksum and self._sum and (not whole or self._sum.digest() != self._checksum.digest):
            raise tus.WrongSum()
        if self._reached < self.length:
            self._keep()
        else:
            self._complete()

    def _complete(self) -> None:
        """The last segment, the photo, its audit record and the fact become true in one transaction."""
        sha256, now = self._sha256.hexdigest(), timezone.now()
        if self._upload.sha256 not in ("", sha256):
            evidence.refuse_upload(upload=self._upload, now=now)
            raise NotThePhoto()
        kept = self._durable()
        evidence.complete_upload(upload=self._upload, kept=kept, sha256=sha256, actor=self._actor, now=now)
        self._advance(kept)

    def _drop(self) -> None:
        """Forget the open segment, if no row can know it: after a lost connection a commit may have happened."""
        if self._segment is not None and not self._upload.file.segments.filter(path=self._segment.path).exists():
            self._segment.drop()


def close() -> None:
    """Let go of every lock, for a process that ends."""
    holding.close()
