"""The bare address: order number and e-mail address, or mobile number, earn a code, which opens the customer's page.

Whatever is typed, the answers are the same; who fits is decided where nobody outside can see it.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace
from datetime import timedelta
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from recoup.domain.catalogue import queries as catalogue
from recoup.domain.catalogue.rules import box_path, gtin14, read_box_path
from recoup.domain.evidence import actions as evidence
from recoup.domain.returns import actions, queries
from recoup.foundation.notices import gateway
from recoup.kit.refusal import NotFound, Refusal
from recoup.web.capture import languages
from recoup.web.capture.guest import at_home, guest_of
from recoup.web.look import words

COOKIE = "front_door"
_SALT = "recoup.capture.front_door"
_KEPT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed, and what a code would be for. It is kept with them, signed, and nowhere here."""

    code: str = ""
    number: str = ""
    #: An e-mail address or a mobile number.
    address: str = ""
    again: bool = False
    #: The path of the code they scanned, when they came from a box.
    box: str = ""

    def same(self, other: Asked) -> bool:
        """Whether both are about the same words, and one of them has been asked for."""
        return bool(self.code) and (self.number, self.address) == (other.number, other.address)

    @property
    def by_text(self) -> bool:
        """Whether the code comes as a text message."""
        return gateway.on() and "@" not in self.address

    def kept(self) -> str:
        return signing.dumps(astuple(self), salt=_SALT)


class CodeMisread(Refusal):
    code, status = "capture.code_misread", 422
    sentence = (
        "The number in this code, {gtin}, was misread or misprinted: its check digit does not fit. Scan it again, or just"
        " go on with your order number."
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def front_door(request: HttpRequest) -> HttpResponseBase:
    """Ask which order, and have a code sent. Staff go on to the desk."""
    if request.method != "POST":
        asked = _asked(request)
        named = request.GET.get("order", "").strip()[
            :120
        ]  # by the link that led here: it knows better than yesterday's form
        return _show(request, "front_door", replace(asked, number=named or asked.number))
    before = _asked(request)
    typed = Asked(number=request.POST.get("number", ""), address=request.POST.get("address", ""), box=before.box)
    try:
        # Whose address it is, is the web server's word, which believes only proxies it knows (RECOUP_PROXIES).
        code = actions.ask_to_come_in(
            number=typed.number, address=typed.address, place=request.META.get("REMOTE_ADDR", ""), at=timezone.now()
        )
    except Refusal as refusal:
        return _show(request, *("code", before) if before.same(typed) else ("front_door", typed), refusal=refusal)
    asked = replace(typed, code=str(code), again=before.same(typed))
    # A guest's page has no cookie to keep it in; the form of the next page has it.
    return _show(request, "code", asked) if guest_of(request) else _keep(redirect("capture:code"), asked)


@never_cache
@require_safe
def box(request: HttpRequest, said: str) -> HttpResponseBase:
    """Where the code on a box leads (GS1 Digital Link): the front door, which knows the product already."""
    read, asked = read_box_path(at_home(request, sent_path(request))), _asked(request)
    if read is None:
        return redirect("capture:front_door")
    if not gtin14(read.gtin):
        answer = _show(request, "front_door", replace(asked, box=""), refusal=CodeMisread(gtin=read.gtin[:20]))
    else:
        answer = _show(request, "front_door", replace(asked, box=box_path(read)))
    answer["X-Robots-Tag"] = "noindex"
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponseBase:
    """Type the code in. What does not fit comes back to the same page, with everything still there."""
    asked = _asked(request)
    if not asked.code:
        return redirect("capture:front_door")
    if request.method != "POST":
        return _show(request, "code", asked)
    try:
        secret = actions.come_in(
            code_id=UUID(asked.code),
            typed=request.POST.get("code", ""),
            at=timezone.now(),
            box=read_box_path(asked.box),
        )
    except NotFound:
        return redirect("capture:front_door")
    except Refusal as refusal:
        return _show(request, "code", asked, refusal=refusal)
    _speak_on(request, secret)
    answer = redirect("capture:capture", secret=secret)
    answer.delete_cookie(COOKIE)
    return answer


@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    """The front door, or the page for the code, in the language that was pressed."""
    wanted, page = languages.wanted(request), request.POST.get("page", "")
    name = page if page in ("front_door", "code") else "front_door"
    answer = redirect(languages.address_in(request, reverse(f"capture:{name}"), wanted))
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, wanted, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return answer


def _speak_on(request: HttpRequest, secret: str) -> None:
    """Behind the door it goes on in the language that was read at it; what the shop knows of it may be a guess."""
    if read := languages.read_at_the_door(request):
        inside = queries.access_capture(secret, timezone.now())
        evidence.speak(session=inside.session, language=read, actor=inside.actor)


def _show(request: HttpRequest, page: str, asked: Asked, refusal: Refusal | None = None) -> HttpResponse:
    scanned = read_box_path(asked.box)
    context = {
        "site_name": settings.RECOUP_SITE_NAME,
        "language_door": reverse("capture:door_language"),
        "shown": page,
        "texts": gateway.on(),
        "asked": asked,
        "kept": asked.kept(),
        "refusal": refusal and words.said(refusal),
        "refused": refusal.code if refusal else "",
        "tone": _tone(refusal),
        "scanned": scanned,
        "product": next(iter(catalogue.products_of_gtin(scanned.gtin)), None) if scanned else None,
        "over": refusal is not None and refusal.status == 410,
    }
    return render(request, f"capture/{page}.html", context, status=refusal.status if refusal else 200)


def _asked(request: HttpRequest) -> Asked:
    """What this browser asked for, from the form or from its cookie: empty when there is nothing, or not ours."""
    kept = request.POST.get("asked") or request.COOKIES.get(COOKIE, "")
    try:
        return Asked(*signing.loads(kept, salt=_SALT, max_age=timedelta(days=1)))
    except signing.BadSignature:
        return Asked()


def _tone(refusal: Refusal | None) -> str:
    """Red for what stops; amber for what only takes another scan, or some patience."""
    passing = refusal is not None and (refusal.status == 429 or isinstance(refusal, CodeMisread))
    return "waits" if passing else "stops"


def sent_path(request: HttpRequest) -> str:
    """The path with its percent signs: a slash within a batch's number is none between two steps."""
    raw: bytes = getattr(request, "scope", {}).get("raw_path") or quote(request.path_info).encode()
    return raw.decode("ascii", "replace")


def _keep(answer: HttpResponse, asked: Asked) -> HttpResponse:
    answer.set_cookie(
        COOKIE, asked.kept(), max_age=_KEPT, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return answer
