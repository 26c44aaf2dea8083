"""Recording: in the caller's transaction, in one chain, by many at once, and never changed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from recoup.foundation.accounts.models import Staff
from recoup.foundation.audit import actions as audit
from recoup.foundation.audit import invariants, queries, sentences
from recoup.foundation.audit.models import Head, Record
from recoup.foundation.audit.tests.factories import ADA, known_verbs, somebody
from recoup.kit.money import Money

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verbs")]


@pytest.fixture
def verbs() -> Iterator[None]:
    with known_verbs():
        yield


def test_a_chain_grows_and_reads_as_sentences() -> None:
    staff = somebody()
    audit.record(verb="test.opened", subject=staff, actor=ADA)
    audit.record(verb="test.paid", subject=staff, actor=ADA, was="in_review", amount=Money(4990, "EUR"))
    first, second = Record.objects.order_by("seq")
    assert (first.position, second.position) == (1, 2)
    assert first.previous_hash == "" and second.previous_hash == first.hash
    head = Head.objects.get(subject_type="accounts.staff", subject_id=staff.pk)
    assert (head.length, head.hash) == (2, second.hash)
    lines = queries.trail(staff)
    assert [line.sentence for line in lines] == ["Ada opened it.", "Ada paid 49.90 EUR while it was in review."]
    assert lines[1].actor == "Ada" and lines[1].facts == {"amount": "49.90 EUR"}
    assert list(invariants.chain()) == []


def test_subjects_have_chains_of_their_own() -> None:
    one, two = somebody(), somebody()
    audit.record(verb="test.opened", subject=one, actor=ADA)
    audit.record(verb="test.opened", subject=two, actor=ADA)
    assert [r.position for r in Record.objects.all()] == [1, 1]
    assert len(queries.trail(one)) == 1
    assert len(queries.trail(one, two)) == 2
    assert [line.subject_id for line in queries.recent(limit=1)] == [str(two.pk)]


def test_awkward_facts_come_back_as_they_were_hashed() -> None:
    staff = somebody()
    facts: dict[str, Any] = {
        "text": "a\x00b \ud800 ü “😀”",
        "big": 10**30,
        "floats": [1e16, 0.1, -0.0],
        "nested": {"b": 1, "a": [None]},
    }
    audit.record(verb="test.opened", subject=staff, actor=ADA, **facts)
    assert list(invariants.chain()) == []


@pytest.mark.parametrize(("verb", "facts"), [("test.unheard_of", {}), ("test.paid", {})])
def test_a_verb_without_its_sentence_is_a_bug_and_leaves_nothing(verb: str, facts: dict[str, Any]) -> None:
    with pytest.raises(KeyError):
        audit.record(verb=verb, subject=somebody(), actor=ADA, **facts)
    assert not Record.objects.exists() and not Head.objects.exists()


def test_an_old_record_whose_sentence_went_away_still_reads() -> None:
    staff = somebody()
    audit.record(verb="test.opened", subject=staff, actor=ADA)
    del sentences.SENTENCES["test.opened"]
    assert queries.trail(staff)[0].sentence == "Ada: test.opened"
    sentences.SENTENCES["test.opened"] = "{actor} opened it for {somebody}."
    assert queries.trail(staff)[0].sentence == "Ada opened it for …."


def test_two_sentences_for_one_verb_are_a_bug() -> None:
    with pytest.raises(ValueError, match=r"Two sentences for test\.opened"):
        sentences.register({"test.opened": "Something else."})


@pytest.mark.parametrize(
    "query",
    [
        "UPDATE audit_record SET actor_name = 'Eve'",
        "DELETE FROM audit_record",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET length = 0",
        "UPDATE audit_head SET hash = ''",
    ],
)
def test_the_database_refuses_changes(query: str) -> None:
    staff = somebody()
    audit.record(verb="test.opened", subject=staff, actor=ADA)
    before = list(Record.objects.values()), list(Head.objects.values())
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query)
    assert (list(Record.objects.values()), list(Head.objects.values())) == before


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_is_a_bug() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        audit.record(verb="test.opened", subject=somebody(), actor=ADA)
    assert not Record.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_said() -> None:
    staff = somebody()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        audit.record(verb="test.opened", subject=staff, actor=ADA)
        raise ZeroDivisionError
    assert not Record.objects.exists() and not Head.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_connections_on_one_subject_make_one_chain() -> None:
    staff, writers, each = somebody(), 6, 8
    start, failures = threading.Barrier(writers), list[BaseException]()

    def write(who: int) -> None:
        try:
            start.wait()
            for _ in range(each):
                with transaction.atomic():
                    audit.record(verb="test.opened", subject=staff, actor=ADA, who=who)
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(who,)) for who in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(Record.objects.values_list("position", flat=True)) == list(range(1, writers * each + 1))
    assert {line.facts["who"] for line in queries.trail(staff)} == set(range(writers))
    assert list(invariants.chain()) == []
    assert Staff.objects.count() == 1
