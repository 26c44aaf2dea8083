"""Writing the audit trail: the one verb is ``record``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from recoup.foundation.audit import sealing, sentences
from recoup.foundation.audit.models import Head, Record
from recoup.foundation.audit.rules import Entry, digest, plain, writable
from recoup.foundation.database import hearing
from recoup.kit.actor import Actor


def record(
    *,
    verb: str,
    subject: models.Model,
    actor: Actor,
    was: str = "",
    seals: Sequence[models.Model] = (),
    **facts: Any,
) -> Record:
    """Add one record to the subject's chain, in the caller's transaction.

    Locks the subject's head, so rivals queue up until the first commits. ``was`` is the state
    before. ``seals`` are the rows that this made and that never change again: their digests are kept, so that
    ``recoup verify`` sees one that did. Facts are ids, texts, whole numbers, money or dates, never anything personal.
    Whoever waits for the subject to change hears of it.
    Raises KeyError for a verb without a sentence or a sentence without its fact, and
    TransactionManagementError outside a transaction: both are bugs.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("audit.record belongs in the transaction of what it records.")
    kept = plain(facts) | ({"seals": dict(map(sealing.seal, seals))} if seals else {})
    sentences.fill(verb, actor=actor.name, was=was, facts=kept)
    head = _locked_head(subject)
    return _append(head, verb=verb, actor=actor, was=was, facts=kept)


def _locked_head(subject: models.Model) -> Head:
    key = {"subject_type": subject._meta.label_lower, "subject_id": subject.pk}
    if not (head := Head.objects.select_for_update().filter(**key).first()):
        Head.objects.bulk_create([Head(**key)], ignore_conflicts=True)
        head = Head.objects.select_for_update().get(**key)
    return head


def _append(head: Head, *, verb: str, actor: Actor, was: str, facts: dict[str, Any]) -> Record:
    entry = Entry(
        subject_type=head.subject_type,
        subject_id=str(head.subject_id),
        position=head.length + 1,
        verb=verb,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=writable(actor.name)[:200],
        was=was,
        facts=facts,
        at=timezone.now(),
        previous_hash=head.hash,
    )
    sealed = digest(entry)
    Head.objects.filter(pk=head.pk).update(length=entry.position, hash=sealed)
    hearing.say_changed(head.subject_id)
    return Record.objects.create(**{name: getattr(entry, name) for name in Entry.__slots__}, hash=sealed)
