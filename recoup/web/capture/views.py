"""The customer's pages: choose, photograph, send, and see what becomes of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode
from uuid import UUID

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from recoup.domain.evidence import actions as evidence
from recoup.domain.evidence import limits
from recoup.domain.evidence import queries as photo_queries
from recoup.domain.evidence.queries import PhotoSeen
from recoup.domain.returns import actions, queries
from recoup.domain.returns.actions import Choice
from recoup.domain.returns.label import qr_code, render_label
from recoup.domain.returns.queries import Capture, CapturePage
from recoup.kit.refusal import NotFound, Refusal
from recoup.web.capture import languages
from recoup.web.capture.ahead import ask_ahead
from recoup.web.capture.guest import at_home
from recoup.web.capture.offline import keep_page
from recoup.web.capture.pages import TONES, photo_steps
from recoup.web.look import words

Rest = ParamSpec("Rest")
View = Callable[..., HttpResponseBase]


def by_link(view: Callable[Concatenate[HttpRequest, Capture, Rest], HttpResponseBase]) -> View:
    """Let whoever holds the link in, in their language; the page is neither cached nor indexed, and may use the camera."""

    @never_cache
    @wraps(view)
    def door(request: HttpRequest, secret: str, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        capture = queries.access_capture(secret, timezone.now())
        request.LANGUAGE_CODE = languages.of_link(request, capture)
        with translation.override(request.LANGUAGE_CODE):
            answer = view(request, capture, *args, **kwargs)
        answer["Content-Language"] = request.LANGUAGE_CODE
        answer["X-Robots-Tag"] = "noindex"
        answer["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
        return answer

    return door


@require_GET
@by_link
def capture(request: HttpRequest, capture: Capture) -> HttpResponseBase:
    page = queries.capture_page(capture.link)
    if page.stage == "sent":
        return redirect(_at("capture:status", request))
    answer = _capture_page(request, capture, page)
    if not page.nothing_left:
        keep_page(answer, until=capture.session.expires_at, now=timezone.now())
    return answer


@require_POST
@by_link
def draft(request: HttpRequest, capture: Capture) -> HttpResponseBase:
    """Keep what was chosen so far."""
    actions.choose(link=capture.link, draft=request.POST.dict(), at=timezone.now(), actor=capture.actor)
    return HttpResponse(status=204)


@require_GET
@by_link
def photos(request: HttpRequest, capture: Capture) -> HttpResponseBase:
    """Every photo so far and what the gate said of it."""
    seen = photo_queries.photos_of(capture.session)
    return JsonResponse({"photos": [_photo(request, each) for each in seen]})


@require_GET
@by_link
def photo(request: HttpRequest, capture: Capture, photo_id: UUID) -> HttpResponseBase:
    """The customer's own photo, small."""
    found = photo_queries.photo_of(session=capture.session, photo_id=photo_id)
    view = photo_queries.photo_view(actor=capture.actor, photo=found, kind="thumb", session=capture.session)
    # One small picture: joined here, because a plain iterator would hold the server's event loop.
    return HttpResponse(
        b"".join(view.chunks), content_type=view.media_type, headers={"X-Content-Type-Options": "nosniff"}
    )


@require_POST
@by_link
def send_anyway(request: HttpRequest, capture: Capture) -> HttpResponseBase:
    """After two tries a photo may be sent as it is."""
    wanted = request.POST.get("photo", "")
    found = next((each for each in photo_queries.photos_of(capture.session) if str(each.client_id) == wanted), None)
    if found is None:
        raise NotFound()
    chosen = photo_queries.photo_of(session=capture.session, photo_id=found.id)
    evidence.send_anyway(photo=chosen, actor=capture.actor, reason="the customer sent it anyway")
    return HttpResponse(status=204)


@require_POST
@by_link
def send(request: HttpRequest, capture: Capture) -> HttpResponseBase:
    """The customer is done. A refusal comes back to the same page with everything still there, or as JSON to its script."""
    by_script = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    actions.choose(link=capture.link, draft=request.POST.dict(), at=timezone.now(), actor=capture.actor)
    try:
        choice = Choice.of(request.POST)
        case = actions.submit(link=capture.link, choice=choice, at=timezone.now(), actor=capture.actor)
    except NotFound:
        raise
    except Refusal as refusal:
        if by_script:
            return JsonResponse(refusal.as_json() | {"sentence": words.said(refusal)}, status=refusal.status)
        return _capture_page(request, capture, queries.capture_page(capture.link), refusal)
    onward = _onward(request, capture, case.number)
    return JsonResponse({"next": onward}) if by_script else redirect(onward)


def _onward(request: HttpRequest, capture: Capture, sent: str) -> str:
    """Where it goes on: what becomes of it, or the next link of the order where something else of it shall go back."""
    if request.POST.get("then") != "another":
        return _at("capture:status", request)
    try:
        secret = actions.open_another(link=capture.link, at=timezone.now(), actor=capture.actor)
    except actions.NothingElseLeft:
        return _at("capture:status", request)
    return reverse("capture:capture", kwargs={"secret": secret}) + "?" + urlencode({"sent": sent})


@require_GET
@by_link
def status(request: HttpRequest, capture: Capture) -> HttpResponseBase:
    case = capture.link.return_case
    if case is None:
        return redirect(_at("capture:capture", request))
    standing = _standing(request, capture)
    return render(
        request,
        "capture/status.html",
        {
            **_common(request),
            **_whose(capture),
            "standing": standing,
            "tag": _tag(standing),
            "case": case.number,
            "others": queries.other_returns(capture.link),
            "more_to_return": queries.more_to_return(capture.link),
        },
    )


@require_GET
@by_link
def status_now(request: HttpRequest, capture: Capture) -> HttpResponseBase:
    """The changing part of the status page; 304 while nothing changed."""
    standing = _standing(request, capture)
    if request.headers.get("If-None-Match", "").removeprefix("W/") == _tag(standing):
        return HttpResponseNotModified()
    return HttpResponse(standing, headers={"ETag": _tag(standing)})


@require_GET
@by_link
def handover(request: HttpRequest, capture: Capture) -> HttpResponseBase:
    """This very page's address as a code: chosen at a desk, photographed with a phone."""
    picture = BytesIO()
    address = settings.RECOUP_ADDRESS + at_home(request, _at("capture:capture", request))
    segno.make(address, error="m").save(picture, kind="svg", scale=4, border=4, light="#fff", xmldecl=False)
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


@require_GET
@by_link
def rma_code(request: HttpRequest, capture: Capture) -> HttpResponseBase:
    """The RMA number as the code that the label has, for the screen of a phone."""
    case = capture.link.return_case
    if case is None or not case.rma_number:
        raise NotFound()
    return HttpResponse(qr_code(case.rma_number), content_type="image/svg+xml")


@require_POST
@by_link
def language(request: HttpRequest, capture: Capture) -> HttpResponseBase:
    """From now on this link's pages, and what we write about it, are in the language that was pressed."""
    wanted = languages.wanted(request)
    evidence.speak(session=capture.session, language=wanted, actor=capture.actor)
    return redirect(languages.address_in(request, _at("capture:capture", request), wanted))


@require_POST
@by_link
def another(request: HttpRequest, capture: Capture) -> HttpResponseBase:
    """Something else of the same order is wrong: a link of its own for it."""
    secret = actions.open_another(link=capture.link, at=timezone.now(), actor=capture.actor)
    return redirect("capture:capture", secret=secret)


@require_GET
@by_link
def label(request: HttpRequest, capture: Capture) -> HttpResponseBase:
    """The label for the parcel, once there is an RMA number."""
    case = capture.link.return_case
    if case is None or not case.rma_number:
        raise NotFound()
    return HttpResponse(
        render_label(
            case,
            seller=settings.RECOUP_SITE_NAME,
            send_to=settings.RECOUP_RETURN_ADDRESS,
            logo=settings.RECOUP_BRAND.logo_file,
        ),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{case.rma_number}.pdf"'},
    )


@require_POST
@by_link
def cancel(request: HttpRequest, capture: Capture) -> HttpResponseBase:
    line = _own_line(request, capture)
    actions.cancel(line=line, reason="The customer takes it back.", at=timezone.now(), actor=capture.actor)
    return redirect(_at("capture:status", request))


@require_POST
@by_link
def appeal(request: HttpRequest, capture: Capture) -> HttpResponseBase:
    line = _own_line(request, capture)
    actions.appeal(line=line, words=request.POST.get("words", ""), at=timezone.now(), actor=capture.actor)
    return redirect(_at("capture:status", request))


def _own_line(request: HttpRequest, capture: Capture) -> Any:
    """A line of this very return; anybody else's looks missing."""
    lines = queries.lines_of(capture.link.return_case) if capture.link.return_case else []
    wanted = request.POST.get("line", "")
    found = next((line for line in lines if str(line.pk) == wanted), None)
    if found is None:
        raise NotFound()
    return found


def _capture_page(
    request: HttpRequest, capture: Capture, page: CapturePage, refusal: Refusal | None = None
) -> HttpResponse:
    status = refusal.status if refusal else 200
    context = {**_common(request), **_whose(capture), "page": page, "refusal": refusal and words.said(refusal)}
    if page.nothing_left:
        returns = queries.earlier_returns(capture.link)
        return render(request, "capture/nothing_left.html", {**context, "returns": returns}, status=status)
    sent = _sent_before(request, capture)
    context |= {"just_sent": sent, "case": sent}
    more = {"shown": "capture", "shots": photo_steps(page), "refused": refusal.code if refusal else ""}
    return ask_ahead(render(request, "capture/capture.html", {**context, **more}, status=status))


def _sent_before(request: HttpRequest, capture: Capture) -> str:
    """The number of the return that was sent on the way here; only one of the same order is believed."""
    said = request.GET.get("sent", "")
    return said if said and any(each.number == said for each in queries.earlier_returns(capture.link)) else ""


def _common(request: HttpRequest) -> dict[str, Any]:
    return {
        "site_name": settings.RECOUP_SITE_NAME,
        "return_address": settings.RECOUP_RETURN_ADDRESS,
        "link": _at("capture:capture", request),
        "secret": request.resolver_match.kwargs["secret"],  # type: ignore[union-attr]  # a routed request
        "language_door": _at("capture:language", request),
    }


def _whose(capture: Capture) -> dict[str, Any]:
    """Whose photos the phone keeps: this session's, and what it could not send of those that this link takes over."""
    earlier = queries.sessions_taken_over(capture.link, timezone.now())
    return {"session": capture.session.pk, "earlier": earlier, "largest": limits.photo_bytes()}


def _standing(request: HttpRequest, capture: Capture) -> SafeString:
    page = queries.status_page(capture.link)
    tone, icon = TONES.get(page.word, ("", "clock"))
    context = {**_common(request), "page": page, "tone": tone, "word_icon": icon}
    return render_to_string("capture/standing.html", context, request=request)


def _tag(standing: str) -> str:
    return f'"{hashlib.sha256(standing.encode()).hexdigest()[:32]}"'


def _photo(request: HttpRequest, seen: PhotoSeen) -> dict[str, Any]:
    return {
        "client": str(seen.client_id),
        "shot": seen.shot,
        "state": seen.state,
        "sentence": words.retold(seen.sentence),
        "replaced": seen.replaced,
        "sent_anyway": seen.sent_anyway,
        "may_send_anyway": seen.may_send_anyway,
        "thumb": _at("capture:photo", request, photo_id=seen.id) if "thumb" in seen.views else None,
    }


def _at(name: str, request: HttpRequest, **more: Any) -> str:
    secret = request.resolver_match.kwargs["secret"]  # type: ignore[union-attr]  # a routed request
    return reverse(name, kwargs={"secret": secret, **more})
