"""The desk's front door leads to the first room one may enter."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from recoup.web.desk.doors import DeskRequest, rooms_of, show, staff_only


@staff_only()
@require_GET
def home(request: DeskRequest) -> HttpResponseBase:
    """Somebody without any role reads whom to ask."""
    rooms = rooms_of(request.actor)
    return redirect(rooms[0].url_name) if rooms else show(request, "desk/no_room.html")
