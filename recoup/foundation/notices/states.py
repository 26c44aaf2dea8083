"""Where a notice stands."""

from __future__ import annotations

from recoup.kit.moves import Moves

# "give back" is for a notice whose worker died while sending: the next worker takes it up again.
DELIVERY = Moves(
    field="state",
    start="queued",
    table={
        "queued": {"claim": "sending", "fail": "failed", "suppress": "suppressed"},
        "sending": {"send": "sent", "give_back": "queued", "fail": "failed"},
        "failed": {"send_again": "queued"},
        "sent": {},
        "suppressed": {},
    },
)

#: How a notice leaves.
WAYS = ("mail", "text")
AUDIENCES = ("customer", "supplier", "staff", "logistics", "finance")
