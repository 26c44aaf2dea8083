"""What is built for the pages is handed over whole: nothing of it is streamed, so no thread is hopped to and fro."""

from __future__ import annotations

import asyncio
import gzip
import warnings
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.asgi import get_asgi_application
from django.test import Client


def fetched(path: str, **headers: str) -> Any:
    return Client().get(path, headers=headers)


def test_a_script_comes_whole_and_compressed_where_that_was_made() -> None:
    answer = fetched("/static/icons.svg")
    whole = Path(str(finders.find("icons.svg"))).read_bytes()
    assert (answer.status_code, answer.content, answer.streaming) == (200, whole, False)
    assert answer["Content-Type"] == "image/svg+xml" and answer["ETag"] and int(answer["Content-Length"]) == len(whole)
    packed = fetched("/static/icons.svg", accept_encoding="gzip")
    assert (gzip.decompress(packed.content) if packed.get("Content-Encoding") == "gzip" else packed.content) == whole


def test_parts_and_what_the_browser_has_already() -> None:
    first = fetched("/static/icons.svg")
    part = fetched("/static/icons.svg", range="bytes=2-5")
    assert (part.status_code, part.content) == (206, first.content[2:6])
    same = fetched("/static/icons.svg", if_none_match=first["ETag"])
    assert (same.status_code, same.content) == (304, b"")
    head = Client().head("/static/icons.svg")
    assert (head.content, head["Content-Length"]) == (b"", first["Content-Length"])


def test_the_event_loop_gets_no_iterator_to_wait_for() -> None:
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": "/static/icons.svg",
        "headers": [],
        "query_string": b"",
    }
    sent: list[dict[str, Any]] = []

    async def ask() -> None:
        async def receive() -> dict[str, Any]:
            if not asked:
                asked.append(1)
                return {"type": "http.request", "body": b"", "more_body": False}
            await asyncio.Event().wait()
            return {}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        asked: list[int] = []
        await get_asgi_application()(scope, receive, send)  # type: ignore[arg-type]

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        asyncio.run(ask())
    assert sent[0]["status"] == 200 and sum(len(each.get("body", b"")) for each in sent) > 1000
