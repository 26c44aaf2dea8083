"""The status page's open line: says *changed*, and the page asks for the rest itself.

Plain ASGI, before Django, as ``…/c/<secret>/status/events``: in Django each open request holds a thread. So that nobody
exhausts the server, a link and an address have a limit, and a line ends after five minutes; browsers open the next.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import structlog
from django.db.utils import InterfaceError, OperationalError
from django.utils import timezone

from recoup.domain.returns import queries
from recoup.foundation.database import connect, hearing
from recoup.kit.refusal import NotFound, Refusal
from recoup.web.capture.guest import without_root

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
log = structlog.get_logger("events")

LIFETIME = 300.0  # seconds, a tenth more or less, so that not all come back at once
BEAT = 20.0  # seconds
PAUSE = 0.5  # seconds between two words, however much changes
MOST = {"link": 4, "address": 60, "": 5000}
_PATH = re.compile(r"/c/([^/]+)/status/events")
_HEADERS = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",  # nginx would keep the words until it has a bufferful
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}


class TooManyLines(Refusal):
    code, status = "capture.too_many_lines", 429
    sentence = "This page is open many times already. It goes on without a line of its own."


class NoLine(Refusal):
    code, status = "capture.no_line", 503
    sentence = "We cannot keep a line open right now. The page goes on without."


def is_here(path: str) -> bool:
    """Whether this address is such a line, at home or as a guest."""
    return _PATH.fullmatch(without_root(path)) is not None


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    try:
        await _line(scope, receive, send)
    except Refusal as refusal:
        await _refuse(send, refusal)
    except (OperationalError, InterfaceError, hearing.NobodyHears) as error:
        log.warning("events.no_database", error=str(error).partition("\n")[0])
        await _refuse(send, NoLine())


async def _line(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    found = _PATH.fullmatch(without_root(scope["path"]))
    if scope["method"] != "GET" or found is None:
        raise NotFound()
    session, ids = await asyncio.get_running_loop().run_in_executor(_threads, _entered, found[1])
    line, address = Line(send), (scope.get("client") or ("",))[0]
    with _room(line, f"link {session}", f"address {address}", ""):
        async with hearing.waiting_for(ids, line.changed):
            await line.run(receive)


#: Few: who comes waits a moment, and uploads have threads of their own.
_threads = ThreadPoolExecutor(4, thread_name_prefix="events")


def _entered(secret: str) -> tuple[UUID, list[UUID]]:
    """Whose link it is and what it waits for; the connection is given back, for a line is open long."""
    try:
        link = queries.access_capture(secret, timezone.now()).link
        return link.session_id, queries.told_of(link)
    finally:
        connect.give_back()


class Line:
    """One open page, until it leaves, its time is over or the server ends."""

    def __init__(self, send: Send) -> None:
        self._send, self.changed, self._ended = send, asyncio.Event(), False

    def end(self) -> None:
        self._ended = True
        self.changed.set()

    async def run(self, receive: Receive) -> None:
        left = asyncio.create_task(self._until_left(receive))
        try:
            await self._send({"type": "http.response.start", "status": 200, "headers": _raw(_HEADERS)})
            # Whatever is committed from now on is heard: the page asks once, and then whenever it is told to.
            self.changed.clear()
            # After a restart of ours not all of them come back in one moment.
            await self._say(f"retry: {random.randint(2000, 6000)}\n\nevent: here\ndata: \n\n")
            await self._speak(asyncio.get_running_loop().time() + LIFETIME * random.uniform(0.9, 1.1))
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            left.cancel()

    async def _speak(self, until: float) -> None:
        """A word at each change; in the quiet between them a beat, by which the page knows that the line lives."""
        while not self._ended and (rest := until - asyncio.get_running_loop().time()) > 0:
            try:
                await asyncio.wait_for(self.changed.wait(), min(BEAT, rest))
            except TimeoutError:
                await self._say("event: beat\ndata: \n\n")
                continue
            self.changed.clear()
            if not self._ended:
                await self._say("event: changed\ndata: \n\n")
                await asyncio.sleep(PAUSE)

    async def _say(self, words: str) -> None:
        await self._send({"type": "http.response.body", "body": words.encode(), "more_body": True})

    async def _until_left(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self.end()


_open: set[Line] = set()
_counts: Counter[str] = Counter()
_closing = False


@contextmanager
def _room(line: Line, *whose: str) -> Iterator[None]:
    """Counted while it is open. Raises TooManyLines, and NoLine while the server ends."""
    if _closing:
        raise NoLine()
    if any(_counts[each] >= MOST[each.partition(" ")[0]] for each in whose):
        raise TooManyLines()
    _counts.update(whose)
    _open.add(line)
    try:
        yield
    finally:
        _open.discard(line)
        _counts.subtract(whose)
        for each in whose:
            if not _counts[each]:
                del _counts[each]


def end_all() -> None:
    """The server ends: nobody waits for pages that are merely open. For the thread of the event loop."""
    global _closing
    _closing = True
    for line in list(_open):
        line.end()


async def _refuse(send: Send, refusal: Refusal) -> None:
    body = json.dumps(refusal.as_json(), default=str).encode()
    headers = {"content-type": "application/json", "cache-control": "no-store", "content-length": str(len(body))}
    await send({"type": "http.response.start", "status": refusal.status, "headers": _raw(headers)})
    await send({"type": "http.response.body", "body": body})


def _raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
