"""The handoff test: each reader green with documents, or red with what is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recoup.domain.claims.rules.handoff import QUESTIONS, GoodsFacts, Handed, HandoffRow, handoff

SIX: dict[str, object] = {
    "party": "Li",
    "product": "K-1",
    "quantity": "3",
    "value": "25.50 USD",
    "label": "24-117",
    "shipment": "SHIP-1",
}
DOCUMENTS: dict[str, dict[str, object]] = {
    kind: {**SIX}
    for kind in (
        "return_record",
        "product_sku",
        "order_date",
        "defect_photos",
        "shipment_batch",
        "redaction_record",
        "claim_summary",
    )
} | {"purchase_order": {**SIX, "quantity": "500", "value": "4250.00 USD", "label": "PO-1"}}
FILE = Handed(
    claimed_minor=2550, accepted_minor=2550, recovered_minor=2550, written_off_minor=0, unmatched_minor=0, receivable_minor=0,
    references=("credit note CN-1",), money="Claimed 25.50 USD.", goods=(GoodsFacts("R-1", "quarantined", 3, 3),), documents=DOCUMENTS,
)  # fmt: skip


def row(reader: str, file: Handed) -> HandoffRow:
    return next(each for each in handoff(file) if each.reader == reader)


def test_a_whole_file_answers_everybody() -> None:
    rows = handoff(FILE)
    assert [each.reader for each in rows] == list(QUESTIONS)
    assert all(each.green and each.answer and each.documents and not each.missing for each in rows)


@pytest.mark.parametrize(
    ("change", "reader", "word"),
    [
        ({"recovered_minor": 2000}, "finance", "still open"),
        ({"unmatched_minor": 5}, "finance", "not matched"),
        ({"receivable_minor": 5}, "finance", "ledger"),
        ({"references": ()}, "finance", "reference"),
        ({"goods": (GoodsFacts("R-1", "awaiting", 0, 3),)}, "warehouse", "on their way"),
        ({"goods": (GoodsFacts("R-1", "in_transit", 0, 3),)}, "warehouse", "on their way"),
        ({"goods": (GoodsFacts("R-1", "dispositioned", 0, 3),)}, "warehouse", "receipt"),
        ({"documents": DOCUMENTS | {"shipment_batch": {}}}, "logistics", "delivery is not known"),
        ({"documents": DOCUMENTS | {"purchase_order": {}}}, "logistics", "purchase order"),
        (
            {"documents": DOCUMENTS | {"claim_summary": {**SIX, "quantity": "4"}}},
            "broker_or_customer",
            "disagree on the quantity",
        ),
        (
            {"documents": DOCUMENTS | {"purchase_order": {**SIX, "party": "Wu"}}},
            "broker_or_customer",
            "disagree on the party",
        ),
        ({"documents": DOCUMENTS | {"redaction_record": {}}}, "broker_or_customer", "redaction record"),
    ],
)
def test_red_says_what_is_missing(change: dict[str, object], reader: str, word: str) -> None:
    found = row(reader, replace(FILE, **change))  # type: ignore[arg-type]
    assert not found.green and not found.answer and not found.documents
    assert word in " ".join(found.missing)


@pytest.mark.parametrize("goods", ["not_expected", "lost"])
def test_goods_that_never_come_need_no_receipt(goods: str) -> None:
    assert row("warehouse", replace(FILE, goods=(GoodsFacts("R-1", goods, 0, 3),))).green


def test_an_orders_whole_quantity_is_no_contradiction() -> None:
    assert row("broker_or_customer", FILE).green
