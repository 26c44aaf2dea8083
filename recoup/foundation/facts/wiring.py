"""Which flows follow from which fact, as ``recoup.flows.wiring`` says.

The table is read when it is first needed, because flows bring the pixel libraries along and every
command and page would otherwise load them at its start.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence

from recoup.foundation.facts.flows import Flow
from recoup.foundation.facts.registry import FACTS, fields

Table = Mapping[type, Sequence[Flow]]

FLOWS: dict[str, Flow] = {}
FOLLOWING: dict[str, list[str]] = {}
_sources: list[Callable[[], Table]] = []
_reading = threading.Lock()


def wire_from(source: Callable[[], Table]) -> None:
    """Have the table read from ``source`` when it is first needed."""
    _sources[:] = [source]


def load() -> None:
    """Read the table now, if it was not read yet. Raises what ``wire`` raises."""
    with _reading:
        if _sources:
            wire(_sources[0]())


def wire(table: Table) -> None:
    """Take over the whole table. Raises ValueError for a class that is no fact or two flows of one name."""
    flows: dict[str, Flow] = {}
    following: dict[str, list[str]] = {}
    for told, wired in table.items():
        if FACTS.get(told.__name__) is not told:
            raise ValueError(f"{told.__name__} is not a fact.")
        fields(told)
        for one in wired:
            if flows.setdefault(one.name, one) is not one:
                raise ValueError(f"Two flows are called {one.name}.")
        following[told.__name__] = [one.name for one in wired]
    _sources.clear()
    FLOWS.clear()
    FLOWS.update(flows)
    FOLLOWING.clear()
    FOLLOWING.update(following)


def following(name: str) -> list[str]:
    """Names of the flows that follow from the fact of that name, in the table's order."""
    load()
    return FOLLOWING.get(name, [])


def is_slow(name: str) -> bool:
    """Whether the flow of that name takes many seconds."""
    found = flow_named(name)
    return found is not None and found.slow


def flow_named(name: str) -> Flow | None:
    """The flow of that name, or None when this version knows none."""
    load()
    return FLOWS.get(name)
