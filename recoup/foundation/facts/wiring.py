"""Which flows follow from which fact, as ``recoup.flows.wiring`` says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from recoup.foundation.facts.flows import Flow
from recoup.foundation.facts.registry import FACTS, fields

FLOWS: dict[str, Flow] = {}
_FOLLOWING: dict[str, list[str]] = {}


def wire(table: Mapping[type, Sequence[Flow]]) -> None:
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
    FLOWS.clear()
    FLOWS.update(flows)
    _FOLLOWING.clear()
    _FOLLOWING.update(following)


def following(name: str) -> list[str]:
    """Names of the flows that follow from the fact of that name, in the table's order."""
    return _FOLLOWING.get(name, [])
