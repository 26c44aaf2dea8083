"""One table of legal moves per axis.

The same table gives the desk its buttons, the action its compare-and-set, and (through
``foundation.database.triggers.legal_moves``) the database its trigger, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from recoup.kit.refusal import Refusal


class IllegalMove(Refusal):
    code = "moves.illegal"
    sentence = "“{verb}” is not possible while it is “{state}”. Reload the page to see where it stands."


class MovedMeanwhile(Refusal):
    code = "moves.moved_meanwhile"
    sentence = "Somebody else was faster: it is no longer “{state}”. Reload the page to see where it stands."


class Moves:
    """The moves of one axis: ``{state: {verb: next state}}``; ``field`` is the model field it lives in."""

    def __init__(self, *, field: str, start: str, table: Mapping[str, Mapping[str, str]]) -> None:
        self.field, self.start, self.table = field, start, table
        unknown = {to for moves in table.values() for to in moves.values()} - set(table)
        if start not in table or unknown:
            raise ValueError(f"{field}: states without a row in the table: {sorted(unknown) or start}")

    @property
    def states(self) -> list[str]:
        return list(self.table)

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(state, state.replace("_", " ")) for state in self.table]

    def verbs(self, state: str) -> list[str]:
        """What may be done from here: the desk's buttons."""
        return list(self.table[state])

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Every legal (from, to), each once, for the database's trigger."""
        yield from dict.fromkeys((a, b) for a, moves in self.table.items() for b in moves.values())

    def next(self, state: str, verb: str) -> str:
        try:
            return self.table[state][verb]
        except KeyError:
            raise IllegalMove(verb=verb.replace("_", " "), state=state.replace("_", " ")) from None

    def make(self, row: Any, verb: str, **also: Any) -> str:
        """Move ``row`` by ``verb`` in the database and in memory; returns the state it was in.

        A compare-and-set: the UPDATE carries the old state in its filter, so of two rivals one
        wins and the other gets MovedMeanwhile. ``also`` sets further fields in the same UPDATE.
        """
        was: str = getattr(row, self.field)
        to = self.next(was, verb)
        changed = type(row)._base_manager.filter(pk=row.pk, **{self.field: was}).update(**{self.field: to}, **also)
        if changed != 1:
            raise MovedMeanwhile(state=was.replace("_", " "))
        for name, value in {self.field: to, **also}.items():
            setattr(row, name, value)
        return was
