"""The desk's door: who is signed in, as whom they act, and which rooms they see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails

from recoup.kit.actor import Actor


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
    Room("desk:dead_letters", "Dead letters", "mail", ("agent",)),
]


def staff_only(
    *roles: str,
) -> Callable[[Callable[Concatenate[DeskRequest, ...], HttpResponseBase]], View]:
    """Only somebody signed in, with one of the roles if any are named, gets through."""

    def decorate(view: Callable[Concatenate[DeskRequest, ...], HttpResponseBase]) -> View:
        @login_required
        @wraps(view)
        def door(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            request.actor = request.user.actor()
            if roles:
                request.actor.must(*roles)
            return view(request, *args, **kwargs)

        return door

    return decorate


def show(request: DeskRequest, template: str, *, room: str = "", **context: Any) -> HttpResponse:
    """Render a page of the desk with its rail; ``room`` is the rail's entry that is lit."""
    rooms = [each for each in ROOMS if request.actor.may(*each.roles)]
    return render(request, template, {"rooms": rooms, "room": room, "actor": request.actor, **context})
