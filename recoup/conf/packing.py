"""Pages go packed over the line: on a phone's bad one, a third of the bytes is a second earlier.

Files of the build are packed already (phone/packed.ts); what streams is left alone, because packing would hold it back.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

_TEXT = ("text/", "application/json", "application/manifest+json", "image/svg+xml")


class PackedMiddleware(GZipMiddleware):
    """Django's own, which adds a random length to each answer: its size tells nobody what secret is in it."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.get("Content-Type", "").startswith(_TEXT):
            return response
        return super().process_response(request, response)
