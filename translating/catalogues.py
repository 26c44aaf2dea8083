"""The catalogues in recoup/locale: the .po that people write, and the .mo that is made from it and shipped beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

from translating.sentences import ROOT, Sentence

#: A sentence → what it is in another language: one form, or one for each of its plurals; none when nobody said yet.
Words = dict[Sentence, tuple[str, ...]]
FOLDER = ROOT / "recoup" / "locale"
LANGUAGES = ("de", "ar")
# Neither who ran what when, nor which version of Babel: a change of a catalogue is a change of its words.
_SAID = re.compile(
    rb'^"(?!Language:|Content-Type:|Plural-Forms:|MIME-Version:|Content-Transfer-Encoding:)[\w-]+: .*\n', re.M
)
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_PLACEHOLDER = re.compile(r"%\(\w+\)\w|\{\w+\}")


def po(language: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / "django.po"


def mo(language: str) -> Path:
    return po(language).with_suffix(".mo")


def read(language: str) -> Words:
    """Every sentence of the .po with what it is in this language; a fuzzy guess counts as nothing."""
    return words(_parsed(language))


def words(catalogue: Catalog) -> Words:
    return {_sentence(each): () if each.fuzzy else _forms(each) for each in catalogue if each.id}


def renew(language: str, sentences: Mapping[Sentence, set[str]]) -> list[Sentence]:
    """Write both files with exactly these sentences, keep what is translated, and give back what was dropped."""
    kept = read(language)
    title = f"# What a customer reads, in {language}; script/messages keeps it."
    new = Catalog(locale=language, header_comment=title, fuzzy=False)
    for sentence, places in sentences.items():
        forms = kept.get(sentence, ())
        string = forms if isinstance(sentence, tuple) else "".join(forms)
        new.add(sentence, string or None, locations=[(place, 0) for place in sorted(places)])
    po(language).parent.mkdir(parents=True, exist_ok=True)
    written = BytesIO()
    write_po(written, new, width=0, include_lineno=False)
    po(language).write_bytes(_SAID.sub(b"", written.getvalue()))
    _compile(language)
    return [sentence for sentence in kept if sentence not in sentences]


def shipped(language: str) -> Words:
    """What the .mo says, in the form of ``read``."""
    with mo(language).open("rb") as file:
        return words(read_mo(file))


def untranslated(found: Words) -> list[Sentence]:
    return [sentence for sentence, forms in found.items() if not forms or not all(forms)]


def misplaced(found: Words) -> list[str]:
    """Translations that lose or invent a placeholder. One of several plural forms may say its number in a word."""
    return [f"{sentence} → {forms}" for sentence, forms in found.items() if all(forms) and not _same(sentence, forms)]


def _same(sentence: Sentence, forms: tuple[str, ...]) -> bool:
    if isinstance(sentence, tuple):
        wanted = set(_PLACEHOLDER.findall(" ".join(sentence)))
        return all(set(_PLACEHOLDER.findall(form)) <= wanted for form in forms)
    return all(sorted(set(_PLACEHOLDER.findall(form))) == sorted(set(_PLACEHOLDER.findall(sentence))) for form in forms)


def _parsed(language: str) -> Catalog:
    text = po(language).read_bytes() if po(language).exists() else b""
    return read_po(BytesIO(text), locale=language)


def _compile(language: str) -> None:
    catalogue = _parsed(language)
    catalogue.creation_date = catalogue.revision_date = _LONG_AGO
    with mo(language).open("wb") as file:
        write_mo(file, catalogue)


def _sentence(message: Message) -> Sentence:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def _forms(message: Message) -> tuple[str, ...]:
    if isinstance(message.string, str):
        return (message.string,) if message.string else ()
    return tuple(message.string or ())
