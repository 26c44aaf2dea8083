"""What a fact is: a frozen record in the past tense, known by its class name, with nothing personal in it."""

from __future__ import annotations

import dataclasses
import uuid
from datetime import date
from typing import Any, TypeVar, dataclass_transform, get_type_hints

T = TypeVar("T")
_READ: dict[type, Any] = {uuid.UUID: uuid.UUID, str: str, int: int, date: date.fromisoformat}
FACTS: dict[str, type] = {}


@dataclass_transform(frozen_default=True)
def fact(cls: type[T]) -> type[T]:
    """Make ``cls`` a frozen dataclass and register it by its name.

    Fields are uuid.UUID, str, int or datetime.date. Raises TypeError for any other field or a
    name that another fact has.
    """
    made = dataclasses.dataclass(frozen=True)(cls)
    known = FACTS.setdefault(cls.__name__, made)
    if known is not made and known.__module__ != cls.__module__:
        raise TypeError(f"Two facts are called {cls.__name__}: in {known.__module__} and {cls.__module__}.")
    FACTS[cls.__name__] = made
    return made


def fields(cls: type) -> dict[str, type]:
    """Field name → type, in order. Raises TypeError for a field that a fact may not have."""
    hints = get_type_hints(cls)
    for name, kind in hints.items():
        if kind not in _READ:
            raise TypeError(f"{cls.__name__}.{name} is {kind}; a fact holds only UUID, str, int and date.")
    return hints


def body(told: object) -> dict[str, Any]:
    """The fact as JSON values."""
    kinds = fields(type(told))
    return {name: _plain(getattr(told, name), kind, name) for name, kind in kinds.items()}


def _plain(value: Any, kind: type, name: str) -> Any:
    if type(value) is not kind:
        raise TypeError(f"{name} is {value!r}, not {kind.__name__}.")
    return value if kind in (str, int) else str(value)


def rebuild(name: str, stored: dict[str, Any]) -> Any:
    """The fact again, from what ``body`` gave."""
    cls = FACTS[name]
    return cls(**{field: _READ[kind](stored[field]) for field, kind in fields(cls).items()})
