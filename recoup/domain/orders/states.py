"""The life of one delivery from a channel."""

from recoup.kit.moves import Moves

DELIVERY_MOVES = Moves(
    field="state",
    start="received",
    table={
        "received": {
            "accept": "accepted", "park": "parked", "call_stale": "stale",
            "call_duplicate": "duplicate", "give_up": "dead",
        },
        "parked": {"wake": "received", "give_up": "dead"},
        "dead": {"replay": "received", "call_stale": "stale"},
        "accepted": {},
        "stale": {},
        "duplicate": {},
    },
)  # fmt: skip
