"""The desk's door: who is signed in, as whom they act, and which rooms they see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django_htmx.middleware import HtmxDetails

from recoup.kit.actor import Actor
from recoup.kit.refusal import Refusal


class DeskRequest(HttpRequest):
    """A request of somebody signed in; ``actor`` is who they are to every action and query."""

    actor: Actor
    htmx: HtmxDetails


View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Room:
    """One entry of the left rail."""

    url_name: str
    words: str
    icon: str
    roles: tuple[str, ...]


ROOMS = [
    Room("desk:queue", "Queue", "inbox", ("agent", "quality")),
    Room("desk:receiving", "Receiving", "scan-barcode", ("warehouse",)),
    Room("desk:stock", "Stock", "warehouse", ("warehouse", "agent", "quality", "buyer", "finance")),
    Room("desk:claims", "Claims", "handshake", ("buyer", "finance", "quality")),
    Room("desk:finance", "Finance", "wallet", ("finance",)),
    Room("desk:insight", "Insight", "chart-column", ("agent", "quality", "buyer", "finance")),
    Room("desk:dead_letters", "Dead letters", "mail-warning", ("agent", "finance", "buyer")),
    Room("desk:staff", "Company", "settings", ("admin",)),
]


class Unwritable(Refusal):
    code, status = "desk.unwritable", 400
    sentence = "There is a character in this that cannot be written down. Take it out and send it again."


def _refuse_unwritable(request: HttpRequest) -> None:
    """PostgreSQL keeps no NUL; no keyboard types one."""
    typed = [
        request.path,
        *(text for form in (request.GET, request.POST) for texts in dict(form).values() for text in texts),
    ]
    if any("\x00" in str(text) for text in typed):
        raise Unwritable()


def staff_only(
    *roles: str,
) -> Callable[[Callable[Concatenate[DeskRequest, ...], HttpResponseBase]], View]:
    """Only somebody signed in, with one of the roles if any are named, gets through."""

    def decorate(view: Callable[Concatenate[DeskRequest, ...], HttpResponseBase]) -> View:
        @login_required
        @wraps(view)
        def door(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            _refuse_unwritable(request)
            request.actor = request.user.actor()
            if roles:
                request.actor.must(*roles)
            return view(request, *args, **kwargs)

        return door

    return decorate


def rooms_of(actor: Actor) -> list[Room]:
    """The rooms this person may enter, in the rail's order."""
    return [each for each in ROOMS if actor.may(*each.roles)]


def show(request: DeskRequest, template: str, *, room: str = "", **context: Any) -> HttpResponse:
    """Render a page of the desk with its rail; ``room`` is the rail's entry that is lit."""
    frame = {
        "rooms": rooms_of(request.actor),
        "room": room,
        "actor": request.actor,
        "site_name": settings.RECOUP_SITE_NAME,
    }
    response = render(request, template, frame | context)
    response["Cache-Control"] = "private, no-store"
    return response


def onward(request: DeskRequest, to: str, *args: Any, said: str = "") -> HttpResponseBase:
    """After a change: say what happened, and go on to a page, by a redirect or as htmx wants to be told."""
    if said:
        messages.success(request, said, extra_tags="settled")
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": resolve_url(to, *args)})
    return redirect(to, *args)
