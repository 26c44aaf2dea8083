"""No sentence reaches a customer in another language than theirs: every one is found, translated, whole and shipped."""

from __future__ import annotations

import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest

from recoup.kit.refusal import Refusal
from recoup.web import capture
from translating import catalogues, sentences

EACH = pytest.mark.parametrize("language", catalogues.LANGUAGES)
TEMPLATES = sorted((sentences.ROOT / "recoup/web/capture/templates").rglob("*.html"))


@EACH
def test_every_sentence_is_in_the_catalogue_and_translated(language: str) -> None:
    found = catalogues.read(language)
    assert set(found) == set(sentences.every()), "Run script/messages."
    assert catalogues.untranslated(found) == []


@EACH
def test_a_translation_fills_in_the_same_facts(language: str) -> None:
    assert catalogues.misplaced(catalogues.read(language)) == []


def test_a_lost_or_invented_fact_is_seen() -> None:
    wrong: catalogues.Words = {"{sent} of {all}": ("{sent} von {alle}",), "Return %(number)s": ("Rücksendung",)}
    right: catalogues.Words = {("{n} try", "{n} tries"): ("ein Versuch", "{n} Versuche"), "Yes": ()}
    assert len(catalogues.misplaced(wrong | right)) == 2
    assert catalogues.untranslated(wrong | right) == ["Yes"]


@EACH
def test_what_is_shipped_was_made_from_what_is_written(language: str) -> None:
    assert catalogues.shipped(language) == catalogues.read(language), "Run script/messages."


def test_whatever_a_customers_address_refuses_is_among_the_refusals() -> None:
    """A new refusal of these audiences' own must not be forgotten in the list of modules."""
    for found in pkgutil.iter_modules(capture.__path__, f"{capture.__name__}."):
        if not found.ispkg:
            import_module(found.name)
    modules = {kind.__module__ for kind in _all(Refusal)}
    theirs = {each for each in modules if each.startswith(("recoup.web.capture.", "recoup.vision.unreadable"))}
    assert {each for each in theirs if ".tests." not in each} <= set(sentences.REFUSING)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_says_nothing_that_is_not_translated(path: Path) -> None:
    assert bare_words(path.read_text("utf-8")) == []


def test_bare_words_are_seen() -> None:
    page = '{% translate "Yes" %}<p title="No, sir">{{ name }} said {# not this #}<b>{% blocktranslate %}x{% endblocktranslate %}</b></p>'
    assert bare_words(page) == ["said", "No, sir"]


def bare_words(page: str) -> list[str]:
    """Words in the text of a page, or in an attribute that is read aloud or shown, that no tag translates."""
    page = re.sub(r"(?s)\{% (comment|blocktranslate).*?%\}.*?\{% end\1 %\}|\{#.*?#\}", "", page)
    page = re.sub(r"\{% block \w+_attributes %\}.*?\{% endblock %\}", "", page)
    page = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", page)
    texts = re.split(r"(?s)<[^>]*>", page)
    texts += re.findall(r'(?:title|alt|placeholder|aria-label|data-words|data-say-[\w-]*)="([^"]*)"', page)
    return [text.strip() for text in texts if re.search(r"[^\W\d_]{2}", text)]


def _all(kind: type[Refusal]) -> list[type[Refusal]]:
    return [each for sub in kind.__subclasses__() for each in (sub, *_all(sub))]
