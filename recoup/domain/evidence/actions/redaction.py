"""Redacted copies: proposed, drawn anew, rejected, and signed by a person for exactly these bytes."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max

from recoup.domain.evidence.facts import RedactionProposed, RedactionSigned
from recoup.domain.evidence.models import Photo, RedactedCopy
from recoup.domain.evidence.states import COPY_MOVES
from recoup.foundation.audit import actions as audit
from recoup.foundation.facts import actions as facts
from recoup.foundation.files import actions as files
from recoup.foundation.files import queries as stored
from recoup.kit.actor import Actor
from recoup.kit.refusal import Refusal


class OtherBytes(Refusal):
    code = "evidence.other_bytes"
    sentence = "This copy has changed since you looked at it. Look at the new version, then sign that one."


class ResidueLeft(Refusal):
    code = "evidence.residue_left"
    sentence = "The second look could still read {count} thing(s) in this copy. Cover them, then sign the new version."


class NotAPerson(Refusal):
    code, status = "evidence.not_a_person", 403
    sentence = "Only a person who has looked at the copy can sign it."


class ReasonMissing(Refusal):
    code, status = "evidence.reason_missing", 422
    sentence = "Say in a few words what is wrong with this copy."


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A rendered copy: the outgoing bytes, what they hide, and what the second look could still read in them.

    ``covers``: {"kind", "box": [x, y, w, h], "why", "confidence"}; ``residue``: {"kind", "box", "text", "why"}.
    """

    encoded: bytes
    rules_version: str
    covers: Sequence[Mapping[str, Any]] = ()
    residue: Sequence[Mapping[str, Any]] = ()
    media_type: str = "image/jpeg"


@transaction.atomic
def propose_redaction(*, photo: Photo, redrawn: Redrawn, actor: Actor) -> RedactedCopy:
    """A new version of the photo's redacted copy; one that stands is superseded and kept. It awaits a signature."""
    Photo.objects.select_for_update(no_key=True).get(pk=photo.pk)
    for standing in RedactedCopy.objects.filter(photo=photo).exclude(state="superseded"):
        _supersede(standing, actor)
    file = files.store(
        data=redrawn.encoded, key=photo.file.key, purpose="redacted copy",
        media_type=redrawn.media_type, retention="packet",
    )  # fmt: skip
    last = RedactedCopy.objects.filter(photo=photo).aggregate(last=Max("version"))["last"] or 0
    copy = RedactedCopy.objects.create(
        photo=photo, version=last + 1, file=file, sha256=file.sha256, rules_version=redrawn.rules_version,
        covers=[dict(cover) for cover in redrawn.covers], residue=[dict(left) for left in redrawn.residue],
        made_by="system" if actor.kind == "system" else actor.id,
    )  # fmt: skip
    counts: dict[str, Any] = {"version": copy.version, "covers": len(copy.covers), "residue": len(copy.residue)}
    audit.record(verb="redaction.proposed", subject=copy, actor=actor, **counts)
    facts.tell(RedactionProposed(copy_id=copy.id, photo_id=photo.id))
    return copy


@transaction.atomic
def recover(*, copy: RedactedCopy, redrawn: Redrawn, actor: Actor) -> RedactedCopy:
    """A person moved, added or removed covers: ``redrawn`` becomes the next version and needs its own signature.

    Raises NotAllowed, and MovedMeanwhile when somebody else drew ``copy`` anew before.
    """
    actor.must("buyer", "quality")
    Photo.objects.select_for_update(no_key=True).get(pk=copy.photo_id)
    _supersede(copy, actor)
    return propose_redaction(photo=copy.photo, redrawn=redrawn, actor=actor)


@transaction.atomic
def sign(*, copy: RedactedCopy, sha256: str, actor: Actor, now: datetime.datetime) -> None:
    """This person has seen the copy whose bytes hash to ``sha256``, and nobody can be known from it.

    Raises NotAllowed, NotAPerson, OtherBytes, ResidueLeft, IllegalMove, MovedMeanwhile, FileDamaged.
    """
    actor.must("buyer", "quality")
    if actor.kind != "staff":
        raise NotAPerson()
    if copy.residue:
        raise ResidueLeft(count=len(copy.residue))
    if sha256 != copy.sha256 or hashlib.sha256(stored.read(copy.file)).hexdigest() != sha256:
        raise OtherBytes()
    was = COPY_MOVES.make(copy, "sign", signed_by=actor.id, signed_sha256=sha256, signed_at=now)
    audit.record(
        verb="redaction.signed", subject=copy, actor=actor, was=was, seals=[copy], version=copy.version, sha256=sha256
    )
    facts.tell(RedactionSigned(copy_id=copy.id, photo_id=copy.photo_id))


@transaction.atomic
def reject_copy(*, copy: RedactedCopy, reason: str, actor: Actor) -> None:
    """This copy must not leave; it and the reason are kept. Raises NotAllowed, ReasonMissing, IllegalMove."""
    actor.must("buyer", "quality")
    if not reason.strip():
        raise ReasonMissing()
    was = COPY_MOVES.make(copy, "reject", reject_reason=reason.strip()[:500])
    audit.record(
        verb="redaction.rejected", subject=copy, actor=actor, was=was, version=copy.version, reason=copy.reject_reason
    )


def _supersede(copy: RedactedCopy, actor: Actor) -> None:
    was = COPY_MOVES.make(copy, "redraw")
    audit.record(verb="redaction.superseded", subject=copy, actor=actor, was=was, version=copy.version)
