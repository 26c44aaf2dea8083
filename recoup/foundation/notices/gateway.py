"""Text messages leave through an HTTP gateway that RECOUP_SMS_URL names; in the demo they are shown in the terminal.

It is asked with ``POST {"to", "text", "id"}`` in JSON and ``Authorization: Bearer`` RECOUP_SMS_TOKEN. ``id`` is the same
however often one message is tried, so that a gateway that keeps its promise sends it once. Only the number of its answer is
read: what else it says may quote the message.
"""

from __future__ import annotations

import json
import sys
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlsplit

from django.conf import settings

_TIMEOUT = 20  # seconds, as for mail
_PASSING = {408, 425, 429}


def on() -> bool:
    """Whether text messages are sent at all."""
    return bool(settings.RECOUP_SMS_URL or settings.RECOUP_DEMO)


def post(*, to: str, text: str, key: str) -> int:
    """Hand a text to the gateway; returns the HTTP status. Raises OSError or HTTPException when it cannot be reached."""
    if not settings.RECOUP_SMS_URL:
        print(f"Text message to {to}:\n{text}\n{'-' * 79}", file=sys.stderr, flush=True)  # noqa: T201  (the demo's telephone)
        return 200
    where = urlsplit(settings.RECOUP_SMS_URL)
    # Neither redirects nor proxies are followed: the message goes to the house that was named, or nowhere.
    kind = HTTPSConnection if where.scheme == "https" else HTTPConnection
    line = kind(where.hostname or "", where.port, timeout=_TIMEOUT)
    try:
        path = (where.path or "/") + (f"?{where.query}" if where.query else "")
        line.request("POST", path, body=json.dumps({"to": to, "text": text, "id": key}), headers=_headers(key))
        return line.getresponse().status
    finally:
        line.close()


def passes(status: int) -> bool:
    """Whether trying again later may help."""
    return status >= 500 or status in _PASSING


def _headers(key: str) -> dict[str, str]:
    bearer = {"Authorization": f"Bearer {settings.RECOUP_SMS_TOKEN}"} if settings.RECOUP_SMS_TOKEN else {}
    return {"Content-Type": "application/json", "Idempotency-Key": key, "User-Agent": "Recoup", **bearer}
