"""The secret part of a link, or a one-time code, on its way to one reader.

Links are kept as hashes only, and an outbox full of readable links would undo that. So a body is
stored with its secrets covered, and they travel sealed by the installation's key until it has left.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from recoup.foundation.files import keys
from recoup.kit import sealing
from recoup.kit.refusal import GiveUp

COVER = "••••••••"
# What kit.ids.secret() makes: 43 characters of URL-safe base64, standing alone.
_SECRET = re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A body fit to be stored; ``sealed`` is None when it holds no secret."""

    text: str
    sealed: bytes | None
    by: str


def enclose(*, text: str, notice_id: uuid.UUID, hidden: Sequence[str] = ()) -> Enclosed:
    """Cover every secret in the text, and what is named as ``hidden``. Raises the refusals of ``files.keys`` when there is no key."""
    plain = text.replace(COVER, "…")
    secret = re.compile("|".join([_SECRET.pattern, *map(re.escape, hidden)]))
    secrets = secret.findall(plain)
    if not secrets:
        return Enclosed(text=plain, sealed=None, by="")
    ring = keys.ring()
    sealed = sealing.wrap(" ".join(secrets).encode(), ring.keys[ring.current], context=_context(notice_id))
    return Enclosed(text=secret.sub(COVER, plain), sealed=sealed, by=ring.current)


def disclose(*, enclosed: Enclosed, notice_id: uuid.UUID) -> str:
    """The text as the reader gets it. Raises GiveUp when the installation's key is another one now."""
    if enclosed.sealed is None:
        return enclosed.text
    by = keys.ring().keys.get(enclosed.by)
    if by is None:
        raise GiveUp(f"The installation key {enclosed.by} that sealed this notice is gone; write a new one.")
    secrets = iter(sealing.unwrap(enclosed.sealed, by, context=_context(notice_id)).decode().split())
    return re.sub(COVER, lambda _: next(secrets), enclosed.text)


def _context(notice_id: uuid.UUID) -> bytes:
    return b"notice" + notice_id.bytes
