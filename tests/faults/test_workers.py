"""Workers as real processes: killed at each step of a flow, done once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection, transaction

from recoup.foundation.facts import actions as facts
from recoup.foundation.facts.models import Done
from recoup.foundation.facts.tests.wired import wired_like
from recoup.foundation.jobs import queries
from tests.faults.kettle import TABLE, KettleWhistled, fill_cup

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a worker process on the test's own database and waits until it works."""
    begun: list[subprocess.Popen[str]] = []
    place = connection.settings_dict
    login = f"{place['USER']}:{place['PASSWORD']}" if place["PASSWORD"] else place["USER"]
    url = f"postgresql://{login}@/{place['NAME']}?host={quote(place['HOST'], safe='')}&port={place['PORT'] or 5432}"

    def begin(concurrency: int = 1) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.kettle", str(concurrency)],
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            env={**os.environ, "DATABASE_URL": url, "KETTLE_MARKS": str(tmp_path)},
        )
        begun.append(process)
        assert process.stdout
        assert process.stdout.readline() == "working\n"
        return process

    yield begin
    for process in begun:
        if process.poll() is None:
            process.terminate()
            assert process.wait(20) == 0


@pytest.fixture(autouse=True)
def kettle() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        cursor.execute("TRUNCATE kettle_effects")
    with wired_like({KettleWhistled: [fill_cup]}):
        yield


def tell(cup: str, dies: str = "") -> None:
    with transaction.atomic():
        facts.tell(KettleWhistled(cup=cup, dies=dies))


def cups() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cup FROM kettle_effects ORDER BY cup")
        return [row[0] for row in cursor.fetchall()]


def until(happened: Callable[[], bool], seconds: float) -> None:
    """``seconds`` is when to give up, not a measure: a slow machine is no fault of ours."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def test_a_worker_killed_at_any_step_leaves_exactly_one_effect(start: Start) -> None:
    doomed = [start() for _ in range(3)]
    for point in ("before", "within", "after"):
        tell(f"cup-{point}", dies=point)
    for process in doomed:
        assert process.wait(20) == -signal.SIGKILL
    assert cups() == ["cup-after"]
    start(concurrency=2)
    until(lambda: queries.waiting() == 0, seconds=90)
    assert cups() == ["cup-after", "cup-before", "cup-within"]
    assert Done.objects.count() == 3
    assert queries.dead_letters() == []


def test_rivals_share_the_work_and_nothing_is_done_twice(start: Start) -> None:
    for _ in range(3):
        start(concurrency=2)
    names = [f"cup-{number:03}" for number in range(60)]
    for name in names:
        tell(name)
    until(lambda: queries.waiting() == 0, seconds=60)
    assert cups() == names


def test_a_worker_that_is_asked_to_end_finishes_what_it_has_begun(start: Start) -> None:
    process = start(concurrency=2)
    for number in range(20):
        tell(f"{number:02}")
    process.terminate()
    assert process.wait(20) == 0
    assert Done.objects.count() == len(cups())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'")
        assert cursor.fetchone() == (0,)
