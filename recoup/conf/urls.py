"""Which address leads to which audience."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

_AUDIENCES = {"": "recoup.web.capture.urls", "desk/": "recoup.web.desk.urls", "supplier/": "recoup.web.supplier.urls",
              "": "recoup.web.capture.urls"}  # fmt: skip

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    *(path(prefix, include(module)) for prefix, module in _AUDIENCES.items() if find_spec(module)),
]
