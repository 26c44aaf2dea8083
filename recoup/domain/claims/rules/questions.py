"""The specific questions that may be asked of a supplier. Broad ones are not offered: they get no answer."""

from __future__ import annotations

CATALOGUE: dict[str, str] = {
    "corrected_invoice_line": "Please send the corrected invoice line for this purchase order.",
    "party_relationship_note": "Please state in one note how the parties named on the documents are related.",
    "carton_photo": "Please send a photo of the carton label of this batch as it left your works.",
    "serial_or_lot_map": "Please send the list of serial or lot numbers that belong to this batch.",
    "broker_acceptance": "Please send your broker's acceptance of the corrected documents.",
    "responsibility_statement": "Please state in writing whether you take responsibility for this defect, and for which units.",
}


def sentence(kind: str, detail: str = "") -> str:
    """The question as it is put. Raises KeyError for a kind that is not in the catalogue."""
    return f"{CATALOGUE[kind]} {detail}".strip()
