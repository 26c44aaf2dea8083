"""What tidies up by the clock: links that ran out, uploads nobody finished, bytes a crash left behind."""

from __future__ import annotations

from django.utils import timezone

from recoup.domain.evidence import actions
from recoup.foundation.files import actions as files
from recoup.foundation.jobs.registry import periodic


@periodic("*/10 * * * *", "evidence.sweep")
def sweep() -> None:
    now = timezone.now()
    actions.expire_sessions(now=now)
    actions.sweep_uploads(now=now)
    files.sweep_folder()
