"""The supplier's door: each entry through a link is checked, counted and kept for the buyer to see."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from recoup.domain.claims import states
from recoup.domain.claims.actions.locking import locked
from recoup.domain.claims.models import Packet
from recoup.domain.claims.room_pages import Visit
from recoup.foundation.accounts import actions as accounts
from recoup.foundation.accounts.queries import access_link
from recoup.foundation.audit import actions as audit
from recoup.kit.actor import Actor
from recoup.kit.refusal import NotFound

# What somebody comes for. '' is not kept apart: a picture on a page that was kept, or an answer that keeps itself.
DID = {"room": "opened the room", "packet": "downloaded the packet", "photo": "", "answer": ""}


@transaction.atomic
def enter_room(*, secret: str, now: datetime, to: str = "room") -> Visit:
    """Come in through a supplier's link for the 'room', the 'packet', a 'photo' or an 'answer'.

    The first entry acknowledges the packet. Raises NotFound (unknown, foreign and withdrawn look alike) or LinkExpired.
    """
    token = access_link(purpose="supplier", secret=secret, now=now)
    packet = Packet.objects.select_related("claim__supplier").filter(pk=token.subject_id, sent_at__isnull=False).first()
    if packet is None:
        raise NotFound()
    actor = Actor(kind="supplier", id=str(token.pk), name=packet.claim.supplier.name)
    accounts.note_use(token=token, now=now)
    _note(packet, to, actor)
    return Visit(packet_id=packet.pk, claim_id=packet.claim_id, actor=actor, at=now)


def _note(packet: Packet, to: str, actor: Actor) -> None:
    about: dict[str, Any] = {"number": packet.number, "link": actor.id}
    if packet.claim.state == "sent" and (held := locked(packet.claim)).state == "sent":
        was = states.CLAIM_MOVES.make(held, "acknowledge")
        audit.record(verb="claim.acknowledged", subject=held, actor=actor, was=was, **about)
    elif did := DID[to]:
        audit.record(verb="claim.room_entered", subject=packet.claim, actor=actor, did=did, **about)
