"""As a guest: the customer's pages within a shop's page (/embed/…) or in the web view of an app (/app/…).

They are the same pages under another root, which also carries language and theme: /embed/de/dark/c/…. Only the
customer's addresses exist there, and nothing rests on a cookie, because browsers keep those from pages of others: what a
request may do is all in its path, or signed in its form. So a form needs no token against forgery either; it needs to
come from a page of ours.
"""

from __future__ import annotations

import re
from asyncio import iscoroutinefunction
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import get_script_prefix, set_script_prefix
from django.utils import translation
from django.utils.decorators import sync_and_async_middleware

URLS = "recoup.web.capture.guest_urls"
# So no address of the capture pages may begin with two or three letters of its own.
_ROOT = re.compile(
    r"/(?P<place>embed|app)(?:/(?P<language>[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*))?(?:/(?P<theme>light|dark))?(?=/)"
)


@dataclass(frozen=True, slots=True)
class Guest:
    """Where a page is shown, and how it was asked to look; an empty word leaves that to the reader's browser."""

    place: str
    root: str
    language: str = ""
    theme: str = ""

    @property
    def hosts(self) -> list[str]:
        """The origins that may frame the page and hear of it."""
        return settings.RECOUP_EMBEDDERS if self.place == "embed" else []

    def root_in(self, language: str) -> str:
        return "/" + "/".join(filter(None, (self.place, language, self.theme)))


def guest_of(request: HttpRequest) -> Guest | None:
    return getattr(request, "guest", None)


def at_home(request: HttpRequest, address: str) -> str:
    """The address of a page of ours as it is when it is nobody's guest."""
    guest = guest_of(request)
    return address.removeprefix(guest.root) if guest else address


def without_root(path: str) -> str:
    """The same address at home: for what is reached before the middleware."""
    root = _ROOT.match(path)
    return path[root.end() :] if root else path


@sync_and_async_middleware
def guest_middleware(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Lets /embed/… and /app/… in to the customer's pages, and those of RECOUP_EMBEDDERS frame the former."""

    async def answer_soon(request: HttpRequest) -> HttpResponseBase:
        home = get_script_prefix()
        _enter(request)
        try:
            return _leave(request, await get_response(request))
        finally:
            set_script_prefix(home)

    def answer(request: HttpRequest) -> HttpResponseBase:
        home = get_script_prefix()
        _enter(request)
        try:
            return _leave(request, get_response(request))
        finally:
            set_script_prefix(home)

    return answer_soon if iscoroutinefunction(get_response) else answer


def _enter(request: HttpRequest) -> None:
    root = _ROOT.match(request.path_info)
    if root is None:
        return
    guest = Guest(root["place"], root[0], _known(root["language"] or ""), root["theme"] or "")
    request.guest = guest  # type: ignore[attr-defined]
    request.urlconf = URLS
    request.path_info = request.path_info[root.end() :]
    # Every address that the pages name carries the root along.
    set_script_prefix(get_script_prefix().rstrip("/") + root[0] + "/")
    request.csrf_processing_done = _from_us(request)  # type: ignore[attr-defined]
    request.COOKIES = {}
    if guest.language:
        request.META["HTTP_ACCEPT_LANGUAGE"] = guest.language


def _leave(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    guest = guest_of(request)
    if guest is None:
        return response
    response.cookies.clear()
    if guest.hosts:
        response.headers.pop("X-Frame-Options", None)
        response._csp_replace = {"frame-ancestors": guest.hosts}  # type: ignore[attr-defined]
    return response


def _known(language: str) -> str:
    """The language as Django calls it; empty for one that nobody speaks here."""
    try:
        return translation.get_supported_language_variant(language.lower()) if language else ""
    except LookupError:
        return ""


def _from_us(request: HttpRequest) -> bool:
    """Browsers say with every form which page sent it."""
    here = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin") in {here, *settings.CSRF_TRUSTED_ORIGINS}
