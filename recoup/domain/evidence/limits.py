"""How much one capture session may hold. Each has its setting."""

from __future__ import annotations

import datetime

from django.conf import settings

# An upload that has not ended a day after it was announced is given up.
UPLOAD_LIVES = datetime.timedelta(hours=24)


def photo_bytes() -> int:
    """RECOUP_PHOTO_BYTES: the largest photo, in bytes."""
    return int(settings.RECOUP_PHOTO_BYTES)


def photos_per_session() -> int:
    """RECOUP_PHOTOS_PER_SESSION: how many photos one link takes, running uploads included."""
    return int(settings.RECOUP_PHOTOS_PER_SESSION)
