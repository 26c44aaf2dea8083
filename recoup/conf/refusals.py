"""How a refusal is said over HTTP: a fragment for htmx, a page for a browser, JSON for a machine."""

from __future__ import annotations

import sys
from typing import Any

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from recoup.kit import ids
from recoup.kit.refusal import NotFound, Refusal
from recoup.web.look import words

_TITLES: dict[int | str, str] = {
    "web.form_expired": gettext_noop("Please send it once more"),
    400: gettext_noop("We could not read that"),
    403: gettext_noop("That is not for your role"),
    404: gettext_noop("There is nothing here"),
    409: gettext_noop("That did not work"),
    410: gettext_noop("This link has ended"),
    413: gettext_noop("That is too large"),
    415: gettext_noop("We cannot use this file"),
    429: gettext_noop("A little slower, please"),
    500: gettext_noop("Something broke"),
    503: gettext_noop("Not ready yet"),
}
log = structlog.get_logger("web")


class RefusalMiddleware:
    """Turns a Refusal that a view lets out into an answer. Anything else is a bug and stays loud."""

    sync_capable = async_capable = True

    def __init__(self, get_response: Any) -> None:
        import asyncio

        from asgiref.sync import markcoroutinefunction

        self.get_response = get_response
        if asyncio.iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, OperationalError | InterfaceError):
            log.warning("web.no_database", error=str(exception).partition("\n")[0])
            return answer(request, NoRecords())
        return answer(request, exception) if isinstance(exception, Refusal) else None


def answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The refusal in the words and the language of whoever asked, with its status and no caching."""
    log.info("web.refused", code=refusal.code, status=refusal.status, path=request.path)
    # By the time a view has let it out, the language that the view spoke is no longer the active one.
    with translation.override(getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)):
        sentence = words.said(refusal)
        body = {**refusal.as_json(), "sentence": sentence}
        return _say(request, status=refusal.status, code=refusal.code, sentence=sentence, body=body)


def _say(request: HttpRequest, *, status: int, code: str, sentence: str, body: dict[str, Any]) -> HttpResponse:
    if wants_json(request):
        response: HttpResponse = JsonResponse(body, status=status, json_dumps_params={"default": str})
    else:
        fragment = bool(getattr(request, "htmx", False)) and not request.htmx.boosted  # type: ignore[attr-defined]
        template = "refusal/fragment.html" if fragment else "refusal/page.html"
        # When something is down, who asks may be unknowable: it is the database that knows.
        at_desk = status < 500 and request.user.is_authenticated if hasattr(request, "user") else False
        said = {
            "title": gettext(_TITLES.get(code) or _TITLES.get(status, _TITLES[409])),
            "sentence": sentence,
            "code": code,
            "at_desk": at_desk,
        }
        response = render(request, template, said, status=status)
        if fragment:
            response["HX-Retarget"], response["HX-Reswap"] = "#refusal", "innerHTML"
    response["Cache-Control"] = "no-store"
    return response


def wants_json(request: HttpRequest) -> bool:
    if request.path.startswith("/api/"):
        return True
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, NotFound())


class Unreadable(Refusal):
    code = "web.unreadable"
    status = 400
    sentence = "Your browser sent something we could not read. Go back, reload the page and try once more."


class FormExpired(Refusal):
    code = "web.form_expired"
    status = 403
    sentence = "This page was open for too long, so we did not take what it sent. Go back, reload it and send it again."


class NoRecords(Refusal):
    code = "web.no_records"
    status = 503
    sentence = "We cannot reach our records at this moment, and nothing was changed. Try again in a minute."


class NoEntry(Refusal):
    code = "web.no_entry"
    status = 403
    sentence = "You are not allowed to see this. Sign in as somebody who is, or ask an admin for the role."


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, Unreadable())


def no_entry(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, NoEntry())


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What Django's CSRF protection shows."""
    return answer(request, FormExpired())


def broken(request: HttpRequest) -> HttpResponse:
    """A bug: loud in the log, and a code that ties the reader's page to it."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return answer(request, NoRecords())
    reference = ids.spoken()
    log.error("web.broke", reference=reference, path=request.path, exc_info=sys.exc_info())
    said = gettext(
        "Something broke on our side, and we were told. Try again in a minute; if it stays, tell us {reference}."
    )
    sentence = said.format(reference=reference)
    body = {"code": "broken", "sentence": sentence, "facts": {"reference": reference}}
    return _say(request, status=500, code="broken", sentence=sentence, body=body)
