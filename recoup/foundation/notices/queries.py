"""Reading the outbox: what was said about a thing, and what is stuck."""

from __future__ import annotations

import datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.db import models
from django.db.models import Q

from recoup.foundation.notices.models import Notice
from recoup.kit.refusal import NotFound


def sent_about(subject: models.Model, *more: models.Model) -> list[Notice]:
    """Every notice about these subjects, oldest first, whatever its state; the secrets in links are covered."""
    about = [Q(subject_type=each._meta.label_lower, subject_id=each.pk) for each in (subject, *more)]
    return list(Notice.objects.filter(reduce(or_, about)).order_by("created_at", "id"))


def notice(*, notice_id: UUID) -> Notice:
    """Raises NotFound."""
    found = Notice.objects.filter(pk=notice_id).first()
    if found is None:
        raise NotFound()
    return found


def failed() -> list[Notice]:
    """Notices that wait for a person, the oldest first."""
    return list(Notice.objects.filter(state="failed").order_by("created_at"))


def overdue(*, before: datetime.datetime, limit: int = 100) -> list[Notice]:
    """Notices older than this that have still not left and have not failed either, the oldest first."""
    stuck = Notice.objects.filter(state__in=["queued", "sending"], created_at__lt=before)
    return list(stuck.order_by("created_at")[:limit])
