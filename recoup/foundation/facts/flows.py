"""What a flow is: a function that follows from a fact, done once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, overload

_key: ContextVar[str] = ContextVar("flow_key")


@dataclass(frozen=True, slots=True)
class Flow:
    """``before`` runs outside any transaction; its result is handed to ``effect``.

    ``slow``: it takes many seconds, so it waits in a lane of its own and never before a customer.
    """

    name: str
    effect: Callable[..., Any]
    before: Callable[[Any], Any] | None = None
    slow: bool = False

    def __call__(self, fact: Any, *seen: Any) -> Any:
        return self.effect(fact, *seen)


@overload
def flow(effect: Callable[..., Any]) -> Flow: ...
@overload
def flow(*, before: Callable[[Any], Any], slow: bool = False) -> Callable[[Callable[..., Any]], Flow]: ...
def flow(
    effect: Callable[..., Any] | None = None, *, before: Callable[[Any], Any] | None = None, slow: bool = False
) -> Any:
    """Make a function a flow, known by its name.

    ``@flow def f(fact)``: the whole of it is one transaction, with the mark that it is done.
    ``@flow(before=look) def f(fact, seen)``: ``look(fact)`` comes first, outside that transaction.
    ``slow=True``: looking takes many seconds.
    """
    if effect is None:
        return lambda made: Flow(made.__name__, made, before, slow)
    return Flow(effect.__name__, effect, before)


@contextmanager
def keyed(key: str) -> Iterator[None]:
    token = _key.set(key)
    try:
        yield
    finally:
        _key.reset(token)


def current_key() -> str:
    """'(fact id)/(flow)' of the running flow: the idempotency key for calls to the outside. LookupError elsewhere."""
    return _key.get()
