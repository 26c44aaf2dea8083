from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.channels.csvfile.columns import KINDS, recognise
from recoup.channels.csvfile.references import kind_of, translate
from recoup.domain.catalogue.canonical import PlanDraft, ProductDraft, SerialDraft
from recoup.domain.suppliers.canonical import BatchDraft, POLineDraft, SupplierDraft


def only(text: str):
    file = translate(text.encode())
    assert [problem for row in file.rows for problem in row.problems] == []
    return file.kind, file.rows[0].draft


def test_a_product():
    text = "sku;name;ean;serial_format;warranty_plan;allowed_words\nK;Kettle;4006381333931;SN-\\d+;EU;Aqua|1.7 l\n"
    assert only(text) == ("products", ProductDraft(
        sku="K", name="Kettle", gtin="4006381333931", serial_format="SN-\\d+", warranty_plan="EU",
        allowed_words=("Aqua", "1.7 l"),
    ))  # fmt: skip


def test_a_supplier_with_its_rules():
    text = (
        "supplier,name,currency,contact,email,warranty_months,required_shots,minimum_quantity,minimum_amount,reply_days\n"
        "NB,Ningbo,USD,Li,li@example.com,18,overall|close_up,3,100.00,14\n"
    )
    assert only(text) == ("suppliers", SupplierDraft(
        code="NB", name="Ningbo", currency="USD", contact_name="Li", email="li@example.com", warranty_months=18,
        claim_rules={
            "required_shots": ["overall", "close_up"], "minimum_quantity": 3, "minimum_minor": 10000, "reply_days": 14,
        },
    ))  # fmt: skip


def test_a_line_of_a_purchase_order():
    text = "PO,supplier,order date,currency,pos,sku,qty,unit cost\nPO-7,NB,2025-09-01,USD,10,K,500,7.35\n"
    assert only(text) == ("purchase_orders", POLineDraft(
        number="PO-7", supplier="NB", ordered_date=date(2025, 9, 1), currency="USD", position=10, sku="K", quantity=500,
        unit_cost_minor=735,
    ))  # fmt: skip


def test_a_batch_and_where_it_came_from():
    text = "sku,lot,purchase_order,shipment,received_date,quantity,how\nK,B-1,PO-7,SB-3,2025-11-20,500,scanned\n"
    assert only(text) == ("batches", BatchDraft(
        sku="K", number="B-1", purchase_order="PO-7", shipment="SB-3", received_date=date(2025, 11, 20), quantity=500,
        how="scanned",
    ))  # fmt: skip


def test_a_serial_and_the_order_it_was_sold_on():
    file = translate(b"sku,serial,batch,order,line\nK,SN 1,B-1,A-1,2\n")
    assert (file.kind, file.rows[0].draft) == ("serials", SerialDraft(sku="K", number="SN1", batch="B-1"))
    assert file.rows[0].extra == {"order": "A-1", "line": "2"}


def test_a_warranty_plan():
    text = (
        "plan,version,jurisdiction,contracts_from,months,pro_rata,source\n"
        "EU-24,2,eu,2022-01-01,24,12:100|24:50,2019/771\n"
    )
    assert only(text) == ("plans", PlanDraft(
        code="EU-24", version=2, jurisdiction="EU", contracts_from=date(2022, 1, 1), months=24,
        pro_rata=((12, 100), (24, 50)), source="2019/771",
    ))  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "pointer"),
    [
        ("sku,name\n,Kettle\n", "completeness.sku", "/row/2/sku"),
        ("sku,name\nK,\n", "completeness.name", "/row/2/name"),
        ("supplier,name,currency\nNB,Ningbo,dollar\n", "completeness.currency", "/row/2/currency"),
        ("po,supplier,sku,quantity,unit_cost,currency\nP,NB,K,5,1.00,USD\n", "completeness.ordered_date",
         "/row/2/ordered_date"),
        ("po,supplier,sku,quantity,unit_cost,currency,date\nP,NB,K,x,1.00,USD,2025-01-01\n", "structure.not_a_number",
         "/row/2/quantity"),
        ("sku,batch,how\nK,B,guessed\n", "structure.out_of_range", "/row/2/how"),
        ("sku,batch,made_date\nK,B,1/2/2025\n", "structure.not_a_date", "/row/2/made_date"),
        ("plan,contracts_from,months,source,pro_rata\nP,2022-01-01,24,law,half\n", "structure.not_a_step",
         "/row/2/pro_rata"),
        ("plan,contracts_from,months\nP,2022-01-01,24\n", "completeness.source", "/row/2/source"),
    ],
)  # fmt: skip
def test_each_fault_has_its_place(text, code, pointer):
    row = translate(text.encode()).rows[0]
    assert row.draft is None
    assert (code, pointer) in [(problem.code, problem.pointer) for problem in row.problems]


def test_a_bad_row_does_not_stop_the_good_ones():
    file = translate(b"sku,name\nK,Kettle\n,Lamp\nT,Toaster\n")
    assert [bool(row.draft) for row in file.rows] == [True, False, True]
    assert [row.pointer for row in file.rows] == ["/row/2", "/row/3", "/row/4"]


def test_an_unknown_column_is_told_once():
    file = translate(b"sku,name,colour\nK,Kettle,red\nL,Lamp,blue\n")
    assert [(each.code, each.severity) for each in file.problems] == [("structure.unknown_column", "warn")]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_each_kind_is_known_by_the_columns_it_needs(kind):
    assert recognise(kind.needed) is kind
    assert recognise(kind.columns) is kind


def test_what_cannot_be_told_is_no_kind():
    assert kind_of(b"\x00\x01") == kind_of(b"a,b\n1,2\n") == ""
    assert kind_of(b"order,sku,quantity\nA,K,1\n") == "orders"


@given(st.binary(max_size=200), st.sampled_from(KINDS))
def test_no_bytes_break_it(raw, kind):
    translate(raw)
    translate(",".join(kind.columns).encode() + b"\n" + raw)


def test_a_last_row_that_may_be_cut_off_is_not_taken_in():
    text = "purchase_order,supplier,ordered_date,currency,sku,quantity,unit_cost\nPO-1,S,2026-01-10,USD,LAMP,500,"
    file = translate(f"{text}11.4".encode())
    (row,) = file.rows
    assert row.draft is None
    assert [(each.code, each.pointer) for each in row.problems] == [("structure.cut_off", "/row/2")]
    (whole,) = translate(f"{text}11.40\n".encode()).rows
    assert whole.draft is not None


def test_a_product_twice_on_an_order_needs_positions():
    head = "purchase_order,supplier,ordered_date,currency,sku,quantity,unit_cost,position\n"
    row = "PO-1,S,2026-01-10,USD,LAMP,500,11.40,"
    first, second = translate(f"{head}{row}\n{row}\n".encode()).rows
    assert first.draft is not None
    assert second.draft is None
    assert [(each.code, each.pointer) for each in second.problems] == [("completeness.position", "/row/3/position")]
    assert all(each.draft for each in translate(f"{head}{row}1\n{row}2\n".encode()).rows)
