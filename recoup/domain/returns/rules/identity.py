"""Check 1: does the order belong to whoever returns it?"""

from __future__ import annotations

from recoup.domain.returns.rules.answer import Answer

_KNOWN = {
    "link": ("pass", "The link was made for this order."),
    "agent": ("pass", "A person tied this return to the order."),
    "number": ("unsure", "The order was found by the number the customer typed. Check that it is theirs before you decide."),
    "": ("unsure", "We do not know yet which order this belongs to."),
}  # fmt: skip


def check_identity(*, how: str) -> Answer:
    """``how`` the order was tied to the return: link, agent, number (as typed by the customer), '' for not at all."""
    result, sentence = _KNOWN[how]
    return Answer("identity", result, sentence, {"order_known_by": how or None})  # type: ignore[arg-type]
