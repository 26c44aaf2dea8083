"""What a page will need is named in its answer's head: on a bad line it is asked for before the page itself has come."""

from __future__ import annotations

from django.http import HttpResponse
from django_vite.core.asset_loader import DjangoViteAssetLoader

_NEEDED = {
    "styles/capture.css": "rel=preload; as=style",
    "capture/main.ts": "rel=modulepreload",
    "capture/camera/finder.ts": "rel=modulepreload",  # so that a press opens the camera at once
}


def ask_ahead(answer: HttpResponse) -> HttpResponse:
    loader = DjangoViteAssetLoader.instance()
    answer["Link"] = ", ".join(f"<{loader.generate_vite_asset_url(name)}>; {how}" for name, how in _NEEDED.items())
    return answer
