"""What becomes of jobs whose worker was killed, without waiting for one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from croniter import croniter  # type: ignore[import-untyped]  # ships no types
from django.db import connection

from recoup.foundation.jobs import actions, engine, queries, rules, tasks, worker
from recoup.foundation.jobs.registry import JOBS, Job
from recoup.kit.refusal import GiveUp, TryAgain

pytestmark = pytest.mark.django_db
ran: list[str] = []


@pytest.fixture(autouse=True)
def knock(monkeypatch: pytest.MonkeyPatch) -> None:
    ran.clear()
    monkeypatch.setitem(JOBS, "tests.knock", Job("tests.knock", lambda *, door: ran.append(door)))


def abandoned(*, attempts: int) -> int:
    """A job in the hands of a worker that is gone."""
    job = actions.defer("tests.knock", door="front")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', attempts = %s WHERE id = %s", [attempts, job])
    return job


def test_an_abandoned_job_runs_again() -> None:
    abandoned(attempts=0)
    assert worker.drain() == 0
    tasks.rescue()
    with connection.cursor() as cursor:
        # now() stands still in a test's transaction.
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")
    assert (worker.drain(), ran) == (1, ["front"])


def test_a_job_that_kills_its_worker_each_time_becomes_a_dead_letter() -> None:
    job = abandoned(attempts=rules.ATTEMPTS - 1)
    tasks.rescue()
    [letter] = queries.dead_letters()
    assert (letter.job_id, letter.attempts, letter.arguments) == (job, rules.ATTEMPTS, {"door": "front"})
    assert "killed" in letter.error
    assert (queries.waiting(), worker.drain(), ran) == (0, 0, [])


def test_a_job_in_living_hands_is_left_alone() -> None:
    job = abandoned(attempts=0)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        [living] = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET worker_id = %s WHERE id = %s", [living, job])
    tasks.rescue()
    assert (queries.waiting(), worker.drain()) == (1, 0)
    assert queries.workers() == 1


def test_waits_grow_and_end() -> None:
    assert [rules.wait(attempts=n).total_seconds() for n in range(4)] == [1, 4, 16, 64]
    assert not rules.final(TryAgain(), attempts=3)
    assert rules.final(TryAgain(), attempts=4)
    assert rules.final(GiveUp(), attempts=0)


def test_deaths_of_one_cause_share_a_group_and_others_do_not() -> None:
    def death(flow: str, error: BaseException) -> str:
        return rules.group("facts.run_flow", flow, error)

    assert death("pour", GiveUp("cup 1")) == death("pour", GiveUp("cup 2"))
    assert len({death("pour", GiveUp()), death("fill", GiveUp()), death("pour", KeyError())}) == 3


def test_a_job_that_failed_without_a_word_is_accounted_for() -> None:
    job = actions.defer("tests.of_a_newer_version", door="back")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed', attempts = 1 WHERE id = %s", [job])
    assert queries.dead_letters() == []
    tasks.account_for()
    tasks.account_for()
    [letter] = queries.dead_letters()
    assert (letter.job_id, letter.name, letter.arguments) == (job, "tests.of_a_newer_version", {"door": "back"})


def test_the_clocks_own_runs_are_forgotten_and_others_kept() -> None:
    for name, queue in (("jobs.rescue", engine.CLOCK), ("tests.knock", "default")):
        engine.defer(name, queue=queue, jobs=[{} if queue == engine.CLOCK else {"door": "front"}])
    worker.drain()
    tasks.rescue()
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs")
        assert cursor.fetchall() == [("tests.knock",)]


def test_the_clock_looks_for_abandoned_jobs_every_five_seconds() -> None:
    ticks = croniter(JOBS["jobs.rescue"].cron, datetime(2026, 3, 1, 12, 1, 2, tzinfo=UTC))
    assert [ticks.get_next(datetime).time().isoformat() for _ in range(3)] == ["12:01:05", "12:01:10", "12:01:15"]
