"""The phone's gate as it is shipped: the built module in a real Chromium, under the page's own rules for scripts."""

from __future__ import annotations

import gzip
import json
import mimetypes
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests import chromium

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "phone" / "dist"
GOLDEN = ROOT / "gate" / "golden"
POLICY = "default-src 'self'; script-src 'self'; worker-src 'self'; img-src 'self' data:"
HERE = Path(__file__).resolve().parent

PageBytes = Callable[[], bytes]


class NotHere(Exception):
    """There is no browser, or the pages are not built; the words say which."""


def module() -> str:
    """The address of the gate's module. Raises NotHere when it is not built."""
    return f"/static/{_built()['file']}"


def packed_size() -> dict[str, int]:
    """Bytes of the module and of the worker that it starts, rules and all, as they travel: gzipped."""
    told = _built()
    files = {"module": told["file"], "worker": told["assets"][0]}
    return {name: len(gzip.compress((BUILT / file).read_bytes(), 9)) for name, file in files.items()}


def _built() -> dict[str, Any]:
    path = BUILT / ".vite" / "manifest.json"
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if "gate/index.ts" not in told:
        raise NotHere("The phone's gate is not built; script/setup builds it.")
    return dict(told["gate/index.ts"])


@contextmanager
def opened(served: Mapping[str, PageBytes] | None = None) -> Iterator[Page]:
    """A page with ``judged(case)``, ``judgedBytes(address, width, height)`` and ``timed(case, times)`` on it.

    ``served`` adds addresses. Raises NotHere, and AssertionError at the end if the page wrote an error.
    """
    if chromium.path() is None:
        raise NotHere(chromium.MISSING)
    address = module()
    with _serving({"/module": lambda: address.encode(), **(served or {})}) as house, chromium.started() as browser:
        page, wrong = browser.new_page(), list[str]()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.goto(f"{house}/tests/page.html")
        # An attribute, because the page's policy refuses a predicate given as text.
        page.wait_for_selector("html[data-ready]", state="attached")
        yield page
    assert wrong == []


@contextmanager
def _serving(served: Mapping[str, PageBytes]) -> Iterator[str]:
    """The built pages, this folder and the golden pictures on a free port."""
    folders = {"static": BUILT, "tests": HERE, "golden": GOLDEN}

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = served[self.path]() if self.path in served else self._read()
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Type", mimetypes.guess_type(self.path)[0] or "application/octet-stream")
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(body or b"")

        def _read(self) -> bytes | None:
            _, top, *rest = self.path.split("/")
            file = folders[top].joinpath(*rest) if top in folders and rest else None
            return file.read_bytes() if file and file.is_file() else None

        def log_message(self, *_: Any) -> None:
            """Silent: the test's own words are enough."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
