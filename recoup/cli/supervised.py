"""A process and the one that looks after it.

The supervisor holds one end of a pipe. When it ends, however it ends, the kernel closes that end,
and the supervised process ends too, instead of living on alone.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

_PIPE = "RECOUP_SUPERVISOR"
_PATIENCE = 10.0  # seconds that a process has to end politely
_STEADY = 5.0  # seconds after which a process counts as well started
_WAITS = (0.1, 0.5, 1.0, 2.0, 5.0)  # seconds before each quick restart


def follow() -> None:
    """In a supervised process: end politely when the supervisor is gone. Elsewhere: nothing."""
    handle = os.environ.pop(_PIPE, None)
    if handle is None:
        return

    def wait() -> None:
        os.read(int(handle), 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="supervisor", daemon=True).start()


class Supervised:
    """One ``recoup`` command as a process of its own, started again whenever it dies.

    ``heard`` is called, from a thread, with each JSON line that it says; ``keeps`` are open files it inherits.
    """

    def __init__(self, *words: str, heard: Callable[[dict[str, Any]], None], keeps: Sequence[int] = ()) -> None:
        self.words, self.heard, self.keeps = words, heard, keeps
        self.quick_deaths = 0
        self.start()

    def start(self) -> None:
        ours, theirs = os.pipe()
        self._pipe = theirs
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "recoup", *self.words, "--json"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                text=True,
                pass_fds=[ours, *self.keeps],
                env={**os.environ, _PIPE: str(ours)},
                start_new_session=True,
            )
        finally:
            os.close(ours)
        self.started = time.monotonic()
        threading.Thread(target=self._listen, args=[self.process], daemon=True).start()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            with contextlib.suppress(json.JSONDecodeError):
                self.heard(json.loads(line))

    @property
    def dead(self) -> bool:
        return self.process.poll() is not None

    def restart(self, *, wait: Callable[[float], object] = time.sleep) -> None:
        """Start it again, more slowly the more often it died young."""
        os.close(self._pipe)
        young = time.monotonic() - self.started < _STEADY
        self.quick_deaths = min(self.quick_deaths + 1, len(_WAITS)) if young else 1
        wait(_WAITS[self.quick_deaths - 1])
        self.start()

    def ask_to_end(self) -> None:
        if not self.dead:
            self.process.terminate()

    def end(self) -> None:
        """Wait until it has ended; kill it when it does not."""
        try:
            self.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
