"""Where sessions, photos and redacted copies stand."""

from __future__ import annotations

from recoup.kit.moves import Moves

SESSION_MOVES = Moves(
    field="state",
    start="open",
    table={
        "open": {"submit": "submitted", "expire": "expired", "close": "closed"},
        # "Please send one more photo" opens a submitted session again.
        "submitted": {"reopen": "open", "close": "closed"},
        "closed": {},
        "expired": {},
    },
)

PHOTO_MOVES = Moves(
    field="state",
    start="arrived",
    table={
        "arrived": {"accept": "accepted", "ask_again": "retake", "give_up": "unreadable"},
        "accepted": {},
        "retake": {"send_anyway": "accepted"},
        "unreadable": {},
    },
)

COPY_MOVES = Moves(
    field="state",
    start="proposed",
    table={
        "proposed": {"sign": "signed", "reject": "rejected", "redraw": "superseded"},
        "signed": {"redraw": "superseded"},
        "rejected": {"redraw": "superseded"},
        "superseded": {},
    },
)
