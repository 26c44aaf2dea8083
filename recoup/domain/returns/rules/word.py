"""The one word a customer sees, derived from the axes; and the agent's short words for a proposal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: Word → what the customer reads.
WORDS = {
    "need_more": "We need one more photo.",
    "looking": "We have your photos and are looking at them.",
    "order_wanted": "We have your photos and are looking for your order.",
    "refused": "We could not approve your return.",
    "cancelled": "You cancelled this return.",
    "send_back": "Your return is approved. Please send the item back.",
    "approved": "Your return is approved.",
    "received": "We have received the item.",
    "money_sent": "Your money has been sent.",
    "credit_given": "Your store credit is ready.",
    "replaced": "Your replacement is on its way.",
}
#: Nothing more is to come.
OVER = ("money_sent", "credit_given", "replaced", "refused", "cancelled")
_PAID = {"refund": "money_sent", "store_credit": "credit_given", "replacement": "replaced"}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one line stands, by axis. ``remedies`` are (kind, state)."""

    decision: str
    goods: str
    remedies: Sequence[tuple[str, str]]


def word(*, lines: Sequence[Standing], waiting_for: str) -> str:
    """Of several lines, the one that asks most of the customer speaks."""
    said = {_of(line, waiting_for) for line in lines}
    return next((each for each in _ORDER if each in said), "looking")


#: What needs the customer first, then what goes on, then what is over.
_ORDER = [
    "need_more", "order_wanted", "looking", "send_back", "approved", "received",
    "money_sent", "credit_given", "replaced", "refused", "cancelled",
]  # fmt: skip


def _of(line: Standing, waiting_for: str) -> str:
    if line.decision == "open":
        # What still lacks when it is a person's turn is for them to see: the customer was asked, and can send nothing now.
        if waiting_for == "customer":
            return "need_more"
        return "order_wanted" if waiting_for == "order" else "looking"
    return line.decision if line.decision != "approved" else _approved(line)


def _approved(line: Standing) -> str:
    if line.goods in ("awaiting", "in_transit"):
        return "send_back"
    paid = [_PAID[kind] for kind, state in line.remedies if state == "settled"]
    if paid:
        return paid[0]
    return "received" if line.goods not in ("not_expected", "lost") else "approved"


def remedy_word(*, kind: str, state: str) -> str:
    """Where a remedy stands, for staff: 'to be paid', 'paid', 'given', 'did not work'."""
    return _STANDS.get((kind, state)) or {"errored": "did not work"}.get(state) or state.replace("_", " ")


_STANDS = {
    ("refund", "posted"): "to be paid",
    ("refund", "settled"): "paid",
    ("store_credit", "settled"): "given",
    ("replacement", "posted"): "to be sent",
    ("replacement", "settled"): "sent",
}


def proposed(*, proposal: str, remedy: str, amount: str) -> str:
    """A proposed decision in words: 'Approve refund of 49.90 EUR'."""
    if proposal == "approve":
        what = remedy.replace("_", " ")
        return f"Approve {what} of {amount}" if amount else f"Approve {what}"
    return "Ask for photos" if proposal == "ask" else "Needs a person"
