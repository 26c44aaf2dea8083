"""The desk’s front door leads to where one’s work is."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from recoup.web.desk.doors import DeskRequest, rooms_of, show, staff_only

# Where a person of one role has their work; the rail's first room is for those of several.
OWN = {"warehouse": "desk:receiving", "buyer": "desk:claims", "finance": "desk:finance"}


@staff_only()
@require_GET
def home(request: DeskRequest) -> HttpResponseBase:
    """Somebody without any role reads whom to ask."""
    rooms = rooms_of(request.actor)
    if not rooms:
        return show(request, "desk/no_room.html")
    roles = request.actor.roles
    own = OWN.get(next(iter(roles))) if len(roles) == 1 else None
    return redirect(own or rooms[0].url_name)
