"""What the web server calls: uploads and open lines go past Django, everything else through it."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, MutableMapping
from importlib.util import find_spec
from typing import Any

from recoup.conf import start

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]

# Each request runs in a thread of its own, so connections are shared through a pool.
os.environ.setdefault("RECOUP_POOL", "20")
start.ready()

from django.core.asgi import get_asgi_application  # noqa: E402  (needs the settings)

UPLOAD = "/upload/"


def _upload() -> App | None:
    if not find_spec("recoup.web.capture.upload"):
        return None
    from importlib import import_module

    app: App = import_module("recoup.web.capture.upload").application
    return app


_django = get_asgi_application()
_files = _upload()

from recoup.web.capture import events  # noqa: E402  (needs the apps)


async def application(scope: Scope, receive: Any, send: Any) -> None:
    if scope["type"] == "http" and _files and scope["path"].startswith(UPLOAD):
        await _files(scope, receive, send)
    elif scope["type"] == "http" and events.is_here(scope["path"]):
        await events.application(dict(scope), receive, send)
    else:
        await _django(dict(scope), receive, send)
