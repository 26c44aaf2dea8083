"""Promises that the database keeps by itself, whoever writes to it."""

from __future__ import annotations

import pgtrigger

from recoup.kit.moves import Moves


def legal_moves(moves: Moves, name: str = "") -> pgtrigger.FSM:
    """A trigger that refuses any change of ``moves.field`` that is not in the table."""
    return pgtrigger.FSM(name=name or f"{moves.field}_moves", field=moves.field, transitions=list(moves.pairs()))


def append_only(name: str = "append_only") -> pgtrigger.Protect:
    """A trigger that refuses UPDATE and DELETE of any row; what is written stays as it was."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)
