"""Which of the reader's devices a page may ask for: none, unless its view says so itself."""

from __future__ import annotations

from asyncio import iscoroutinefunction
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

NO_DEVICES = "camera=(), microphone=(), geolocation=()"


@sync_and_async_middleware
def devices_middleware(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Permissions-Policy on every answer. A page of a customer's photos has its own, with the camera."""

    def closed(response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Permissions-Policy", NO_DEVICES)
        return response

    async def answer_soon(request: HttpRequest) -> HttpResponseBase:
        return closed(await get_response(request))

    def answer(request: HttpRequest) -> HttpResponseBase:
        return closed(get_response(request))

    return answer_soon if iscoroutinefunction(get_response) else answer
