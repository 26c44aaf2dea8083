"""What changed between two versions of a document, named field by field."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# The fields that decide a claim; a change in one of them is marked.
TYPED = ("party", "product", "quantity", "value", "label", "shipment")


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs; ``marked`` when it is one of the six that decide a claim."""

    field: str
    was: str
    now: str
    marked: bool


def diff_fields(prior: Mapping[str, Any], current: Mapping[str, Any]) -> tuple[Change, ...]:
    """Every field that was added, removed or changed; the six typed ones first, then by name."""
    names = [*TYPED, *sorted((set(prior) | set(current)) - set(TYPED))]
    found = []
    for name in names:
        was, now = prior.get(name, ""), current.get(name, "")
        if was != now:
            found.append(Change(name, said(was), said(now), name in TYPED))
    return tuple(found)


def said(value: Any) -> str:
    """A field's value as a person reads it in one line."""
    match value:
        case None | "":
            return ""
        case str():
            return value
        case Mapping():
            return ", ".join(
                f"{name.replace('_', ' ')} {said(each)}" for name, each in value.items() if each not in ("", None, [])
            )
        case list() | tuple():
            return "; ".join(said(each) for each in value)
    return str(value)


def content_hash(fields: Mapping[str, Any]) -> str:
    """SHA-256 in hex over the fields as JSON with sorted keys: equal content, equal hash."""
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
