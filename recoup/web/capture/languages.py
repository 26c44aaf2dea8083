"""Which language a customer's page speaks, and how they choose another: no script, no account."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from recoup.domain.returns.queries import Capture
from recoup.kit.refusal import NotFound
from recoup.web.capture.guest import at_home, guest_of


def spoken(language: str) -> str:
    """The nearest language that we speak: 'de-at' → 'de', and what nobody here speaks → 'en'."""
    try:
        return translation.get_supported_language_variant(language.lower())
    except LookupError:
        return settings.LANGUAGE_CODE


def of_link(request: HttpRequest, capture: Capture) -> str:
    """As whoever shows the page asks for, else as the link was opened in or the customer chose since."""
    guest = guest_of(request)
    return (guest and guest.language) or spoken(capture.session.language)


def wanted(request: HttpRequest) -> str:
    """The language whose button was pressed. Raises NotFound for one that we do not speak."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        raise NotFound()
    return language


def address_in(request: HttpRequest, address: str, language: str) -> str:
    """The same page; within a shop's page or an app the language is part of its address."""
    guest = guest_of(request)
    return guest.root_in(language) + at_home(request, address) if guest else address


def read_at_the_door(request: HttpRequest) -> str:
    """What somebody chose, or their browser asked for, and got; '' when we speak nothing that they asked for."""
    guest = guest_of(request)
    asked = f"{guest.language if guest else ''} {request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, '')}"
    asked = f"{asked} {request.headers.get('Accept-Language', '')}".lower()
    language = spoken(translation.get_language() or "")
    return language if language in asked else ""
