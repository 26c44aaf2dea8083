"""Pure decisions about photos: who replaces whom, and when a customer may send a photo anyway."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

TRIES_BEFORE_SEND_ANYWAY = 2
_NOT_GOOD = ("retake", "unreadable")


@dataclass(frozen=True, slots=True)
class Standing:
    """One photo of a session: where it stands, and whether another already took its place."""

    id: UUID
    shot: str
    position: int
    state: str
    superseded: bool = False


def replacements(photos: Iterable[Standing]) -> dict[UUID, UUID]:
    """{photo: the one that takes its place}: a photo that will not do gives way to the next one of its shot.

    A photo without a shot is nobody's second try, and an accepted one is never replaced.
    """
    ordered = sorted(photos, key=lambda photo: photo.position)
    found: dict[UUID, UUID] = {}
    for index, photo in enumerate(ordered):
        later = [other for other in ordered[index + 1 :] if other.shot == photo.shot]
        if photo.shot and later and photo.state in _NOT_GOOD and not photo.superseded:
            found[photo.id] = later[0].id
    return found


def may_send_anyway(photo: Standing, photos: Sequence[Standing]) -> bool:
    """After two tries at one shot nobody is blocked for good; a picture that does not open helps nobody."""
    tries = [other for other in photos if other.shot == photo.shot and other.state in _NOT_GOOD]
    return photo.state == "retake" and len(tries) >= TRIES_BEFORE_SEND_ANYWAY


def signed_64(number: int) -> int:
    """64 unsigned bits as PostgreSQL's signed bigint; ``unsigned_64`` is the way back."""
    return number - 2**64 if number >= 2**63 else number


def unsigned_64(number: int) -> int:
    return number + 2**64 if number < 0 else number
