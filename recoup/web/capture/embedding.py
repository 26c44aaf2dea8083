"""What a shop's page fetches before it shows ours: the script of <recoup-capture>, and whether it is welcome."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_safe

from recoup.kit.refusal import NotFound

SCRIPT = "embed/recoup-capture.js"


def _script() -> bytes:
    found = finders.find(SCRIPT)
    if not found:
        raise NotFound()
    return Path(found).read_bytes()


def _tag(request: HttpRequest) -> str:
    return f'"{hashlib.sha256(_script()).hexdigest()[:32]}"'


@gzip_page
@require_safe
@condition(etag_func=_tag)
def element(request: HttpRequest) -> HttpResponseBase:
    """The script, under a name that stays: each page asks whether it is still the same."""
    # Modules of another origin are fetched with CORS; there is nothing in it that not everybody may read.
    headers = {
        "Cache-Control": "no-cache",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return HttpResponse(_script(), content_type="text/javascript; charset=utf-8", headers=headers)


@require_safe
def welcome(request: HttpRequest) -> HttpResponseBase:
    """Whether the asking page may show ours. Its browser reads only a yes, so a no and no answer are the same to it."""
    origin = request.headers.get("Origin", "")
    yes = origin in settings.RECOUP_EMBEDDERS
    allowed = {"Access-Control-Allow-Origin": origin} if yes else {}
    return HttpResponse(status=204 if yes else 403, headers={"Vary": "Origin", "Cache-Control": "no-store", **allowed})
