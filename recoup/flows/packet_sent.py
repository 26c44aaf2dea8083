"""A packet left: the buyers hear of it. (The supplier's own letter left with the packet: only then is the link known.)"""

from __future__ import annotations

from recoup.domain.claims import notes
from recoup.domain.claims.facts import PacketSent
from recoup.foundation.facts.flows import flow


@flow
def tell_buyers_of_packet(fact: PacketSent) -> None:
    notes.packet_left(packet_id=fact.packet_id)
