"""Photos at the desk: the derived views, and the original, which leaves a trace."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_GET, require_POST

from recoup.domain.evidence import actions, queries
from recoup.kit.refusal import NotFound
from recoup.web.desk.doors import DeskRequest, staff_only

KINDS = ("thumb", "screen")
READERS = ("agent", "warehouse", "quality", "buyer", "finance")
_ONE_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")


@staff_only(*READERS)
@require_GET
def view(request: DeskRequest, photo_id: UUID, kind: str) -> HttpResponseBase:
    """A derived view: upright, stripped, encoded again. The browser may keep it, proxies may not."""
    if kind not in KINDS:
        raise NotFound()
    seen = queries.photo_view(actor=request.actor, photo=queries.photo(photo_id=photo_id), kind=kind)
    return picture(request, lambda: b"".join(seen.chunks), sha256=seen.sha256, media_type=seen.media_type)


def picture(request: HttpRequest, read: Callable[[], bytes], *, sha256: str, media_type: str) -> HttpResponse:
    """A picture that the browser may keep and ask for in part; it is not even read when the browser has it."""
    tag = f'"{sha256}"'
    if request.headers.get("If-None-Match") == tag:
        return _kept(HttpResponse(status=304), tag)
    return _kept(_part(request, read(), media_type), tag)


def _part(request: HttpRequest, data: bytes, media_type: str) -> HttpResponse:
    """All of it, or the one range of bytes that was asked for (RFC 9110 §14)."""
    asked = _ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    if not asked or asked[1] == asked[2] == "":
        return HttpResponse(data, content_type=media_type)
    first = int(asked[1]) if asked[1] else max(len(data) - int(asked[2]), 0)
    last = min(int(asked[2]), len(data) - 1) if asked[1] and asked[2] else len(data) - 1
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(data)}"})
    headers = {"Content-Range": f"bytes {first}-{last}/{len(data)}"}
    return HttpResponse(data[first : last + 1], status=206, content_type=media_type, headers=headers)


def _kept(response: HttpResponse, tag: str) -> HttpResponse:
    response["ETag"] = tag
    response["Cache-Control"] = "private, max-age=3600"
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@staff_only(*READERS)
@require_POST
def original(request: DeskRequest, photo_id: UUID) -> HttpResponseBase:
    """The exact bytes that arrived, as a file; the audit trail keeps who took them. Never kept by the browser."""
    photo = queries.photo(photo_id=photo_id)
    data = actions.open_original(photo=photo, actor=request.actor, purpose="to look at it at the desk")
    response = HttpResponse(data, content_type="application/octet-stream")
    ending = (photo.media_type or "application/octet-stream").rpartition("/")[2].replace("octet-stream", "bin")
    response["Content-Disposition"] = f'attachment; filename="photo-{photo.pk}.{ending}"'
    response["Cache-Control"] = "no-store"
    return response
