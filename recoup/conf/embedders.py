"""Whose pages may show the customer's pages within their own: RECOUP_EMBEDDERS, such as "https://shop.example"."""

from __future__ import annotations

import re

from recoup.kit.refusal import Refusal

_ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<host>[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(:(?P<port>\d{1,5}))?")
_HERE = {"localhost", "127.0.0.1", "[::1]"}
_USUAL = {"http": "80", "https": "443"}


class NoOrigin(Refusal):
    code = "conf.no_origin"
    status = 503
    sentence = (
        "RECOUP_EMBEDDERS names the sites that may show our pages in theirs, but “{word}” {why}."
        " Write origins such as https://shop.example, with a space between them."
    )


def origins(words: str) -> list[str]:
    """The origins in the words, each once, as browsers write them. Raises NoOrigin."""
    return list(dict.fromkeys(_origin(word) for word in words.replace(",", " ").split()))


def _origin(word: str) -> str:
    found = _ORIGIN.fullmatch(word.lower().removesuffix("/"))
    if found is None:
        raise NoOrigin(word=word, why="is not the origin of one site: a scheme and a host, no path, no star")
    scheme, host, port = found["scheme"], found["host"], found["port"]
    if scheme == "http" and host not in _HERE:
        raise NoOrigin(word=word, why="has no https, so it could be changed on its way and no camera would open in it")
    return f"{scheme}://{host}" + (f":{port}" if port and port != _USUAL[scheme] else "")
