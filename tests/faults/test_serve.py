"""``recoup serve`` as a real process: hard to kill, polite to end."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest

from recoup.foundation.database import embedded, postmaster

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


class Serving:
    """A house of its own in a temporary folder."""

    def __init__(self, var: Path, *words: str) -> None:
        self.log = var.with_name(f"{var.name}.log").open("a+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "recoup", "serve", "--json", "--port", "0", *words],
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=self.log,
            env=environment(var),
        )

    def ready(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, Path(self.log.name).read_text()[-3000:]
        said: dict[str, Any] = json.loads(line)
        assert said.get("event") == "ready", f"{said}\n{Path(self.log.name).read_text()[-3000:]}"
        return said

    def part(self, command: str) -> psutil.Process:
        children = psutil.Process(self.process.pid).children()
        return next(child for child in children if command in child.cmdline())


def environment(var: Path) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("RECOUP_", "DATABASE_", "DJANGO_"))
    }
    return {**kept, "RECOUP_VAR": str(var)}


def recoup(var: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "recoup", *words],
        cwd=ROOT,
        env=environment(var),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def var(lived_in: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """One house, made by whoever is first to start it: what is tried here begins again and again."""
    folder = lived_in / "var"
    monkeypatch.setenv("RECOUP_VAR", str(folder))
    yield folder
    postmaster.stop(embedded.data())


@pytest.fixture
def serving(var: Path) -> Iterator[Serving]:
    made = Serving(var)
    yield made
    if made.process.poll() is None:
        made.process.send_signal(signal.SIGINT)
        assert made.process.wait(30) == 0


def asked(address: str) -> int:
    try:
        with urllib.request.urlopen(f"{address}/nothing-here", timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def until(happened: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def test_its_parts_end_with_it_and_what_it_leaves_can_be_stopped(var: Path, serving: Serving) -> None:
    serving.ready()
    parts = psutil.Process(serving.process.pid).children()
    serving.process.kill()
    serving.process.wait()
    _, alive = psutil.wait_procs(parts, timeout=15)
    assert alive == []
    assert embedded.status().running is False
    again = Serving(var)
    again.ready()
    assert recoup(var, "stop").returncode == 1
    status = [json.loads(line) for line in recoup(var, "status", "--json").stdout.splitlines()]
    assert status[0]["running"] is True
    assert (status[1]["workers"], status[1]["dead_letters"]) == (1, 0)
    again.process.send_signal(signal.SIGTERM)
    assert again.process.wait(30) == 0
    assert embedded.status().running is False


LINK = """
from datetime import timedelta
from django.utils import timezone
from recoup.domain.returns.actions import open_link
from recoup.kit.actor import SYSTEM
until = timezone.now() + timedelta(days=1)
print("secret", open_link(order=None, language="en", expires_at=until, actor=SYSTEM)[1])
"""


def test_it_does_not_wait_for_pages_that_are_merely_open(var: Path, serving: Serving) -> None:
    house = urlsplit(serving.ready()["customers"])
    made = recoup(var, "manage", "shell", "-c", LINK)
    secret = next(line.split()[1] for line in made.stdout.splitlines() if line.startswith("secret "))
    page = http.client.HTTPConnection(house.hostname or "", house.port, timeout=30)
    page.request("GET", f"/c/{secret}/status/events")
    line = page.getresponse()
    assert (line.status, line.getheader("content-type")) == (200, "text/event-stream; charset=utf-8")
    serving.process.send_signal(signal.SIGTERM)
    # Said to its end: a page that was waited for is cut off in the middle, and this raises IncompleteRead.
    assert line.read().decode().endswith("event: here\ndata: \n\n")
    assert serving.process.wait(30) == 0


def test_it_gives_a_first_admin_link_and_comes_back_from_every_kill(serving: Serving) -> None:
    ready = serving.ready()
    address = ready["customers"].removesuffix("/")
    assert len(ready["first_admin"].rstrip("/").rsplit("/", 1)[1]) == 43
    assert asked(address) == 404
    for part in ("web", "worker"):
        first = serving.part(part)
        first.kill()
        until(lambda: _another(serving, part, first.pid))  # noqa: B023  (called at once)
    until(lambda: asked(address) == 404)
    database = embedded.status().pid
    assert database
    os.kill(database, signal.SIGKILL)
    until(lambda: embedded.status().pid not in (None, database))
    until(lambda: asked(address) == 404)
    until(lambda: _workers() == 1)


def _another(serving: Serving, part: str, pid: int) -> bool:
    try:
        return bool(serving.part(part).pid != pid)
    except (StopIteration, psutil.NoSuchProcess):
        return False


def _workers() -> int:
    import psycopg

    # Each worker has two lanes, and the engine counts both.
    living = "SELECT (count(*) + 1) / 2 FROM procrastinate_workers WHERE last_heartbeat > now() - interval '5 s'"
    try:
        with psycopg.connect(embedded.url()) as connection:
            row = connection.execute(living).fetchone()
    except psycopg.OperationalError:
        return 0
    return row[0] if row else 0


def test_a_port_that_is_taken_is_said_in_one_line(home: Path) -> None:
    from recoup.cli import web

    taken = web.listen("127.0.0.1", 0)
    with taken:
        done = recoup(home / "var", "serve", "--port", str(taken.getsockname()[1]))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "--port" in done.stderr
    assert not (home / "var" / "postgres").exists()
