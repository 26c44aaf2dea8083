"""The pages' own scripts, styles and pictures, as the event loop wants them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # its classes are unknown where the code is checked
    """WhiteNoise, but each file is handed over whole.

    It hands over an open file, to be read piece by piece; under ASGI Django reads such an answer to its end first, in a
    thread, one hop for each piece of 4 kB, and warns each time. What was built for the pages is small.
    """

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponse:
        found = static_file.get_response(request.method, request.META)
        body = b""
        if found.file is not None:
            with found.file:
                body = found.file.read()
        response = HttpResponse(body, status=int(found.status))
        del response["Content-Type"]
        for name, value in found.headers:
            response[name] = value
        return response
