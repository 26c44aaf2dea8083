"""What a notice says: a small text file in the concept's ``notices/<language>/<name>.txt``; of a text message, ``<name>.sms.txt``.

Its first line is the subject (what pages call a text message, which has none), the rest after an empty line is the body,
both in Django's template language without HTML escaping. ``{{ site_name }}``, ``{{ address }}``, its ``{{ host }}`` and the
lines of ``return_address`` are always there; a ``{{ fact }}`` that was not given is a bug (ask for one that may be missing
with ``{% if %}``). Amounts of money are written as the language does; words that the house starts with, such as a defect's
name, are put into it with ``{% translate %}``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.template import Context, Engine, Template
from django.utils import translation
from django.utils.html import escape, linebreaks, urlize

from recoup.foundation.notices import segments
from recoup.kit.money import Money

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wording:
    subject_line: str
    body_text: str
    language: str


class WordingMissing(LookupError):
    """There is no such text file: a bug of the concept that wants to send it."""


class _Unknown(str):
    """What the engine fills in for an unknown fact: an error."""

    def __contains__(self, part: object) -> bool:
        return part == "%s"

    def __mod__(self, name: Any) -> str:
        raise KeyError(f"The wording asks for “{name}”, which was not given.")


def write(*, concept: str, name: str, language: str, facts: dict[str, Any], way: str = "mail") -> Wording:
    """The words for these facts, in the language or the nearest one there is ('de-AT', 'de', then 'en').

    ``concept`` is an app label; ``way`` is mail or text. Raises WordingMissing, and KeyError for a fact that was not given.
    """
    found, template = _template(concept, f"{name}.sms" if way == "text" else name, language)
    known = {
        "site_name": settings.RECOUP_SITE_NAME,
        "address": settings.RECOUP_ADDRESS,
        "host": urlsplit(settings.RECOUP_ADDRESS).hostname or "",
        "return_address": settings.RECOUP_RETURN_ADDRESS,
    }
    told = {name: fact.written(found) if isinstance(fact, Money) else fact for name, fact in facts.items()}
    with translation.override(found):
        text = template.render(Context(known | told, autoescape=False)).strip()
    subject_line, _, body = text.partition("\n")
    if way == "text":
        body = segments.plain(body)
    return Wording(subject_line=" ".join(subject_line.split())[:250], body_text=_settled(body), language=found)


def as_html(*, text: str, title: str, language: str) -> str:
    """The same words as a plain page: paragraphs, and links that can be tapped."""
    body = linebreaks(urlize(text, nofollow=False, autoescape=True))
    return (
        f'<!doctype html><html lang="{escape(language)}"{_direction(language)}><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)}</title></head>"
        '<body style="font:17px/1.5 system-ui,sans-serif;max-width:34em;margin:24px auto;padding:0 16px">'
        f"{body}</body></html>"
    )


def _direction(language: str) -> str:
    return ' dir="rtl"' if language.partition("-")[0] in settings.LANGUAGES_BIDI else ""


def _settled(body: str) -> str:
    """Lines without trailing space, and never more than one empty line: template tags leave holes."""
    lines = "\n".join(line.rstrip() for line in body.replace("\x00", "").splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


def _template(concept: str, name: str, language: str) -> tuple[str, Template]:
    for candidate in _nearest(language):
        if template := _load(_folder(concept) / candidate / f"{name}.txt"):
            return candidate, template
    raise WordingMissing(f"{concept} has no wording “{name}” in notices/en/.")


def _nearest(language: str) -> list[str]:
    tidy = language.lower() if _LANGUAGE.fullmatch(language) else "en"
    return list(dict.fromkeys([tidy, tidy.partition("-")[0], "en"]))


def _folder(concept: str) -> Path:
    return Path(apps.get_app_config(concept).path) / "notices"


@lru_cache(maxsize=256)
def _load(path: Path) -> Template | None:
    if not path.is_file():
        return None
    words = ["django.templatetags.i18n"]
    engine = Engine(autoescape=False, builtins=words, string_if_invalid=_Unknown("a fact that was not given"))
    return engine.from_string(path.read_text("utf-8"))
