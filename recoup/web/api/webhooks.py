"""Deliveries from channels: prove who sent it, store it, say yes. What is in it is judged later."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from recoup.channels.kinds import KINDS
from recoup.domain.orders import actions, queries
from recoup.kit.actor import Actor
from recoup.kit.refusal import Refusal
from recoup.web.api.schemas import Received, Refused

LARGEST = 8 * 1024 * 1024  # bytes

router = Router(tags=["channels"])


class BadSignature(Refusal):
    code, status = "api.bad_signature", 401
    sentence = "This delivery is not signed with the channel's secret. Check the secret in the shop and here."


class DeliveryTooLarge(Refusal):
    code, status = "api.delivery_too_large", 413
    sentence = "A delivery may have {megabytes} MB. Bring larger files in with “recoup intake”."


@router.post("/channels/{code}/webhook", auth=None, response={200: Received, 401: Refused, 413: Refused})
def webhook(request: HttpRequest, code: str) -> Received:
    """One delivery of a channel, as raw bytes with the channel's own headers.

    An unknown channel, one without a secret and a wrong signature look alike.
    """
    raw = request.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise DeliveryTooLarge(megabytes=LARGEST // 1024 // 1024)
    channel = queries.find_channel(code)
    kind = KINDS.get(channel.kind) if channel else None
    if channel is None or kind is None or kind.verify is None or kind.delivery_key is None or kind.topic is None:
        raise BadSignature()
    headers = dict(request.headers)
    if not kind.verify(raw, headers, queries.webhook_secret(channel)):
        raise BadSignature()
    delivery = actions.receive(
        channel=channel,
        delivery_key=kind.delivery_key(raw, headers),
        topic=kind.topic(headers),
        body=raw,
        actor=Actor(kind="system", id=f"channel:{channel.code}", name=channel.name),
    )
    return Received(delivery_id=delivery.pk)
