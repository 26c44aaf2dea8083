"""The customer's page without a line: its worker, the page for when there is none, and the front door as an app."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from recoup.kit.refusal import NotFound

#: What the pages of a link need of the build, and everything that those load later.
_BEGINNINGS = ("capture/main.ts", "styles/capture.css", "styles/light.css", "styles/dark.css", "embed/inside.ts")
_FIXED = ("icons.svg", "phone.svg")
_SCRIPT = "worker.js"
#: What is larger, such as a reader of codes, is kept once it was used.
_LARGEST = 100_000  # bytes
#: A page without a line is for a tunnel or a weekend, not for an archive.
LONGEST = timedelta(days=3)


def keep_page(answer: HttpResponseBase, *, until: datetime, now: datetime) -> None:
    """Let the phone show this page of a link without a line, for a while and never beyond the link's end.

    An answer that does not say so ends what was kept of the link.
    """
    answer["Recoup-Keep"] = str(max(0, int(min(LONGEST, until - now).total_seconds())))
    answer["Recoup-Build"] = build()


@gzip_page
@require_safe
def worker(request: HttpRequest) -> HttpResponseBase:
    """The script, with what this build consists of. It lies beside the links, so it is in charge of them and nothing else."""
    house = {"files": [static(name) for name in files()], "build": build(), "away": reverse("capture:no_line")}
    script = f"self.house = {json.dumps(house)};\n{_read(_SCRIPT).decode()}"
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@require_safe
def no_line(request: HttpRequest) -> HttpResponseBase:
    """What a phone shows in the place of a page that it cannot get."""
    return render(request, "capture/no_line.html", {"site_name": settings.RECOUP_SITE_NAME})


@require_safe
def app(request: HttpRequest) -> HttpResponseBase:
    """The front door as an app on the home screen. It names no link: whoever has the phone in hand comes in with a code."""
    sizes = [("icon.svg", "any", "image/svg+xml"), *((f"icon-{n}.png", f"{n}x{n}", "image/png") for n in (192, 512))]
    icons = [
        {"src": static(name), "sizes": size, "type": kind, "purpose": purpose}
        for name, size, kind in sizes
        for purpose in ("any", "maskable")
    ]
    said: dict[str, Any] = {
        "name": settings.RECOUP_SITE_NAME,
        "id": reverse("capture:front_door"),
        "start_url": reverse("capture:start"),
        "scope": reverse("capture:front_door"),
        "display": "standalone",
        "theme_color": "#f7fbfa",
        "background_color": "#f7fbfa",
        "icons": icons,
    }
    return JsonResponse(said, content_type="application/manifest+json", headers={"Cache-Control": "max-age=3600"})


@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    """Where the app begins: the front door, by a way on which the worker answers when there is no line."""
    return redirect("capture:front_door")


@cache
def files() -> tuple[str, ...]:
    """The build's files that the pages need, without those that are large."""
    manifest = json.loads(_read(".vite/manifest.json"))
    found: dict[str, None] = dict.fromkeys(_FIXED)
    todo, seen = list(_BEGINNINGS), set[str]()
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        entry = manifest[name]
        todo += [*entry.get("imports", []), *entry.get("dynamicImports", [])]
        found |= dict.fromkeys([entry["file"], *entry.get("css", []), *entry.get("assets", [])])
    return tuple(sorted(name for name in found if len(_read(name)) <= _LARGEST))


@cache
def build() -> str:
    """A name for this build: another one as soon as a file of it is another."""
    every = [name.encode() for name in files()] + [_read(name) for name in (*_FIXED, _SCRIPT)]
    return hashlib.sha256(b"\0".join(every)).hexdigest()[:12]


def _read(name: str) -> bytes:
    found = finders.find(name)
    if not found:
        raise NotFound()
    return Path(found).read_bytes()
