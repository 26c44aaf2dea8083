"""A fact is kept and followed in one transaction, once."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from django.db import transaction

from recoup.foundation.facts import actions as facts
from recoup.foundation.facts import invariants
from recoup.foundation.facts.flows import current_key, flow
from recoup.foundation.facts.models import Done, Fact
from recoup.foundation.facts.registry import fact
from recoup.foundation.facts.tests.wired import wired_like
from recoup.foundation.jobs import actions as jobs
from recoup.foundation.jobs import queries, worker
from recoup.foundation.jobs.models import DeadLetter
from recoup.kit.actor import SYSTEM, Actor
from recoup.kit.refusal import GiveUp, NotAllowed, NotFound, TryAgain


@fact
class KettleBoiled:
    kettle_id: uuid.UUID
    litres: int


seen: list[object] = []
mood: list[BaseException] = []


def smell(told: KettleBoiled) -> str:
    return f"{told.litres} l under {current_key().split('/')[1]}"


@flow
def pour_tea(told: KettleBoiled) -> None:
    seen.append(told)
    if mood:
        raise mood[0]


@flow(before=smell)
def tell_guests(told: KettleBoiled, smelled: str) -> None:
    seen.append(smelled)


@pytest.fixture(autouse=True)
def wired() -> Iterator[None]:
    with wired_like({KettleBoiled: [pour_tea, tell_guests]}):
        yield
    seen.clear()
    mood.clear()


def boil() -> Fact:
    with transaction.atomic():
        return facts.tell(KettleBoiled(kettle_id=uuid.uuid4(), litres=2))


@pytest.mark.django_db
def test_each_wired_flow_runs_once_with_the_fact_as_it_was_told() -> None:
    kept = boil()
    assert worker.drain() == 2
    assert seen == [KettleBoiled(kettle_id=uuid.UUID(kept.body["kettle_id"]), litres=2), "2 l under tell_guests"]
    assert sorted(Done.objects.filter(fact=kept).values_list("flow", flat=True)) == ["pour_tea", "tell_guests"]
    assert worker.drain() == 0


@pytest.mark.django_db
def test_a_job_that_runs_again_after_its_flow_was_done_has_no_second_effect() -> None:
    kept = boil()
    worker.drain()
    jobs.defer("facts.run_flow", fact_id=str(kept.pk), fact_name=kept.name, flow="pour_tea")
    assert worker.drain() == 1
    assert len(seen) == 2


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_transaction_leaves_neither_fact_nor_job() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        boil()
        _ = 1 / 0
    assert (Fact.objects.count(), queries.waiting(), worker.drain()) == (0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_telling_outside_a_transaction_is_a_bug() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        facts.tell(KettleBoiled(kettle_id=uuid.uuid4(), litres=2))
    assert Fact.objects.count() == 0


@pytest.mark.django_db
def test_an_effect_that_fails_leaves_no_mark_and_runs_again_later() -> None:
    kept = boil()
    mood.append(TryAgain("the cups are being washed"))
    with pytest.raises(TryAgain):
        worker.drain()
    worker.drain()
    assert list(Done.objects.filter(fact=kept).values_list("flow", flat=True)) == ["tell_guests"]
    assert (queries.waiting(), queries.dead_letters()) == (1, [])


@pytest.mark.django_db
def test_giving_up_makes_a_dead_letter_that_can_be_replayed_once() -> None:
    kept = boil()
    mood.append(GiveUp("no water at ann@example.com\nDETAIL: Key (email)=(ann@example.com)"))
    assert worker.drain(swallow=True) == 2
    [letter] = queries.dead_letters()
    assert (letter.flow, letter.fact_name, letter.fact_id, letter.attempts) == ("pour_tea", "KettleBoiled", kept.pk, 1)
    assert "DETAIL" not in letter.error
    mood.clear()
    jobs.replay(job_id=letter.job_id, actor=SYSTEM)
    assert worker.drain() == 1
    assert Done.objects.filter(fact=kept).count() == 2
    assert queries.dead_letters() == []
    with pytest.raises(jobs.AlreadyReplayed):
        jobs.replay(job_id=letter.job_id, actor=SYSTEM)
    assert worker.drain() == 0


@pytest.mark.django_db
def test_replay_is_refused_to_strangers_and_for_unknown_jobs() -> None:
    boil()
    mood.append(GiveUp("no water"))
    worker.drain(swallow=True)
    [letter] = queries.dead_letters()
    with pytest.raises(NotAllowed):
        jobs.replay(job_id=letter.job_id, actor=Actor(kind="customer", id="1", name="A customer"))
    with pytest.raises(NotFound):
        jobs.replay(job_id=letter.job_id + 10_000, actor=SYSTEM)
    assert (queries.dead_letters(), queries.waiting()) == ([letter], 0)


@pytest.mark.django_db
def test_a_flow_that_is_nowhere_is_found() -> None:
    kept = boil()
    assert list(invariants.followed()) == []
    mood.append(GiveUp("no water"))
    worker.drain(swallow=True)
    assert list(invariants.followed()) == []
    DeadLetter.objects.all().delete()
    [finding] = invariants.followed()
    assert (finding.subject, finding.invariant) == (str(kept.pk), "facts.followed")
    assert "pour_tea never followed" in finding.sentence


@pytest.mark.django_db
def test_retries_used_up_make_a_dead_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import timedelta

    from recoup.foundation.jobs import rules

    # Inside the test's transaction now() stands still, so the waits must be in the past.
    monkeypatch.setattr(rules, "wait", lambda *, attempts: -timedelta(hours=1))
    boil()
    mood.append(TryAgain("the cups are being washed"))
    assert worker.drain(swallow=True) == 5 + 1
    [letter] = DeadLetter.objects.all()
    assert (letter.attempts, letter.error) == (5, "TryAgain: the cups are being washed")
