"""What the benchmarks of a running house share: a place of its own, and a percentile."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any


@contextmanager
def place() -> Iterator[str]:
    """An empty folder with an embedded database of its own, gone afterwards; the caller's own is left alone."""
    # A short path: a socket's address has room for about a hundred characters.
    folder = tempfile.mkdtemp(prefix="rb-")
    for name in ("DATABASE_URL", "RECOUP_ADDRESS", "RECOUP_KEY", "RECOUP_MAIL"):
        os.environ.pop(name, None)
    os.environ["RECOUP_VAR"] = f"{folder}/var"
    try:
        yield folder
    finally:
        from recoup.foundation.database import embedded

        embedded.detach()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def serving() -> Iterator[str]:
    """Pages, upload door and one worker in the place of now, and the address they answer at; Django is ready here too."""
    from recoup.cli import web
    from recoup.cli.out import Out
    from recoup.cli.serve import House
    from recoup.conf import start

    listening = web.listen("127.0.0.1", 0)
    address = os.environ["RECOUP_ADDRESS"] = web.reachable("127.0.0.1", listening.getsockname()[1])
    house = House(argparse.Namespace(out=Out(as_json=False), concurrency=2, demo=False), listening)
    try:
        start.ready()
        house.until_ready()
        yield address
    finally:
        house.close()


def say(told: Mapping[str, Any], *lines: str, as_json: bool) -> None:
    """One JSON object, or the same in words with the verdict at the end of them."""
    print(json.dumps(told) if as_json else "\n".join(lines) + f", {'met' if told['met'] else 'not met'}")


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least ``share`` percent of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * int(share) // 100) - 1)]
