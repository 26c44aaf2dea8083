"""A few long-lived decoder children, handed one photo at a time over a socket; pixels come back in shared memory.

The parent survives whatever a child does: a child that hangs is killed, one that dies is replaced, and each is
replaced anyway after a while. Children end when their socket closes, so none outlives its parent.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import json
import mmap
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

from recoup.vision.unreadable import REFUSED_BY_CHILD, Damaged, NeedsTooMuch, TookTooLong

if TYPE_CHECKING:
    from recoup.vision.decode import Limits, Pixels

JOBS_PER_CHILD = 500
SIZE = max(1, min(4, os.cpu_count() or 1))
PPM_HEAD = re.compile(rb"P6\s(\d{1,9})\s(\d{1,9})\s255\s")


class Died(Exception):
    """The child ended before it answered. ``signal_number`` is 0 when it was not a signal."""

    def __init__(self, signal_number: int = 0) -> None:
        super().__init__(signal_number)
        self.signal_number = signal_number


class Child:
    """One decoder process and our end of its socket."""

    def __init__(self) -> None:
        self.jobs = 0
        self.socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "recoup.vision.decoder_process", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env=_bare_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    def ask(self, request: dict[str, Any], files: list[int], seconds: float) -> dict[str, Any]:
        """Send one request and wait for its answer. Raises Died or TimeoutError."""
        self.jobs += 1
        self.socket.settimeout(seconds)
        try:
            socket.send_fds(self.socket, [json.dumps(request).encode()], files)
            return dict(json.loads(self._line(monotonic() + seconds)))
        except (BrokenPipeError, ConnectionError, EOFError, ValueError) as gone:
            raise Died(self.end()) from gone

    def _line(self, deadline: float) -> bytes:
        line = b""
        while not line.endswith(b"\n"):
            self.socket.settimeout(max(0.001, deadline - monotonic()))
            part = self.socket.recv(65536)
            if not part or len(line) > 1 << 20:
                raise EOFError
            line += part
        return line

    def end(self) -> int:
        """Close the socket, make sure that the process is gone and reaped; the signal that ended it, or 0."""
        self.socket.close()
        try:
            code = self.process.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        return -code if code < 0 else 0

    def kill(self) -> None:
        self.process.kill()
        self.end()


class Pool:
    """Up to SIZE children, started when first needed. Safe to use from many threads."""

    def __init__(self, size: int = SIZE) -> None:
        self.slots = threading.BoundedSemaphore(size)
        self.lock = threading.Lock()
        self.idle: list[Child] = []
        self.all: set[Child] = set()

    def open_safely(self, data: bytes, *, media_type: str, limits: Limits) -> tuple[Pixels, dict[str, Any]]:
        """Pixels and what the file said about itself. Raises Unreadable. One crash is tried again, twice is refused."""
        try:
            return self._open_once(data, media_type, limits)
        except Died as died:
            if died.signal_number == signal.SIGXCPU:
                raise TookTooLong() from died
        try:
            return self._open_once(data, media_type, limits)
        except Died as died:
            raise Damaged() from died

    def _open_once(self, data: bytes, media_type: str, limits: Limits) -> tuple[Pixels, dict[str, Any]]:
        request = {"media_type": media_type, "pixels": limits.pixels, "claimed_pixels": limits.claimed_pixels}
        request |= {"memory": limits.memory, "seconds": limits.seconds}
        with _shared("photo") as source, _shared("pixels") as target, self._child() as child:
            _write_all(source, data)
            os.lseek(source, 0, os.SEEK_SET)
            try:
                answer = child.ask(request, [source, target], limits.seconds)
            except TimeoutError as late:
                child.kill()
                raise TookTooLong() from late
            if "refused" in answer:
                raise REFUSED_BY_CHILD.get(answer["refused"], Damaged)(**answer.get("facts", {}))
            return _pixels(target, limits), answer

    @contextlib.contextmanager
    def _child(self) -> Iterator[Child]:
        with self.slots:
            child = self._take()
            try:
                yield child
            finally:
                self._give_back(child)

    def _take(self) -> Child:
        with self.lock:
            while self.idle:
                child = self.idle.pop()
                if child.process.poll() is None:
                    return child
                self.all.discard(child)
                child.end()
        child = Child()
        with self.lock:
            self.all.add(child)
        return child

    def _give_back(self, child: Child) -> None:
        with self.lock:
            if child.process.poll() is None and child.jobs < JOBS_PER_CHILD:
                self.idle.append(child)
                return
            self.all.discard(child)
        child.end()

    def close(self) -> None:
        """End every child, busy or not. The pool may be used again afterwards."""
        with self.lock:
            children, self.all, self.idle = list(self.all), set(), []
        for child in children:
            child.kill()


def _bare_environment() -> dict[str, str]:
    """Nothing of ours: no keys, no database address. One malloc arena, so that the memory limit means memory."""
    root = str(Path(__file__).resolve().parents[2])
    return {"PYTHONPATH": root, "MALLOC_ARENA_MAX": "1", "LANG": "C.UTF-8", "PATH": os.environ.get("PATH", "")}


@contextlib.contextmanager
def _shared(name: str) -> Iterator[int]:
    """An open, nameless file in memory (in a temporary folder where the system has no memfd)."""
    if hasattr(os, "memfd_create"):
        number = os.memfd_create(f"recoup-{name}", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    else:
        with tempfile.TemporaryFile() as file:
            number = os.dup(file.fileno())
    try:
        yield number
    finally:
        os.close(number)


def _write_all(number: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(number, view) :]


def _pixels(number: int, limits: Limits) -> Pixels:
    """The child's PPM as an array of its own. Sealed first, so that it cannot shrink under our feet."""
    head = os.pread(number, 64, 0)
    found = PPM_HEAD.match(head)
    if found is None:
        raise Damaged()
    width, height, start = int(found[1]), int(found[2]), found.end()
    length = width * height * 3
    if not 0 < width * height <= limits.pixels:
        raise NeedsTooMuch()
    memory = _mapped(number, start + length)
    return np.frombuffer(memory, dtype=np.uint8, count=length, offset=start).reshape(height, width, 3)


def _mapped(number: int, length: int) -> mmap.mmap | bytearray:
    if not hasattr(os, "memfd_create"):
        return bytearray(os.pread(number, length, 0))
    fcntl.fcntl(number, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)
    if os.fstat(number).st_size != length:
        raise Damaged()
    return mmap.mmap(number, length, access=mmap.ACCESS_COPY)


POOL = Pool()


def _forget_after_fork() -> None:
    """A forked process must not talk to its parent's children; it starts its own."""
    POOL.__init__()  # type: ignore[misc]  # the same object, so that every importer sees the fresh pool


atexit.register(POOL.close)
os.register_at_fork(after_in_child=_forget_after_fork)
