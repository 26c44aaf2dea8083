"""Workers as real processes: killed at each step of a flow, done once."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction

from recoup.foundation.facts import actions as facts
from recoup.foundation.facts.models import Done
from recoup.foundation.facts.tests.wired import wired_like
from recoup.foundation.jobs import queries
from tests.faults.kettle import TABLE, KettleWhistled, fill_cup
from tests.faults.processes import Part, environment, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
Start = Callable[..., "Worker"]


class Worker:
    """A worker process on the test's own database; it works from the beginning."""

    def __init__(self, stable: Part, concurrency: int) -> None:
        self._stable = stable
        stable.say(["begin", concurrency])
        self.process = int(stable.hear())
        self.ended: int | None = None

    def terminate(self) -> None:
        os.kill(self.process, signal.SIGTERM)

    def wait(self) -> int:
        """Its exit status; negative, the signal that it died of."""
        if self.ended is None:
            self._stable.say(["ended", self.process])
            self.ended = int(self._stable.hear())
        return self.ended


@pytest.fixture(scope="module")
def marks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kettle")


@pytest.fixture(scope="module")
def stable(marks: Path, django_db_setup: None) -> Iterator[Part]:
    """What workers are forked from."""
    running = Part("tests.faults.kettle", env={**environment(marks), "KETTLE_MARKS": str(marks)})
    yield running
    running.end()


@pytest.fixture
def start(stable: Part) -> Iterator[Start]:
    begun: list[Worker] = []

    def begin(concurrency: int = 1) -> Worker:
        begun.append(Worker(stable, concurrency))
        return begun[-1]

    yield begin
    for worker in begun:
        if worker.ended is None:
            worker.terminate()
            assert worker.wait() == 0


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


def test_a_worker_killed_at_any_step_leaves_exactly_one_effect(start: Start) -> None:
    doomed = [start() for _ in range(3)]
    for point in ("before", "within", "after"):
        tell(f"cup-{point}", dies=point)
    for process in doomed:
        assert process.wait() == -signal.SIGKILL
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
    assert process.wait() == 0
    assert Done.objects.count() == len(cups())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'")
        assert cursor.fetchone() == (0,)
