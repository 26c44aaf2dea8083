"""Where a stored file stands, and how long its kind is kept."""

from __future__ import annotations

from recoup.kit.moves import Moves

FILE_MOVES = Moves(
    field="state",
    start="open",
    table={
        "open": {"complete": "complete", "discard": "gone"},
        "complete": {"discard": "gone"},
        "gone": {},
    },
)

RETENTIONS = ("original", "derived", "packet", "document")
