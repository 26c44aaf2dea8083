"""Laying out redacted copies for a person, and a person's signature under exactly these bytes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from recoup.domain.claims import states
from recoup.domain.claims.actions.documents import gather_documents
from recoup.domain.claims.actions.locking import locked
from recoup.domain.claims.claim_file import read_file
from recoup.domain.claims.models import Claim
from recoup.domain.evidence import actions as evidence
from recoup.domain.evidence.actions import Redrawn
from recoup.domain.evidence.models import Photo, RedactedCopy
from recoup.domain.evidence.redacted_queries import living_copy
from recoup.domain.returns.models import LinePhoto
from recoup.foundation.audit import actions as audit
from recoup.kit.actor import Actor
from recoup.kit.moves import IllegalMove
from recoup.kit.refusal import NotFound


@transaction.atomic
def lay_out_copies(*, claim: Claim, made: Sequence[tuple[UUID, Redrawn]], actor: Actor) -> int:
    """File freshly drawn copies, by photo id, for a person to sign; returns how many.

    A photo that has a copy by now keeps it: a signature is never undone by a job that came late.
    """
    held = locked(claim)
    fresh = [(photo_id, redrawn) for photo_id, redrawn in made if living_copy(photo_id) is None]
    for photo_id, redrawn in fresh:
        photo = Photo.objects.select_related("file__key").get(pk=photo_id)
        evidence.propose_redaction(photo=photo, redrawn=redrawn, actor=actor)
    if held.state == "drafting" and fresh:
        was = states.CLAIM_MOVES.make(held, "gather_photos")
        claim.state = held.state
        audit.record(verb="claim.photos_gathered", subject=held, actor=actor, was=was, count=len(fresh))
    gather_documents(claim=held, actor=actor)
    return len(fresh)


@transaction.atomic
def sign_off(*, claim: Claim, copy: RedactedCopy, sha256: str, at: datetime, actor: Actor) -> None:
    """Sign the copy whose bytes hash to ``sha256``; after the last one the redaction record gets a new version.

    Raises NotFound for a photo of another claim, and what ``evidence.actions.sign`` raises.
    """
    held = locked(claim)
    _mine(held, copy)
    evidence.sign(copy=copy, sha256=sha256, actor=actor, now=at)
    _after_the_last(held, actor)


@transaction.atomic
def reject(*, claim: Claim, copy: RedactedCopy, reason: str, actor: Actor) -> None:
    """This copy must not leave. Raises NotFound, and what ``evidence.actions.reject_copy`` raises."""
    held = locked(claim)
    _mine(held, copy)
    evidence.reject_copy(copy=copy, reason=reason, actor=actor)
    _after_the_last(held, actor)


@transaction.atomic
def cover_again(*, claim: Claim, copy: RedactedCopy, redrawn: Redrawn, actor: Actor) -> RedactedCopy:
    """A person's covers become the copy's next version, to be signed anew; a signature before it ends.

    ``redrawn``: from ``evidence.redrawing.redraw``, made before and outside any transaction. Raises NotFound, IllegalMove once the claim is approved, and what ``evidence.actions.recover`` raises.
    """
    held = locked(claim)
    _mine(held, copy)
    if held.state not in states.GATHERING:
        raise IllegalMove(verb="cover again", state=held.state.replace("_", " "))
    return evidence.recover(copy=copy, redrawn=redrawn, actor=actor)


def _mine(claim: Claim, copy: RedactedCopy) -> None:
    if not LinePhoto.objects.filter(photo=copy.photo_id, line__claim_line__claim=claim).exists():
        raise NotFound()


def _after_the_last(held: Claim, actor: Actor) -> None:
    """The redaction record is filed once every copy is signed or rejected, not at each."""
    if not any(photo.copy_state in ("none", "proposed") for photo in read_file(held).photos):
        gather_documents(claim=held, actor=actor)
