"""The handoff test: can each reader find their answer in the file alone? Green with the documents, or red with what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

QUESTIONS = {
    "finance": "Can finance explain the payment?",
    "logistics": "Can logistics identify the shipment record?",
    "warehouse": "Can the warehouse receive or dispose without guessing?",
    "broker_or_customer": "Can the broker or the customer read one consistent story?",
}
# Which documents must say the same, field by field. (An order's whole quantity is no contradiction to a claim's.)
COMPARED = {
    "party": ("purchase_order", "shipment_batch", "claim_summary"),
    "product": ("return_record", "product_sku", "purchase_order", "shipment_batch", "claim_summary"),
    "quantity": ("return_record", "claim_summary"),
    "value": ("return_record", "claim_summary"),
    "label": ("return_record", "shipment_batch", "claim_summary"),
    "shipment": ("shipment_batch", "claim_summary"),
}


@dataclass(frozen=True, slots=True)
class HandoffRow:
    """One reader's question. Green: ``answer`` and the ``documents`` that give it; red: ``missing`` says what to add."""

    reader: str
    question: str
    green: bool
    answer: str
    documents: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoodsFacts:
    """Where one line's goods are: the goods axis, and how many units were taken in with a grade.

    ``others``: taken in, but not the announced item. ``gap``: what came otherwise than claimed, in a few words,
    while nobody has said that the line stays.
    """

    case: str
    goods: str
    received: int
    quantity: int
    others: int = 0
    gap: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """The file, as far as the test needs it. Amounts in minor units; ``documents``: kind → the current version's fields."""

    claimed_minor: int
    accepted_minor: int
    recovered_minor: int
    written_off_minor: int
    unmatched_minor: int
    receivable_minor: int
    references: tuple[str, ...]
    money: str
    goods: tuple[GoodsFacts, ...]
    documents: Mapping[str, Mapping[str, object]]


def handoff(file: Handed) -> tuple[HandoffRow, ...]:
    """The four rows, always in the order of QUESTIONS."""
    return (_finance(file), _logistics(file), _warehouse(file), _story(file))


def _row(reader: str, missing: Sequence[str], answer: str, documents: Sequence[str]) -> HandoffRow:
    green = not missing
    return HandoffRow(
        reader, QUESTIONS[reader], green, answer if green else "", tuple(documents) if green else (), tuple(missing)
    )


def _finance(file: Handed) -> HandoffRow:
    missing = []
    open_minor = file.claimed_minor - file.recovered_minor - file.written_off_minor
    if open_minor:
        missing.append("Part of the claim is still open: record what came back, or write it off with a reason.")
    if file.unmatched_minor:
        missing.append("A credit is not matched to lines yet.")
    if file.receivable_minor:
        missing.append("The ledger still shows money owed for this claim.")
    if file.recovered_minor and not file.references:
        missing.append("No credit note, payment or other reference explains the money.")
    return _row("finance", missing, file.money, ["claim_summary", "supplier_response", "purchase_order"])


def _logistics(file: Handed) -> HandoffRow:
    shipment = file.documents.get("shipment_batch", {})
    order = file.documents.get("purchase_order", {})
    missing = []
    if not shipment.get("shipment"):
        missing.append("The delivery is not known: tie the batch to a shipment of this purchase order.")
    if not shipment.get("label"):
        missing.append("The batch is not known: read it from a label or allocate it.")
    if not order.get("label"):
        missing.append("The purchase order is not in the file.")
    answer = f"Shipment {shipment.get('shipment')}, batch {shipment.get('label')}, purchase order {order.get('label')}."
    return _row("logistics", missing, answer, ["shipment_batch", "purchase_order"])


_PLACED = ("not_expected", "quarantined", "inspected", "dispositioned", "lost")


def _warehouse(file: Handed) -> HandoffRow:
    missing = [
        f"{each.case}: the goods are still on their way. Receive them, or mark them lost on the page of the case."
        for each in file.goods
        if each.goods not in _PLACED
    ]
    for each in file.goods:
        if each.goods in ("quarantined", "inspected", "dispositioned") and not each.received + each.others:
            missing.append(f"{each.case}: there is no receipt with a grade.")
        if each.gap:
            missing.append(f"{each.case}: {each.gap}. Under “What happened?” say why the line stays in the claim.")
    return _row("warehouse", missing, _whereabouts(file.goods), ["return_record", "product_sku"])


def _whereabouts(goods: Sequence[GoodsFacts]) -> str:
    """Every announced unit accounted for, and every one that came without being announced."""
    units = sum(each.quantity for each in goods)
    came = sum(min(each.received, each.quantity) for each in goods)
    here = [each for each in goods if each.goods not in ("not_expected", "lost")]
    others = {
        "not expected back": sum(each.quantity for each in goods if each.goods == "not_expected"),
        "lost": sum(each.quantity for each in goods if each.goods == "lost"),
        "missing from the parcel": sum(max(each.quantity - each.received, 0) for each in here),
        "of something else, as the receipt's note says": sum(each.others for each in goods),
        "more than announced, as the receipt's note says": sum(max(each.received - each.quantity, 0) for each in here),
    }
    told = [f"{count} {words}" for words, count in others.items() if count]
    return f"{'; '.join([f'{came} of {units} units were taken in, each with a grade and a bin', *told])}."


def _story(file: Handed) -> HandoffRow:
    missing = []
    for field, kinds in COMPARED.items():
        said = {kind: str(file.documents.get(kind, {}).get(field, "")) for kind in kinds}
        spoken = {kind: text for kind, text in said.items() if text}
        if len(set(spoken.values())) > 1:
            words = ", ".join(f"{kind.replace('_', ' ')} says “{text}”" for kind, text in spoken.items())
            missing.append(f"The documents disagree on the {field}: {words}.")
    for kind in ("return_record", "order_date", "defect_photos", "redaction_record", "claim_summary"):
        if not file.documents.get(kind):
            missing.append(f"The document “{kind.replace('_', ' ')}” is not in the file.")
    answer = "Return record, purchase order, shipment and claim summary name the same party, product, quantity, value and label."
    return _row(
        "broker_or_customer", missing, answer, ["return_record", "order_date", "defect_photos", "claim_summary"]
    )
