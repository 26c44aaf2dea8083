"""Who sent this webhook: HMAC-SHA256 over the raw body, in base64, under the shop's secret."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping


def verify(raw: bytes, headers: Mapping[str, str], secret: str) -> bool:
    """Whether the body is the one that was signed. False without a secret or a signature."""
    given = header(headers, "X-Shopify-Hmac-Sha256")
    if not secret or not given:
        return False
    try:
        claimed = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(claimed, hmac.digest(secret.encode(), raw, "sha256"))


def sign(raw: bytes, secret: str) -> str:
    """The signature Shopify would send with this body: for tests and the demo."""
    return base64.b64encode(hmac.digest(secret.encode(), raw, "sha256")).decode()


def delivery_key(raw: bytes, headers: Mapping[str, str]) -> str:
    """The shop's id of this delivery, the same for each retry; without one, the body's own hash."""
    given = header(headers, "X-Shopify-Webhook-Id") or header(headers, "X-Shopify-Event-Id")
    return given[:160] or "sha256:" + hashlib.sha256(raw).hexdigest()


def topic(headers: Mapping[str, str]) -> str:
    return header(headers, "X-Shopify-Topic")[:80] or "orders/file"


def header(headers: Mapping[str, str], name: str) -> str:
    """The header whatever its capitals; '' when it is not there."""
    wanted = name.lower()
    return next((str(value).strip() for key, value in headers.items() if key.lower() == wanted), "")
