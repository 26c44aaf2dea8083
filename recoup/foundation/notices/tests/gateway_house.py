"""A small gateway of text messages on this machine, over real HTTP, for tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

WORDS = b"said no to +4915228817386: 123456"  # what must never be kept


class GatewayHouse(ThreadingHTTPServer):
    """``got`` is what came, with its headers; ``answers`` are the next statuses, and 200 when they are used up.

    A status of 0 hangs up without a word.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Desk)
        self.got: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.answers: list[int] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/texts?way=test"

    @property
    def texts(self) -> list[str]:
        return [each["text"] for each in self.got]


class _Desk(BaseHTTPRequestHandler):
    server: GatewayHouse

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append({**json.loads(body), "path": self.path})
        self.server.headers.append(dict(self.headers))
        status = self.server.answers.pop(0) if self.server.answers else 200
        if status:
            self.send_response(status)
            self.send_header("Location", self.server.url)
            self.send_header("Content-Length", str(len(WORDS)))
            self.end_headers()
            self.wfile.write(WORDS)

    def log_message(self, *_: object) -> None: ...


@contextmanager
def open_gateway() -> Iterator[GatewayHouse]:
    with GatewayHouse() as house:
        Thread(target=house.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield house
        house.shutdown()
