"""A buyer approved a claim: the packet is built and leaves under one link."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from recoup.domain.claims import actions as claims
from recoup.domain.claims import queries
from recoup.domain.claims.actions.packets import BoundaryEnded, ChangedMeanwhile
from recoup.domain.claims.facts import ClaimApproved
from recoup.domain.claims.packet import Assembled
from recoup.foundation.facts.flows import flow
from recoup.kit.actor import SYSTEM
from recoup.kit.refusal import TryAgain


def assemble(fact: ClaimApproved) -> Assembled | None:
    """The packet in memory; None when the approval has ended meanwhile."""
    claim = queries.claim_of(fact.claim_id)
    return claims.assemble_packet(claim=claim) if claim.state == "approved" else None


@flow(before=assemble)
def build_packet_and_send(fact: ClaimApproved, built: Assembled | None) -> None:
    claim = queries.claim_of(fact.claim_id)
    if built is None or claim.state != "approved":
        return
    try:
        with transaction.atomic():
            packet = claims.build_packet(claim=claim, actor=SYSTEM, assembled=built)
            claims.send(packet=packet, at=timezone.now(), actor=SYSTEM)
    except ChangedMeanwhile as changed:
        raise TryAgain(changed.say()) from changed
    except BoundaryEnded:
        return  # nothing leaves; the claim opens again by itself (claims.expiring)
