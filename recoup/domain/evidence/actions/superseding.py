"""A retake takes the place of the photo that would not do; both are kept."""

from __future__ import annotations

from recoup.domain.evidence import rules
from recoup.domain.evidence.models import CaptureSession, Photo


def standings(session: CaptureSession) -> list[rules.Standing]:
    rows = session.photos.values_list("id", "shot", "position", "state", "superseded_by")
    return [rules.Standing(id_, shot, position, state, by is not None) for id_, shot, position, state, by in rows]


def supersede(session: CaptureSession) -> None:
    """Note who took whose place. The session must be locked."""
    for photo_id, by in rules.replacements(standings(session)).items():
        Photo.objects.filter(pk=photo_id).update(superseded_by_id=by)
