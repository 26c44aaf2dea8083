"""What a claim waits for, in a sentence."""

from __future__ import annotations

WAITS_FOR = {
    "drafting": "Evidence is being gathered; answer the decision sentence.",
    "redaction_pending": "Photos have to be signed off, and the decision sentence answered.",
    "ready": "A buyer has to approve or refuse.",
    "approved": "The packet is being built and sent.",
    "sent": "The supplier has not opened the packet yet.",
    "acknowledged": "The supplier has to answer.",
    "question_open": "A question is open.",
    "accepted": "The supplier's credit has to come.",
    "partly_accepted": "The supplier's credit has to come; the rest is open.",
    "disputed": "A buyer has to answer the dispute, or write it off.",
    "refused": "A buyer has to answer the refusal, or write it off.",
    "recovering": "More of the credit has to come, or be matched.",
    "recovered": "The closeout note and the handoff test.",
    "written_off": "The closeout note and the handoff test.",
    "closed": "Nothing; the file is closed.",
}
_NOTHING_LEFT = "It was opened again, and nothing is open on it. A buyer has to write down what is new, or settle it."


def opened_for_nothing(state: str, *, claimed_minor: int, open_minor: int) -> bool:
    """Opened again although everything claimed had come back: the supplier owes neither an answer nor money."""
    return state == "acknowledged" and claimed_minor > 0 and open_minor == 0


def waits_for(state: str, *, claimed_minor: int, open_minor: int) -> str:
    if opened_for_nothing(state, claimed_minor=claimed_minor, open_minor=open_minor):
        return _NOTHING_LEFT
    return WAITS_FOR[state]
