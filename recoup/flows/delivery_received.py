"""A channel delivered something: translate it, and send it through the gates."""

from __future__ import annotations

from django.utils import timezone

from recoup.channels.kinds import kind
from recoup.channels.reading import ChannelSettings
from recoup.domain.orders import actions, queries
from recoup.domain.orders.canonical import Reading
from recoup.domain.orders.facts import DeliveryReceived
from recoup.foundation.facts.flows import flow
from recoup.kit.actor import SYSTEM


@flow
def judge_delivery(fact: DeliveryReceived) -> None:
    delivery = queries.delivery(fact.delivery_id)
    read = translated(bytes(delivery.body), kind_name=delivery.channel.kind, time_zone=delivery.channel.time_zone)
    actions.judge(delivery=delivery, reading=read, at=timezone.now(), actor=SYSTEM)


def translated(body: bytes, *, kind_name: str, time_zone: str) -> Reading:
    """What the channel's own translator makes of the bytes. Raises UnknownKind."""
    return kind(kind_name).translate(body, ChannelSettings(time_zone=time_zone))
