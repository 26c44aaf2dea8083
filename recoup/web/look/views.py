"""The shop's logo and colours, under addresses that name their content, so that browsers keep them."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from recoup.kit.refusal import NotFound
from recoup.web.look.brand import Brand

_KEPT = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
# Opened by itself an SVG is a page: it may run nothing, fetch nothing and is of no origin of ours.
_SHUT = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


@require_safe
def logo(request: HttpRequest, name: str, kind: str) -> HttpResponseBase:
    found = _brand().logo
    if found is None or request.path_info != found.address:
        raise NotFound()
    return _answer(request, found.data, found.media_type, {"Content-Security-Policy": _SHUT})


@require_safe
def colours(request: HttpRequest, name: str, theme: str) -> HttpResponseBase:
    brand, theme = _brand(), "" if theme == "auto" else theme
    if request.path_info != brand.address(theme):
        raise NotFound()
    return _answer(request, brand.sheet(theme).encode(), "text/css; charset=utf-8", {})


def _answer(request: HttpRequest, data: bytes, media_type: str, more: dict[str, str]) -> HttpResponse:
    """The address names the content, so it is the tag as well."""
    tag = f'"{request.path_info}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={**_KEPT, **more, "ETag": tag})
    return HttpResponse(data, content_type=media_type, headers={**_KEPT, **more, "ETag": tag})


def _brand() -> Brand:
    brand: Brand = settings.RECOUP_BRAND
    return brand
