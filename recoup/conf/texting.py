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
        "{setting} {why}. Write the whole address of your gateway into RECOUP_SMS_URL, such as"
        " https://gateway.example/texts, and its token into RECOUP_SMS_TOKEN."
    )


class NoCountry(Refusal):
    code = "conf.no_country"
    status = 503
    sentence = "RECOUP_COUNTRY is “{word}”, but a country has two letters here (ISO 3166), such as DE or GB."


def gateway(url: str) -> str:
    """The gateway's address; '' for none. Raises NoGateway, which never quotes it: an address may carry a key."""
    if not url.strip():
        return ""
    if why := _wrong(url.strip()):
        raise NoGateway(setting="RECOUP_SMS_URL", why=why)
    return url.strip()


def token(word: str) -> str:
    """Raises NoGateway for what cannot stand in a request's header."""
    if not (word.strip().isascii() and word.strip().isprintable()):
        raise NoGateway(setting="RECOUP_SMS_TOKEN", why="has signs in it that no token has")
    return word.strip()


def _wrong(url: str) -> str:
    try:
        read = urlsplit(url)
        known = read.scheme in ("http", "https") and read.hostname and read.port != 0
    except ValueError:  # brackets without an address in them, a port that is no number
        known = False
    if not known or not url.isascii():
        return "is no address of the web"
    if read.scheme == "http" and read.hostname not in _HERE:
        return "has no https, so codes and telephone numbers could be read on their way"
    return "has a name or password in it" if read.username is not None else ""


def country(word: str) -> str:
    """Two capitals; '' for none. Raises NoCountry."""
    tidy = word.strip().upper()
    if not re.fullmatch("([A-Z]{2})?", tidy):
        raise NoCountry(word=word)
    return "GB" if tidy == "UK" else tidy
