"""What a person set for text messages: RECOUP_SMS_URL, such as "https://gateway.example/texts", and RECOUP_COUNTRY."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from recoup.kit.refusal import Refusal

_HERE = {"localhost", "127.0.0.1", "::1"}


class NoGateway(Refusal):
    code = "conf.no_gateway"
    status = 503
    sentence = (
        "RECOUP_SMS_URL {why}. Write the whole address of your gateway, such as https://gateway.example/texts,"
        " and its token in RECOUP_SMS_TOKEN."
    )


class NoCountry(Refusal):
    code = "conf.no_country"
    status = 503
    sentence = "RECOUP_COUNTRY is “{word}”, but a country has two letters here (ISO 3166), such as DE or GB."


def gateway(url: str) -> str:
    """The gateway's address; '' for none. Raises NoGateway, which never quotes it: an address may carry a key."""
    read = urlsplit(url.strip())
    if not url.strip():
        return ""
    if read.scheme not in ("http", "https") or not read.hostname:
        raise NoGateway(why="is no address of the web")
    if read.scheme == "http" and read.hostname not in _HERE:
        raise NoGateway(why="has no https, so codes and telephone numbers could be read on their way")
    if read.username is not None:
        raise NoGateway(why="has a name or password in it")
    return url.strip()


def country(word: str) -> str:
    """Two capitals; '' for none. Raises NoCountry."""
    tidy = word.strip().upper()
    if not re.fullmatch("([A-Z]{2})?", tidy):
        raise NoCountry(word=word)
    return "GB" if tidy == "UK" else tidy
