"""Which address leads to which audience. Each audience's urls.py names its own addresses in full."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

_AUDIENCES = ("recoup.web.api.urls", "recoup.web.desk.urls", "recoup.web.supplier.urls", "recoup.web.capture.urls")

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("", include("recoup.web.look.urls")),
    *(path("", include(audience)) for audience in _AUDIENCES if find_spec(audience)),
]

handler400 = "recoup.conf.refusals.unreadable"
handler403 = "recoup.conf.refusals.no_entry"
handler404 = "recoup.conf.refusals.not_found"
handler500 = "recoup.conf.refusals.broken"
