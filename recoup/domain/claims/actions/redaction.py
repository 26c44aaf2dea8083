"""Laying out redacted copies for a person, and a person's signature under exactly these bytes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from recoup.domain.claims import states
from recoup.domain.claims.actions.documents import gather_documents
from recoup.domain.claims.actions.locking import locked
from recoup.domain.claims.models import Claim
from recoup.domain.evidence import actions as evidence
from recoup.domain.evidence.models import RedactedCopy
from recoup.domain.returns.models import LinePhoto
from recoup.foundation.audit import actions as audit
from recoup.kit.actor import Actor
from recoup.kit.refusal import NotFound


@transaction.atomic
def photos_laid_out(*, claim: Claim, count: int, actor: Actor) -> None:
    """The redacted copies of this many photos wait for a signature."""
    held = locked(claim)
    if held.state == "drafting" and count:
        was = states.CLAIM_MOVES.make(held, "gather_photos")
        claim.state = held.state
        audit.record(verb="claim.photos_gathered", subject=held, actor=actor, was=was, count=count)
    gather_documents(claim=held, actor=actor)


@transaction.atomic
def sign_off(*, claim: Claim, copy: RedactedCopy, sha256: str, at: datetime, actor: Actor) -> None:
    """Sign the copy whose bytes hash to ``sha256``; the redaction record gets a new version.

    Raises NotFound for a photo of another claim, and what ``evidence.actions.sign`` raises.
    """
    held = locked(claim)
    _mine(held, copy)
    evidence.sign(copy=copy, sha256=sha256, actor=actor, now=at)
    gather_documents(claim=held, actor=actor)


@transaction.atomic
def reject(*, claim: Claim, copy: RedactedCopy, reason: str, actor: Actor) -> None:
    """This copy must not leave. Raises NotFound, and what ``evidence.actions.reject_copy`` raises."""
    held = locked(claim)
    _mine(held, copy)
    evidence.reject_copy(copy=copy, reason=reason, actor=actor)
    gather_documents(claim=held, actor=actor)


def _mine(claim: Claim, copy: RedactedCopy) -> None:
    if not LinePhoto.objects.filter(photo=copy.photo_id, line__claim_line__claim=claim).exists():
        raise NotFound()
