"""What happened to evidence."""

from uuid import UUID

from recoup.foundation.facts.registry import fact


@fact
class PhotoArrived:
    """Every byte of a photo is durable and matches its hash; nobody has looked at it yet."""

    photo_id: UUID
    session_id: UUID


@fact
class PhotoJudged:
    """``result``: accept, retake or unreadable."""

    photo_id: UUID
    session_id: UUID
    result: str


@fact
class PhotoSentAnyway:
    photo_id: UUID
    session_id: UUID


@fact
class SessionSubmitted:
    session_id: UUID


@fact
class RedactionProposed:
    copy_id: UUID
    photo_id: UUID


@fact
class RedactionSigned:
    copy_id: UUID
    photo_id: UUID
