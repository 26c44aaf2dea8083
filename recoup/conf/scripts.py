"""What a script of ours may do where it is on its own: a worker has no page whose rules it would stand under."""

from __future__ import annotations

import re
from collections.abc import MutableMapping

#: Reads codes with WebAssembly, and no page of ours may run any (ADR 0015). It fetches that, and nothing else, from us.
_READER = re.compile(r"/assets/reading-[0-9A-Za-z_-]{8}\.js$")
_READERS_RULES = "default-src 'none'; script-src 'wasm-unsafe-eval'; connect-src 'self'"


def static_headers(headers: MutableMapping[str, str], path: str, url: str) -> None:
    """Called by WhiteNoise for every file that it serves."""
    if _READER.search(url):
        headers["Content-Security-Policy"] = _READERS_RULES
