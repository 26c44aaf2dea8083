"""Real processes around one test database: a web server, rivals that go off together, workers that are doomed.

All of them share the test's own database, one folder of files and one key.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from django.db import connection

ROOT = Path(__file__).parents[2]
KEY = base64.b64encode(b"the key of faults, 32 bytes long").decode()
GATE = 7_310_042  # the advisory lock behind which rivals wait for each other
PATIENCE = 60.0  # seconds; whatever takes longer is killed, and its test fails


def database_url() -> str:
    """The test's own database, as DATABASE_URL."""
    place = connection.settings_dict
    login = quote(str(place["USER"])) + (f":{quote(str(place['PASSWORD']))}" if place["PASSWORD"] else "")
    return (
        f"postgresql://{login}@/{place['NAME']}?host={quote(str(place['HOST']), safe='')}&port={place['PORT'] or 5432}"
    )


def environment(var: Path) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": database_url(), "RECOUP_VAR": str(var), "RECOUP_KEY": KEY}


def until(happened: Callable[[], object], seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def broken_promises() -> list[str]:
    """What ``recoup verify`` would say of this database and its files."""
    from recoup.cli import verify

    return [f"{words} {found.sentence}" for words, check in verify.promises() for found in check()]


class Part:
    """A Python process that speaks in lines; killed when it takes longer than ``PATIENCE`` to say one."""

    def __init__(self, *command: str, env: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, env=dict(env), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip

    def say(self, line: object) -> None:
        assert self.process.stdin
        print(json.dumps(line), file=self.process.stdin, flush=True)

    def hear(self) -> Any:
        assert self.process.stdout
        watch = threading.Timer(PATIENCE, self._kill)
        watch.start()
        try:
            line = self.process.stdout.readline()
        finally:
            watch.cancel()
        assert line, f"the process ended without a word ({self.process.poll()})"
        return json.loads(line)

    def end(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self._kill()
            raise

    def _kill(self) -> None:
        """With everything that it forked: they share a session of their own."""
        os.killpg(self.process.pid, signal.SIGKILL)


class Rivals:
    """Sends errands off together, each in a process and over a connection of its own (tests/faults/rivals.py)."""

    def __init__(self, var: Path) -> None:
        self._part = Part("tests.faults.rivals", env=environment(var))

    def go(self, errands: Sequence[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
        """What each errand came to, in their order: {"done": …} or {"refused": code, "sentence": …}."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [GATE])
            try:
                self._part.say([list(each) for each in errands])
                until(lambda: _at_the_gate() == len(errands))
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [GATE])
        results: list[dict[str, Any]] = self._part.hear()
        return results

    def end(self) -> None:
        self._part.end()


def _at_the_gate() -> int:
    query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = %s"
    with connection.cursor() as cursor:
        cursor.execute(query, [GATE])
        row = cursor.fetchone()
    return int(row[0])


class Answer(NamedTuple):
    status: int
    text: str


class House:
    """The whole web part, as one process on a free port."""

    def __init__(self, var: Path) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        handle = self._listener.fileno()
        self._process = subprocess.Popen(
            [
                sys.executable, "-m", "uvicorn", "recoup.conf.asgi:application", "--fd", str(handle),
                "--log-level", "warning", "--lifespan", "off",
            ],
            cwd=ROOT, env=environment(var), pass_fds=[handle],
        )  # fmt: skip
        # The socket accepts before the process does, so an answer is worth waiting for.
        assert self.ask("GET", "/api/health").status == 200

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            wire.request(method, path, body, dict(headers or {}))
            answer = wire.getresponse()
            return Answer(answer.status, answer.read().decode())
        finally:
            wire.close()

    def end(self) -> None:
        self._process.terminate()
        self._process.wait(20)
        self._listener.close()
