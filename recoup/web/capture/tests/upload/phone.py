"""A small tus phone, and the server it talks to: a real uvicorn process that can be killed at any moment."""

from __future__ import annotations

import base64
import hashlib
import http.client
import os
import select
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from django.db import connection

RESUMABLE = {"Tus-Resumable": "1.0.0"}
BYTES = {**RESUMABLE, "Content-Type": "application/offset+octet-stream"}
ROOT = Path(__file__).parents[5]
DATA = os.urandom(300_000)
PATIENCE = 30.0  # seconds
KEY = base64.b64encode(b"the key of this test, 32 bytes!!").decode()


@dataclass
class Said:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def offset(self) -> int:
        return int(self.headers["upload-offset"])


class Server:
    """A uvicorn process on the test's own database and files, forked from one that has everything loaded (door.py)."""

    application = "recoup.web.capture.upload"

    def __init__(self, var: Path, key: str, **more: str) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        # The listening socket is ours and stays, so a restart keeps its address.
        handle = self._listener.fileno()
        self._door = subprocess.Popen(
            [sys.executable, "-m", "recoup.web.capture.tests.upload.door", str(handle), self.application],
            cwd=ROOT, pass_fds=[handle],
            env={**os.environ, "DATABASE_URL": database_url(), "RECOUP_VAR": str(var), "RECOUP_KEY": key,
                 "RECOUP_POOL": "20", **more},  # as conf/asgi.py has it, which comes after the settings here
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.start()

    def start(self) -> None:
        assert self._door.stdin
        print("begin", file=self._door.stdin, flush=True)
        self._process = int(self._told())
        self._wait()

    def _told(self) -> str:
        assert self._door.stdout
        assert select.select([self._door.stdout], [], [], PATIENCE)[0], "it did not happen in time"
        return self._door.stdout.readline().strip()

    def _wait(self) -> None:
        """The socket accepts before the process does, so ask until somebody answers."""
        for _ in range(300):
            try:
                asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
                asked.request("OPTIONS", "/upload/")
                asked.getresponse().read()
                return
            except OSError:
                time.sleep(0.05)
        raise TimeoutError("The server does not answer.")

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)
        self._door.communicate(timeout=20)
        self._listener.close()

    def _end(self, by: signal.Signals) -> None:
        os.kill(self._process, by)
        assert self._told() == "gone"


@dataclass
class Phone:
    """Speaks tus with one link's secret. ``photo`` is its own name for the picture."""

    port: int
    secret: str
    data: bytes
    session: uuid.UUID
    shot: str = "overall"
    photo: uuid.UUID = field(default_factory=uuid.uuid4)
    at: str = ""

    def ask(self, method: str, path: str, headers: dict[str, str], body: bytes | Iterable[bytes] | None = None) -> Said:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            asked.request(method, path, body=body, headers={"Authorization": f"Bearer {self.secret}", **headers})
            answer = asked.getresponse()
            return Said(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            asked.close()

    def metadata(self, instead: Mapping[str, str] | None = None) -> str:
        said = {"photo": str(self.photo), "sha256": hashlib.sha256(self.data).hexdigest(), "shot": self.shot}
        said |= {"filename": "IMG_1.jpg", "filetype": "image/jpeg", **(instead or {})}
        return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items())

    def announce(
        self, body: bytes | None = None, *, length: int | None = None, said_instead: Mapping[str, str] | None = None
    ) -> Said:
        size = len(self.data) if length is None else length
        headers = {
            **(RESUMABLE if body is None else BYTES),
            "Upload-Length": str(size),
            "Upload-Metadata": self.metadata(said_instead),
        }
        said = self.ask("POST", "/upload/", headers, body or b"")
        self.at = said.headers.get("location", "")
        return said

    def head(self) -> Said:
        return self.ask("HEAD", self.at, RESUMABLE)

    def patch(self, body: bytes | Iterable[bytes], offset: int = 0, headers: Mapping[str, str] | None = None) -> Said:
        return self.ask("PATCH", self.at, {**BYTES, "Upload-Offset": str(offset), **(headers or {})}, body)

    def give_up(self) -> Said:
        return self.ask("DELETE", self.at, RESUMABLE)

    def send(self) -> Said:
        """The whole photo in one go."""
        self.announce()
        return self.patch(self.data)

    def begin_patch(self, part: bytes, offset: int = 0) -> socket.socket:
        """Send the head of a PATCH and ``part`` of its body, and leave the connection open."""
        wire = socket.create_connection(("127.0.0.1", self.port))
        lines = [f"PATCH {self.at} HTTP/1.1", "Host: x", f"Authorization: Bearer {self.secret}"]
        lines += [f"{name}: {value}" for name, value in BYTES.items()]
        lines += [f"Upload-Offset: {offset}", f"Content-Length: {len(self.data) - offset}", "", ""]
        wire.sendall("\r\n".join(lines).encode() + part)
        return wire

    def wait_for(self, offset: int, seconds: float = 10.0) -> int:
        """Ask until so many bytes are durable."""
        until = time.monotonic() + seconds
        while (said := self.head()).status == 200 and said.offset < offset:
            if time.monotonic() > until:
                raise TimeoutError(f"{said.offset} of {offset} bytes are durable.")
            time.sleep(0.02)
        return said.offset


def slowly(data: bytes, step: int = 16_384) -> Iterator[bytes]:
    for i in range(0, len(data), step):
        yield data[i : i + step]


def database_url() -> str:
    """The test's own database, as DATABASE_URL."""
    about = connection.settings_dict
    user = quote(str(about["USER"]))
    options = f"host={quote(str(about['HOST']), safe='')}&port={about['PORT']}"
    return f"postgresql://{user}@/{about['NAME']}?{options}"
