"""Whatever somebody with all rights does behind the triggers, verify names it in one line."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import connection
from django.utils import timezone

from recoup.foundation.accounts import actions as accounts
from recoup.foundation.accounts.models import LinkToken, Staff
from recoup.foundation.audit import actions as audit
from recoup.foundation.audit import invariants
from recoup.foundation.audit.models import Head, Record
from recoup.foundation.audit.rules import Entry, digest
from recoup.foundation.audit.tests.factories import ADA, known_verbs, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Iterator[Staff]:
    """A subject with four records, beside an untouched one; the triggers are off for this transaction."""
    with known_verbs():
        subject, other = somebody(), somebody()
        for row in (subject, other, subject, subject, subject):
            audit.record(verb="test.opened", subject=row, actor=ADA)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
        assert list(invariants.chain()) == []
        yield subject


def said(staff: Staff) -> list[str]:
    findings = list(invariants.chain())
    assert {(f.invariant, f.subject) for f in findings} <= {("audit.chain", f"accounts.staff {staff.pk}")}
    assert all("\n" not in f.sentence for f in findings)
    return [f.sentence.removeprefix(f"accounts.staff {staff.pk}: ") for f in findings]


def at(staff: Staff, position: int) -> Record:
    return Record.objects.get(subject_id=staff.pk, position=position)


@pytest.mark.parametrize("position", [1, 2, 3, 4])
def test_one_removed(staff: Staff, position: int) -> None:
    at(staff, position).delete()
    assert said(staff) == [f"audit record {position} of 4 was removed."]


def test_all_removed(staff: Staff) -> None:
    Record.objects.filter(subject_id=staff.pk).delete()
    assert said(staff) == [f"audit record {n} of 4 was removed." for n in (1, 2, 3, 4)]


@pytest.mark.parametrize("position", [1, 2, 3, 4])
@pytest.mark.parametrize(
    "change", [{"actor_name": "Eve"}, {"facts": {"amount": "1"}}, {"hash": "0" * 64}, {"previous_hash": "1" * 64}]
)
def test_one_changed(staff: Staff, position: int, change: dict[str, object]) -> None:
    Record.objects.filter(pk=at(staff, position).pk).update(**change)
    assert said(staff) == [f"audit record {position} of 4 (test.opened) was changed."]


@pytest.mark.parametrize("position", [1, 2, 3, 4])
def test_one_changed_with_its_hash_made_to_fit(staff: Staff, position: int) -> None:
    record = at(staff, position)
    values = {name: getattr(record, name) for name in Entry.__slots__}
    forged = replace(Entry(**values | {"subject_id": str(record.subject_id)}), actor_name="Eve")
    Record.objects.filter(pk=record.pk).update(actor_name="Eve", hash=digest(forged))
    assert said(staff) == [f"audit record {position} of 4 (test.opened) was changed."]


def test_one_slipped_in_at_the_end(staff: Staff) -> None:
    last = at(staff, 4)
    last.pk, last.position = None, 5
    last.save(force_insert=True)
    assert said(staff) == ["audit record 5 was added without our doing; the chain ends at 4."]


def test_head_removed(staff: Staff) -> None:
    Head.objects.filter(subject_id=staff.pk).delete()
    assert said(staff) == ["the end mark of its 4 audit records was removed."]


def test_tail_removed_and_head_made_to_fit_is_found_by_the_hash(staff: Staff) -> None:
    at(staff, 4).delete()
    Head.objects.filter(subject_id=staff.pk).update(length=3)
    assert said(staff) == ["audit record 3 of 3 (test.opened) was changed."]


def test_moved_to_another_subject(staff: Staff) -> None:
    Record.objects.filter(pk=at(staff, 2).pk).update(subject_id=uuid.UUID(int=9))
    sentences = [f.sentence for f in invariants.chain()]
    assert f"accounts.staff {staff.pk}: audit record 2 of 4 was removed." in sentences
    assert any(s.startswith(f"accounts.staff {uuid.UUID(int=9)}:") for s in sentences)


@pytest.mark.parametrize("at_once", [1, 2, 1000])
def test_each_sealed_row_is_compared_however_many_at_a_time(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invariants, "_AT_ONCE", at_once)
    for number in range(5):
        subject, ends = uuid.UUID(int=number), datetime.datetime(2025, 6, 1, tzinfo=datetime.UTC)
        accounts.mint_link(purpose="capture", subject_id=subject, expires_at=ends, actor=ADA)
    assert list(invariants.sealed_rows()) == []
    first, *_, last = LinkToken.objects.order_by("id")
    LinkToken.objects.filter(pk=first.pk).update(token_hash="0" * 64)
    LinkToken.objects.filter(pk=last.pk).delete()
    said = {(found.subject, found.sentence) for found in invariants.sealed_rows()}
    assert said == {
        (f"accounts.linktoken {first.pk}", "It was changed."),
        (f"accounts.linktoken {last.pk}", "It was removed."),
    }


def test_a_row_changed_between_two_seals_of_it_is_named() -> None:
    with known_verbs():
        subject, link = (
            somebody(),
            LinkToken.objects.create(
                purpose="capture", subject_id=uuid.UUID(int=1), token_hash="1" * 64, expires_at=timezone.now()
            ),
        )
        audit.record(verb="test.opened", subject=subject, actor=ADA, seals=[link])
        LinkToken.objects.filter(pk=link.pk).update(purpose="supplier")
        audit.record(verb="test.opened", subject=subject, actor=ADA, seals=[link])
        assert [found.sentence for found in invariants.sealed_rows()] == ["It was changed."]
