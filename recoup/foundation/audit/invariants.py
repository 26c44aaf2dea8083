"""Is the audit trail whole? Finds each record that was changed, removed or slipped in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Subquery

from recoup.foundation.audit import sealing
from recoup.foundation.audit.models import Head, Record
from recoup.foundation.audit.rules import Entry, digest
from recoup.foundation.database.findings import Finding

NAME = "audit.chain"
_AT_ONCE = 1000  # sealed rows of one table that are compared by one question


def chain() -> Iterator[Finding]:
    """One finding per broken record. Reads the whole trail once, holding one subject's chain at a time."""
    head = Head.objects.filter(subject_type=OuterRef("subject_type"), subject_id=OuterRef("subject_id"))
    records = Record.objects.annotate(
        head_length=Subquery(head.values("length")), head_hash=Subquery(head.values("hash"))
    ).order_by("subject_type", "subject_id", "position")
    for (kind, subject_id), links in groupby(records.iterator(), key=lambda r: (r.subject_type, r.subject_id)):
        for sentence in _broken(list(links)):
            yield _finding(kind, str(subject_id), sentence)
    yield from _emptied()


def _emptied() -> Iterator[Finding]:
    """Chains of which only the head is left."""
    kept = Record.objects.filter(subject_type=OuterRef("subject_type"), subject_id=OuterRef("subject_id"))
    for head in Head.objects.filter(~Exists(kept)).iterator():
        for position in range(1, head.length + 1):
            removed = f"audit record {position} of {head.length} was removed"
            yield _finding(head.subject_type, str(head.subject_id), removed)


def sealed_rows() -> Iterator[Finding]:
    """Each row that the trail sealed when it was made is still there and still says the same; so many rows at a time."""
    waiting: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for seals in Record.objects.filter(facts__has_key="seals").values_list("facts__seals", flat=True).iterator():
        for name, then in seals.items():
            label, key = name.split(" ")
            waiting[label].add((key, then))
            if len(waiting[label]) == _AT_ONCE:
                yield from _unlike(label, waiting.pop(label))
    for label, rest in sorted(waiting.items()):
        yield from _unlike(label, rest)


def _unlike(label: str, seals: set[tuple[str, str]]) -> Iterator[Finding]:
    now = sealing.now_of(apps.get_model(label), {key for key, _ in seals})
    for key in sorted({key for key, then in seals if now.get(key) != then}):
        yield Finding("audit.sealed", f"{label} {key}", "It was changed." if key in now else "It was removed.")


def subjects_are_here() -> Iterator[Finding]:
    """Whatever the trail tells of is still there."""
    for label in Head.objects.values_list("subject_type", flat=True).order_by("subject_type").distinct():
        here = apps.get_model(label)._base_manager.filter(pk=OuterRef("subject_id"))
        gone = Head.objects.filter(~Exists(here), subject_type=label).values_list("subject_id", flat=True)
        for key in gone.iterator():
            yield Finding("audit.subject", f"{label} {key}", "It was removed; its audit records are still here.")


def _finding(kind: str, subject_id: str, sentence: str) -> Finding:
    return Finding(invariant=NAME, subject=f"{kind} {subject_id}", sentence=f"{kind} {subject_id}: {sentence}.")


def _broken(links: list[Any]) -> Iterator[str]:
    """What is wrong with one subject's records, given in order and annotated with their head."""
    head: int | None = links[0].head_length
    last = links[-1].position
    length = last if head is None else head
    if head is None:
        yield f"the end mark of its {length} audit records was removed"
    at = {link.position: link for link in links}
    for position in range(1, max(length, last) + 1):
        if position not in at:
            yield f"audit record {position} of {length} was removed"
        elif position > length:
            yield f"audit record {position} was added without our doing; the chain ends at {length}"
        elif not _sound(at[position]) or not _followed(at, position, length):
            yield f"audit record {position} of {length} ({at[position].verb}) was changed"


def _sound(record: Any) -> bool:
    values = {name: getattr(record, name) for name in Entry.__slots__}
    return bool(record.hash == digest(Entry(**values | {"subject_id": str(record.subject_id)})))


def _followed(at: dict[int, Any], position: int, length: int) -> bool:
    """Does what comes next, a record or the head, still carry this record's hash?"""
    record, after = at[position], at.get(position + 1)
    if position == length:
        return record.head_hash in (None, record.hash)
    # A successor that is gone or was itself changed proves nothing about this one.
    return after is None or after.previous_hash == record.hash or not _sound(after)
