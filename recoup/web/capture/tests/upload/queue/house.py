"""Pages and upload door as one server process for tests, which writes down how many bytes came for which upload.

It can say that it is another build (RECOUP_TEST_BUILDS): one more for each sign in that file.
"""

import json
import os
from pathlib import Path
from typing import Any

from recoup.conf.asgi import Scope
from recoup.conf.asgi import application as house
from recoup.web.capture import offline

RECEIVED = Path(os.environ["RECOUP_TEST_RECEIVED"])
BUILDS = Path(os.environ["RECOUP_TEST_BUILDS"])
_built = offline.build()
offline.build = lambda: _built + BUILDS.read_text()  # type: ignore[assignment]


async def application(scope: Scope, receive: Any, send: Any) -> None:
    """Counts what is handed on, cut-off requests too."""
    count = 0

    async def counting() -> Any:
        nonlocal count
        message = await receive()
        count += len(message.get("body", b""))
        return message

    try:
        await house(scope, counting, send)
    finally:
        if scope["type"] == "http" and scope["method"] == "PATCH":
            with RECEIVED.open("a") as file:
                file.write(json.dumps({"path": scope["path"], "bytes": count}) + "\n")
