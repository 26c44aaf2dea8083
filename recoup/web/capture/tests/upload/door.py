"""The upload door alone, as a server process for tests: everything is loaded once, and each server forked from that.

For each line on standard input one server begins on the socket whose number was given, and is named by its process's
number; once it is gone, however it went, that is told by a line too.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

from recoup.conf import start
from tests.forked import forked


def serve(handle: int) -> None:
    import uvicorn

    from recoup.web.capture.upload import application

    uvicorn.run(application, fd=handle, log_level="warning", lifespan="off")


def main() -> None:
    start.settings()
    for needed in ("uvicorn.protocols.http.httptools_impl", "recoup.web.capture.upload"):
        import_module(needed)
    for _ in sys.stdin:
        process = forked(lambda: serve(int(sys.argv[1])))
        print(process, flush=True)
        os.waitpid(process, 0)
        print("gone", flush=True)


if __name__ == "__main__":
    main()
