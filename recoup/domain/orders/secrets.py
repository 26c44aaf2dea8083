"""The secret a channel signs its deliveries with, sealed by the installation key."""

from __future__ import annotations

from uuid import UUID

from recoup.foundation.files import keys
from recoup.kit import sealing

_ID = 16


def seal(secret: str, *, channel_id: UUID) -> bytes:
    """The key's id and the sealed secret; b'' for no secret. Opens only for the same channel."""
    if not secret:
        return b""
    ring = keys.ring()
    return ring.current.encode() + sealing.wrap(secret.encode(), ring.keys[ring.current], context=channel_id.bytes)


def opened(sealed: bytes, *, channel_id: UUID) -> str:
    """The secret; '' where there is none. Raises KeyMissing or SealBroken."""
    if not sealed:
        return ""
    name, wrapped = sealed[:_ID].decode(), sealed[_ID:]
    by = keys.ring().keys.get(name)
    if by is None:
        raise keys.KeyMissing(ring_key_id=name, path="the installation's key file")
    return sealing.unwrap(wrapped, by, context=channel_id.bytes).decode()
