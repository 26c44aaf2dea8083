"""Reading the audit trail."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Q

from recoup.foundation.audit import sentences
from recoup.foundation.audit.models import Record


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a timeline; ``sentence`` is ready to show, ``actor`` is the name as it was then."""

    at: datetime.datetime
    actor: str
    sentence: str
    verb: str
    facts: Mapping[str, Any]
    actor_kind: str
    actor_id: str
    was: str
    subject_type: str
    subject_id: str


def trail(subject: models.Model, *more: models.Model) -> list[Line]:
    """What happened to the subject, oldest first; with more subjects, all of it in one list."""
    about = [Q(subject_type=each._meta.label_lower, subject_id=each.pk) for each in (subject, *more)]
    return [line(record) for record in Record.objects.filter(reduce(or_, about)).order_by("seq")]


def told(verb: str, about: type[models.Model]) -> models.QuerySet[Record]:
    """Every record of this verb about rows of this model, for checks that hold the rows against the trail."""
    return Record.objects.filter(subject_type=about._meta.label_lower, verb=verb)


def recent(*, limit: int = 50) -> list[Line]:
    """The latest records of the whole company, newest first."""
    return [line(record) for record in Record.objects.order_by("-seq")[:limit]]


def line(record: Record) -> Line:
    sentence = sentences.read(record.verb, actor=record.actor_name, was=record.was, facts=record.facts)
    return Line(
        at=record.at,
        actor=record.actor_name,
        sentence=sentence,
        verb=record.verb,
        facts=record.facts,
        actor_kind=record.actor_kind,
        actor_id=record.actor_id,
        was=record.was,
        subject_type=record.subject_type,
        subject_id=str(record.subject_id),
    )
