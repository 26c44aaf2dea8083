"""A server process for tests (the upload door alone, or another application): all is loaded once, each server forked from that.

For each line on standard input one server begins on the socket whose number was given, and is named by its process's
number; once it is gone, however it went, that is told by a line too.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

from recoup.conf import start


def serve(handle: int, module: str) -> None:
    import uvicorn

    uvicorn.run(import_module(module).application, fd=handle, log_level="warning", lifespan="off")


def begin(handle: int, module: str) -> int:
    """A server in a process of its own; its number."""
    process = os.fork()
    if process:
        return process
    # What it is told is for us; and it must not outlive us by holding our end of the pipe.
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    try:
        serve(handle, module)
    finally:
        os._exit(0)


def main() -> None:
    start.settings()
    handle, module = int(sys.argv[1]), sys.argv[2]
    for needed in ("uvicorn.protocols.http.httptools_impl", module):
        import_module(needed)
    for _ in sys.stdin:
        process = begin(handle, module)
        print(process, flush=True)
        os.waitpid(process, 0)
        print("gone", flush=True)


if __name__ == "__main__":
    main()
