"""The outbox: one row per message to one address."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from recoup.foundation.database.rows import Row
from recoup.foundation.database.triggers import legal_moves
from recoup.foundation.notices.states import AUDIENCES, DELIVERY, WAYS


class Notice(Row):
    """What was (or will be) sent, word for word. ``to`` and ``body_text`` are personal; never log them.

    The secret part of a link is the one thing that ``body_text`` does not show: it waits sealed in
    ``enclosed`` until the message has left, and is nowhere after that.
    """

    audience = models.CharField(max_length=20, choices=[(a, a) for a in AUDIENCES])
    way = models.CharField(max_length=4, choices=[(way, way) for way in WAYS], default="mail")
    to = models.CharField(max_length=254, blank=True, help_text="an e-mail address, or a telephone number in E.164")
    subject_type = models.CharField(max_length=80)
    subject_id = models.UUIDField()
    template = models.CharField(max_length=80)
    language = models.CharField(max_length=12, default="en")
    subject_line = models.CharField(max_length=250, help_text="of a text message: what pages call it")
    body_text = models.TextField()
    enclosed = models.BinaryField(null=True, editable=False)
    enclosed_by = models.CharField(max_length=16, blank=True, editable=False, help_text="the installation key's id")
    state = models.CharField(max_length=20, choices=DELIVERY.choices, default=DELIVERY.start)
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["subject_type", "subject_id", "created_at"], name="notice_subject"),
            models.Index(fields=["state", "created_at"], name="notice_state", condition=~Q(state="sent")),
            models.Index(fields=["to", "created_at"], name="notice_texts", condition=Q(way="text")),
        )
        constraints = (
            models.CheckConstraint(condition=Q(audience__in=list(AUDIENCES)), name="notice_known_audience"),
            models.CheckConstraint(condition=Q(way__in=list(WAYS)), name="notice_known_way"),
            models.CheckConstraint(condition=Q(state__in=DELIVERY.states), name="notice_known_state"),
            models.CheckConstraint(condition=~Q(to="") | Q(state="suppressed"), name="notice_needs_address"),
            models.CheckConstraint(condition=~Q(state="sent") | Q(sent_at__isnull=False), name="notice_sent_when"),
        )
        triggers = (legal_moves(DELIVERY),)
