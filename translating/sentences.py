"""Every sentence that a customer may read, in English, with the places it stands in.

Templates and code mark most of them for gettext. The rest is data that a page translates when it shows it: the gate's
verdicts, the starter's defects and what a refusal says. Those who write it know no Django, so they are read here.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from importlib import import_module
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

from recoup.kit.refusal import Refusal

#: A sentence, or one and its plural.
Sentence = str | tuple[str, ...]
ROOT = Path(__file__).resolve().parents[1]
_MARKS = dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop", "_", "ngettext"))
#: What the customer's pages and the upload door call, and so whose refusals a customer may read.
REFUSING = (
    "recoup.conf.refusals",
    "recoup.web.capture.events",
    "recoup.web.capture.front_door",
    "recoup.web.capture.receiving",
    "recoup.web.capture.upload",
    "recoup.domain.evidence.actions.arrivals",
    "recoup.domain.evidence.actions.judging",
    "recoup.domain.evidence.actions.sessions",
    "recoup.domain.returns.actions.entering",
    "recoup.domain.returns.actions.submitting",
    "recoup.domain.returns.label",
    "recoup.foundation.accounts.codes",
    "recoup.foundation.accounts.queries",
    "recoup.foundation.files.actions",
    "recoup.foundation.files.keys",
    "recoup.vision.unreadable",
    "recoup.kit.moves",
    "recoup.kit.refusal",
    "recoup.kit.tus",
)
#: Said to whoever runs the house or writes a client, not to a customer.
_NOT_THEIRS = {
    "capture.too_many_lines", "capture.no_line",
    "files.key_missing", "files.key_unreadable", "files.offset_moved", "not_allowed",
    "tus.version", "tus.type", "tus.offset", "tus.method", "tus.checksum_algorithm",
}  # fmt: skip


def every() -> dict[Sentence, set[str]]:
    """English → the places it stands in, such as 'recoup/vision/gate_sentences.py'."""
    found: dict[Sentence, set[str]] = {}
    for place, sentences in (*_in_templates(), *_in_code(), *_in_data()):
        for sentence in sentences:
            found.setdefault(sentence, set()).add(place)
    return found


def _in_templates() -> Iterator[tuple[str, Iterable[Sentence]]]:
    for path in sorted((ROOT / "recoup").glob("**/templates/**/*.html")):
        code = templatize(path.read_text("utf-8"))
        # Marks on lines of their own: what was indented in the page would be no Python.
        yield _place(path), _marked("\n".join(line.strip() for line in code.splitlines()))


def _in_code() -> Iterator[tuple[str, Iterable[Sentence]]]:
    for path in sorted((ROOT / "recoup").glob("**/*.py")):
        if "tests" not in path.parts:
            yield _place(path), _marked(path.read_text("utf-8"))


def _marked(code: str) -> Iterator[Sentence]:
    for _line, mark, said, _comments in extract_python(BytesIO(code.encode()), _MARKS, [], {}):
        if mark == "ngettext":
            yield said[0], said[1]
        elif said and isinstance(said, str):
            yield said


def _in_data() -> Iterator[tuple[str, Iterable[Sentence]]]:
    from recoup.domain.defects.starter import STARTER
    from recoup.domain.returns.rules.word import WORDS
    from recoup.vision.file_kinds import OTHERS
    from recoup.vision.gate_sentences import ADVICE, SENTENCES

    yield "recoup/vision/gate_sentences.py", [*SENTENCES.values(), *ADVICE.values()]
    yield "recoup/vision/file_kinds.py", [name for _head, name in OTHERS]
    yield "recoup/domain/returns/rules/word.py", WORDS.values()
    yield "recoup/domain/defects/starter.py", [words for kind in STARTER for words in _of(kind)]
    yield "recoup/domain/evidence/queries.py", ["The customer"]
    yield "recoup/domain/returns/states.py", ["cancel", "appeal", "open", "approved", "refused", "cancelled"]
    for refusal in refusals():
        # "{what}" has no word of its own: what it says is marked where it is raised.
        if refusal.sentence != "{what}" and refusal.code not in _NOT_THEIRS:
            yield refusal.__module__.replace(".", "/") + ".py", [refusal.sentence]


def _of(kind: object) -> Iterator[str]:
    yield kind.name  # type: ignore[attr-defined]
    for shot in kind.shots:  # type: ignore[attr-defined]
        yield shot.instruction


def refusals() -> Iterator[type[Refusal]]:
    for name in REFUSING:
        module = import_module(name)
        for _name, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, Refusal) and kind.__module__ == name:
                yield kind


def _place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
