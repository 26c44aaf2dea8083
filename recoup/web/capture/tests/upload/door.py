"""A server process for tests (the upload door alone, or another application): all is loaded once, each server forked from that.

For each line on standard input one server begins on the socket whose number was given, and is named by its process's
number; once it is gone, however it went, that is told by a line too.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

from recoup.conf import start
from tests.forked import forked


def serve(handle: int, module: str) -> None:
    import uvicorn

    uvicorn.run(import_module(module).application, fd=handle, log_level="warning", lifespan="off")


def main() -> None:
    start.settings()
    handle, module = int(sys.argv[1]), sys.argv[2]
    for needed in ("uvicorn.protocols.http.httptools_impl", module):
        import_module(needed)
    for _ in sys.stdin:
        process = forked(lambda: serve(handle, module))
        print(process, flush=True)
        os.waitpid(process, 0)
        print("gone", flush=True)


if __name__ == "__main__":
    main()
