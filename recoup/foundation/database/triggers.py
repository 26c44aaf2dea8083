"""Promises that the database keeps by itself, whoever writes to it."""

from __future__ import annotations

import pgtrigger

from recoup.kit.moves import Moves


def legal_moves(moves: Moves, name: str = "") -> pgtrigger.FSM:
    """A trigger that refuses any change of ``moves.field`` that is not in the table."""
    return pgtrigger.FSM(name=name or f"{moves.field}_moves", field=moves.field, transitions=list(moves.pairs()))


def append_only(name: str = "append_only") -> list[pgtrigger.Trigger]:
    """Triggers that refuse UPDATE and DELETE of any row, and TRUNCATE of all; what is written stays as it was."""
    emptied = "RAISE EXCEPTION 'pgtrigger: Cannot truncate % table', TG_TABLE_NAME;"
    return [
        pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name=f"{name}_whole",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func=emptied,
        ),
    ]
