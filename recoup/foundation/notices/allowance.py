"""How many text messages may leave: each one costs, and whoever makes us send many earns by it (“SMS pumping”).

Counted in the outbox itself, so it holds across processes and restarts, and includes what was typed in other ways.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from recoup.foundation.database.locks import advisory
from recoup.foundation.notices import gateway
from recoup.foundation.notices.models import Notice
from recoup.kit import telephone

TO_ONE_NUMBER = 20
_WITHIN = timedelta(days=1)

SWITCHED_OFF = "Text messages are not set up, and there is no e-mail address."
TAKES_NONE = "The number takes no text messages."
ENOUGH_TO_ONE = f"This number was sent {TO_ONE_NUMBER} text messages in a day; more are held back."
ENOUGH_IN_ALL = "The day’s text messages are used up (RECOUP_SMS_PER_DAY)."


def problem(to: str) -> str:
    """Why no text is sent to this number now; empty when one is. Others who ask wait until this transaction ends."""
    if not gateway.on():
        return SWITCHED_OFF
    if not telephone.takes_texts(to):
        return TAKES_NONE
    with advisory("notices.texts"):
        sent = Notice.objects.filter(way="text", created_at__gt=timezone.now() - _WITHIN).exclude(state="suppressed")
        if sent.filter(to=to).count() >= TO_ONE_NUMBER:
            return ENOUGH_TO_ONE
        return ENOUGH_IN_ALL if sent.count() >= settings.RECOUP_SMS_PER_DAY else ""
