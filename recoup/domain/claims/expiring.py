"""An approval that has ended opens its claim again, by itself and visibly."""

from __future__ import annotations

from django.utils import timezone

from recoup.domain.claims.actions.deciding import expire_boundaries
from recoup.foundation.jobs.registry import periodic


@periodic("*/5 * * * *", "claims.expire_boundaries")
def expire() -> None:
    expire_boundaries(now=timezone.now())
