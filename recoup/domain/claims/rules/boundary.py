"""The limits of a buyer's yes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from recoup.kit.money import Money

STEPS = {"send_packet": "send the packet", "send_packet_and_ask": "send the packet and ask the question"}
KINDS = {"exception": "for this shipment only", "instruction": "from now on"}


@dataclass(frozen=True, slots=True)
class Boundary:
    """What exactly is approved: this step, on this order, on this version of the claim summary, up to this amount.

    ``evidence_due`` says what must still come, by ``evidence_due_date``. The yes ends at ``expires_at``.
    """

    purchase_order: str
    document_version: int
    amount: Money
    expires_at: datetime
    step: str = "send_packet"
    kind: str = "exception"
    evidence_due: str = ""
    evidence_due_date: date | None = None

    def stored(self) -> dict[str, Any]:
        return {
            "step": self.step,
            "purchase_order": self.purchase_order,
            "document_version": self.document_version,
            "evidence_due": self.evidence_due,
            "evidence_due_date": self.evidence_due_date.isoformat() if self.evidence_due_date else "",
            "kind": self.kind,
            "amount_minor": self.amount.minor,
            "currency": self.amount.currency,
        }


def said(stored: Mapping[str, Any]) -> str:
    """A stored boundary in one sentence."""
    amount = Money(stored["amount_minor"], stored["currency"])
    text = (
        f"To {STEPS[stored['step']]} on {stored['purchase_order']}, claim summary version {stored['document_version']}, "
        f"up to {amount}, {KINDS[stored['kind']]}"
    )
    due = stored.get("evidence_due", "")
    by = f" by {stored['evidence_due_date']}" if stored.get("evidence_due_date") else ""
    return f"{text}; still due: {due}{by}." if due else f"{text}."


def problem(
    boundary: Boundary,
    *,
    purchase_order: str,
    document_version: int,
    claimed: Money,
    limit: Money | None,
    now: datetime,
) -> str:
    """What is wrong with the boundary, in a sentence; '' when it holds."""
    if boundary.step not in STEPS or boundary.kind not in KINDS:
        return "Choose a step, and whether this is an exception or an instruction."
    if boundary.purchase_order != purchase_order:
        return f"This claim is about {purchase_order}. Approve it for that purchase order."
    if boundary.document_version != document_version:
        return f"The claim summary is at version {document_version} now. Read it, then approve that version."
    if boundary.expires_at <= now:
        return "The boundary has ended before it began. Choose a later date."
    if boundary.evidence_due_date and boundary.evidence_due_date < now.date():
        return "The day by which evidence is due has passed. Choose a later one."
    return _amount_problem(boundary.amount, claimed, limit)


def _amount_problem(amount: Money, claimed: Money, limit: Money | None) -> str:
    if amount.currency != claimed.currency:
        return f"The claim is in {claimed.currency}. Give the boundary in {claimed.currency}."
    if amount < claimed:
        return f"The claim asks for {claimed}, more than the boundary of {amount}. Raise the boundary, or take lines out under “What happened?”."
    if limit is not None and limit.currency != claimed.currency:
        return f"Your limit is set in {limit.currency} and the claim is in {claimed.currency}. Ask a buyer with a limit in that currency."
    if limit is not None and limit < claimed:
        return f"The claim of {claimed} is above your limit of {limit}. Ask a buyer with a higher limit."
    return ""
