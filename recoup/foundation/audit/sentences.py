"""The sentence for each verb: what a person reads in the trail.

Each concept keeps its own dict and registers it in its AppConfig.ready. ``{actor}`` and ``{was}``
are always there to fill in; everything else comes from the record's facts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

SENTENCES: dict[str, str] = {}


def register(sentences: Mapping[str, str]) -> None:
    """Add a concept's sentences. Raises ValueError when a verb has another sentence already."""
    for verb, sentence in sentences.items():
        if SENTENCES.setdefault(verb, sentence) != sentence:
            raise ValueError(f"Two sentences for {verb}.")


def fill(verb: str, *, actor: str, was: str, facts: Mapping[str, Any]) -> str:
    """The sentence of a new record. Raises KeyError for an unknown verb or a missing fact: both are bugs."""
    return SENTENCES[verb].format_map(words(actor, was, facts))


def read(verb: str, *, actor: str, was: str, facts: Mapping[str, Any]) -> str:
    """The sentence of an old record; forgiving, because sentences change and records do not."""
    sentence = SENTENCES.get(verb, "{actor}: " + verb.replace("{", "").replace("}", ""))
    return sentence.format_map(defaultdict(lambda: "…", words(actor, was, facts)))


def words(actor: str, was: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    return {**facts, "actor": actor, "was": was.replace("_", " ")}
