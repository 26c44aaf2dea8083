"""Sign-off: the original beside what would leave, the covers to move, and a signature under exactly these bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from recoup.domain.claims import actions, queries
from recoup.domain.claims.pages import SignoffPage
from recoup.domain.claims.redaction_tasks import known_of
from recoup.domain.evidence import actions as evidence
from recoup.domain.evidence import queries as evidence_queries
from recoup.domain.evidence import redacted_queries, redrawing
from recoup.kit.refusal import NotFound, Refusal
from recoup.web.desk import claim_words as words
from recoup.web.desk import typed
from recoup.web.desk.doors import DeskRequest, onward, show, staff_only

LONG_SIDE = 2400  # pixels of the original as shown: as large as a copy can be
MOST_COVERS = 500


class CoversUnreadable(Refusal):
    code, status = "desk.covers_unreadable", 422
    sentence = "We could not read the covers. Reload the page and draw them again."


@staff_only("buyer", "quality")
@require_GET
def page(request: DeskRequest, number: str) -> HttpResponseBase:
    """One photo: the asked one, else the first that waits."""
    asked = request.GET.get("photo", "")
    photo_id = typed.uuid(asked)
    if asked and photo_id is None:
        raise NotFound()
    found = queries.signoff_page(request.actor, number, photo_id=photo_id)
    state = queries.access_claim(request.actor, number).state
    return show(
        request,
        "desk/signoff.html",
        room="desk:claims",
        page=found,
        photo=found.photo,
        copy_state=words.COPIES[found.photo.copy_state] if found.photo else None,
        may_cover=state in words.GATHERING,
        preload=_next_copy(request, found),
    )


def _next_copy(request: DeskRequest, found: SignoffPage) -> UUID | None:
    """The copy that will be looked at next, for the browser to fetch early."""
    if found.next_id is None:
        return None
    following = queries.signoff_page(request.actor, found.number, photo_id=found.next_id).photo
    return following.copy_id if following else None


@staff_only("buyer", "quality")
@require_POST
def sign(request: DeskRequest, number: str, copy_id: UUID) -> HttpResponseBase:
    """The form carries the SHA-256 of the bytes that were shown; other bytes cannot be signed with it."""
    claim = queries.access_claim(request.actor, number)
    copy = queries.copy_to_sign(request.actor, number, copy_id)
    sha256 = request.POST.get("sha256", "")
    actions.sign_off(claim=claim, copy=copy, sha256=sha256, at=timezone.now(), actor=request.actor)
    return _next(request, number)


@staff_only("buyer", "quality")
@require_POST
def reject(request: DeskRequest, number: str, copy_id: UUID) -> HttpResponseBase:
    claim = queries.access_claim(request.actor, number)
    copy = queries.copy_to_sign(request.actor, number, copy_id)
    actions.reject(claim=claim, copy=copy, reason=typed.text(request.POST, "reason"), actor=request.actor)
    return _next(request, number)


def _next(request: DeskRequest, number: str) -> HttpResponseBase:
    """To the next photo that waits, else back to the evidence."""
    found = queries.signoff_page(request.actor, number)
    if found.photo:
        return onward(request, "desk:signoff", number)
    done = "The photo is" if found.total == 1 else f"All {found.total} photos are"
    return onward(request, words.address(number, "evidence"), said=f"{done} done. Only what was signed can leave.")


@staff_only("buyer", "quality")
@require_POST
def cover(request: DeskRequest, number: str, copy_id: UUID) -> HttpResponseBase:
    """Draw the copy anew under the covers as the person left them; it then needs a signature of its own."""
    from recoup.vision.redact import Known  # here, so that no page loads the pixel libraries before it needs them

    claim = queries.access_claim(request.actor, number)
    copy = queries.copy_to_sign(request.actor, number, copy_id)
    wanted = _covers(request.POST.get("covers", ""), copy.covers)
    identifiers, allow = known_of(copy.photo_id)
    redrawn = redrawing.redraw(copy=copy, covers=wanted, known=Known(identifiers=identifiers, allow=allow))
    drawn = actions.cover_again(claim=claim, copy=copy, redrawn=redrawn, actor=request.actor)
    left = len(drawn.residue)
    said = (
        f"Drawn anew. The second look could still read {left}: see the margin."
        if left
        else "Drawn anew. The second look found nothing."
    )
    return onward(request, words.signoff_address(number, copy.photo_id), said=said)


def _covers(text: str, before: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The posted covers, [{"of": index of a cover of this copy or null, "box": [x, y, width, height]}].

    One that stands where it stood stays exactly as it was, its outline too. Raises CoversUnreadable.
    """
    try:
        given = json.loads(text)
        if not isinstance(given, list) or len(given) > MOST_COVERS:
            raise CoversUnreadable()
        return [_cover(each, before) for each in given]
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError):
        raise CoversUnreadable() from None


def _cover(given: Mapping[str, Any], before: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    box = [int(value) for value in given["box"]]
    if given.get("of") is None:
        return {"kind": "drawn", "box": box, "why": "drawn by a person", "confidence": 1.0}
    old = before[int(given["of"])]
    if list(old["box"]) == box:
        return old
    return {"kind": old["kind"], "box": box, "why": f"{old['why']}, moved by a person"[:200], "confidence": 1.0}


@staff_only("buyer", "quality")
@require_GET
def original(request: DeskRequest, number: str, photo_id: UUID) -> HttpResponseBase:
    """The original upright, made anew from its pixels; that somebody looked at it is kept."""
    from recoup.vision import upright
    from recoup.vision.decode import decode
    from recoup.vision.views import derive

    queries.signoff_page(request.actor, number, photo_id=photo_id)  # raises NotFound for another claim's photo
    photo = evidence_queries.photo(photo_id=photo_id)
    data = evidence.open_original(photo=photo, actor=request.actor, purpose=f"to sign off its copy for {number}")
    pixels = upright.turned(decode(data).pixels, photo.quarter_turns)
    return _picture(derive(pixels, LONG_SIDE), "private, max-age=600")


@staff_only("buyer", "quality")
@require_GET
def redacted(request: DeskRequest, number: str, copy_id: UUID) -> HttpResponseBase:
    """The outgoing bytes themselves; one copy's bytes never change."""
    copy = queries.copy_to_sign(request.actor, number, copy_id)
    tag = f'"{copy.sha256}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    response = _picture(redacted_queries.copy_bytes(actor=request.actor, copy_id=copy.pk), "private, max-age=3600")
    response["ETag"] = tag
    return response


def _picture(data: bytes, keep: str) -> HttpResponse:
    headers = {"Cache-Control": keep, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(data, content_type="image/jpeg", headers=headers)
