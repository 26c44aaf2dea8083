"""Where goods came from, as a pure decision: which PO line, how that is known, and how sure it is.

The surest way wins: the unit's serial names its batch; else the batch that the return or the order line names; else,
if only one PO line of the product fits the date the goods left us, that one. What is ambiguous stays unknown, with
the reason in words: a claim on the wrong supplier costs more than one look into the papers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

#: How sure each way of knowing is, 0 … 1: the basis for what a claim may say without a second look.
SURE = {"scanned": 0.99, "declared": 0.9, "allocated": 0.75, "inferred": 0.5}
_BY_DOUBT = list(SURE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A PO line that a batch, or the product, can have come from. ``arrived`` is the earliest date it can be sold."""

    po_line_id: UUID
    supplier_id: UUID
    purchase_order: str
    arrived: date | None
    how: str = "inferred"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``po_line_id`` is None when nobody can say; ``because`` tells why either way."""

    po_line_id: UUID | None
    how: str
    sure: float
    because: str


def from_batch(candidates: Sequence[Candidate], *, batch: str, batch_how: str) -> Verdict:
    """The PO line of a known batch; ``batch_how`` says how the batch itself is known."""
    if not candidates:
        return _unknown(f"Nobody has said on which purchase order batch {batch} came.")
    surest = min(candidates, key=lambda each: _BY_DOUBT.index(each.how))
    rivals = {each.po_line_id for each in candidates if each.how == surest.how}
    if len(rivals) > 1:
        return _unknown(f"Batch {batch} came on {len(rivals)} purchase order lines; the serial or carton must tell.")
    how = max(surest.how, batch_how or "declared", key=_BY_DOUBT.index)
    sentence = f"Batch {batch} came on purchase order {surest.purchase_order}; the link is {how}."
    return Verdict(surest.po_line_id, how, min(SURE[surest.how], SURE[how]), sentence)


def from_dates(candidates: Sequence[Candidate], *, sku: str, left: date | None) -> Verdict:
    """The only PO line of the product that had arrived when the goods left us on ``left``."""
    fitting = [each for each in candidates if left is None or each.arrived is None or each.arrived <= left]
    if not candidates:
        return _unknown(f"No purchase order has {sku} on it.")
    if len(fitting) == 1:
        only = fitting[0]
        said = f"Only purchase order {only.purchase_order} had brought {sku} by then; this is inferred from the dates."
        return Verdict(only.po_line_id, "inferred", SURE["inferred"], said)
    if not fitting:
        return _unknown(f"No purchase order with {sku} had arrived when the goods were sent.")
    return _unknown(f"{len(fitting)} purchase order lines can have brought {sku}; the batch or serial must tell.")


def _unknown(because: str) -> Verdict:
    return Verdict(None, "", 0.0, because)
