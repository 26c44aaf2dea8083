"""How a record becomes a hash: pure, so that anybody can check a chain with the rows alone."""

from __future__ import annotations

import datetime
import enum
import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from recoup.kit.money import Money


@dataclass(frozen=True, slots=True)
class Entry:
    """What a record says, and the hash it follows ('' for the first)."""

    subject_type: str
    subject_id: str
    position: int
    verb: str
    actor_kind: str
    actor_id: str
    actor_name: str
    was: str
    facts: Mapping[str, Any]
    at: datetime.datetime
    previous_hash: str


def digest(entry: Entry) -> str:
    """SHA-256 in hex over the entry as JSON with sorted keys, no spaces, the time in UTC."""
    body = asdict(entry) | {"at": entry.at.astimezone(datetime.UTC).isoformat(timespec="microseconds")}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def plain(value: Any) -> Any:
    """The value as JSON that PostgreSQL's jsonb gives back unchanged.

    Money becomes '49.90 EUR', times and ids their text, a float its text (jsonb would rewrite
    '1e16'). Raises TypeError for what has no such form.
    """
    match value:
        case enum.Enum():
            return plain(value.value)
        case None | bool() | int():
            return value
        case str():
            return writable(value)
        case float() | Money() | uuid.UUID():
            return str(value)
        case datetime.date() | datetime.time():
            return value.isoformat()
        case Mapping():
            return {writable(str(key)): plain(each) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(each) for each in (sorted(value) if isinstance(value, (set, frozenset)) else value)]
    raise TypeError(f"The audit cannot keep a {type(value).__name__}; pass its text or its id.")


def writable(text: str) -> str:
    """The text without what PostgreSQL refuses to store: NUL, and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
