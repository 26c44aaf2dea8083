"""What left under a link, and who looked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from recoup.domain.claims.models import Claim, Packet
from recoup.domain.claims.pages import PacketView, Visit
from recoup.foundation.accounts.queries import live_links
from recoup.foundation.audit.queries import Line

_VISITS = ("claim.room_entered", "claim.acknowledged")


def packet_views(claim: Claim, timeline: Sequence[Line], *, now: datetime) -> list[PacketView]:
    """Every packet, oldest first, with its link and the access log out of the claim's timeline."""
    seen = [line for line in timeline if line.verb in _VISITS]
    return [_packet(each, seen, now) for each in claim.packets.select_related("file").order_by("number")]


def _packet(packet: Packet, seen: list[Line], now: datetime) -> PacketView:
    links = live_links(purpose="supplier", subject_id=packet.pk, now=now)
    return PacketView(
        packet_id=packet.pk,
        number=packet.number,
        file_name=packet.file_name,
        sha256=packet.sha256,
        bytes=packet.file.offset,
        files=len(packet.manifest["files"]),
        sent_at=packet.sent_at,
        link_until=max((link.expires_at for link in links), default=None),
        link_uses=sum(link.uses for link in links),
        visits=[
            Visit(line.at, line.sentence) for line in seen if line.facts.get("number", packet.number) == packet.number
        ],
    )
