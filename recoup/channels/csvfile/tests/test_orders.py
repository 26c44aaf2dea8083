from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.channels.kinds import kind
from recoup.channels.reading import ChannelSettings
from recoup.domain.orders.canonical import Reading

GOOD = """order,placed_at,email,customer,currency,sku,title,quantity,price,tax,shipping,total,country
A-1,2026-01-05,ada@example.com,Ada,EUR,KETTLE,Kettle,2,24.95,7.97,4.90,64.80,DE
A-1,,,,,LAMP,Lamp,1,10.00,1.60,,,
A-2,2026-01-06T10:00:00+01:00,bob@example.com,Bob,EUR,LAMP,Lamp,1,10.00,1.60,,,AT
"""


def read(text: str | bytes) -> list[Reading]:
    files = kind("csvfile")
    raw = text.encode() if isinstance(text, str) else text
    return [files.translate(part.body, ChannelSettings(time_zone="Europe/Berlin")) for part in files.split(raw)]


def problems(text: str | bytes) -> list[tuple[str, str, str]]:
    return [(each.code, each.pointer, each.severity) for reading in read(text) for each in reading.problems]


def test_rows_of_one_order_are_its_lines():
    first, second = (reading.order for reading in read(GOOD))
    assert first is not None
    assert second is not None
    assert problems(GOOD) == []
    assert (first.number, first.customer.email) == ("A-1", "ada@example.com")
    assert (first.currency, first.country) == ("EUR", "DE")
    assert [(line.sku, line.quantity, line.paid_minor, line.tax_minor) for line in first.lines] == [
        ("KETTLE", 2, 4990, 797), ("LAMP", 1, 1000, 160),
    ]  # fmt: skip
    assert (first.total_minor, first.summed_minor) == (6480, 6480)
    assert first.placed_at == datetime(2026, 1, 5, 11, tzinfo=UTC)
    assert (second.number, second.total_minor, second.payment) == ("A-2", 1000, "paid")


@pytest.mark.parametrize("mark", [";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_however_it_was_saved(mark, encoding):
    cells = list(csv.reader(io.StringIO(GOOD)))
    out = io.StringIO()
    csv.writer(out, delimiter=mark).writerows(cells)
    assert [reading.order for reading in read(out.getvalue().encode(encoding))] == [each.order for each in read(GOOD)]


def test_windows_letters_are_read_with_a_warning():
    raw = GOOD.replace("Ada,", "Zoë,").encode("cp1252")
    first = read(raw)[0].order
    assert first is not None
    assert first.customer.name == "Zoë"
    # The rows of each order are written on as UTF-8, so it is the file that is told of.
    assert kind("csvfile").translate(raw, ChannelSettings()).problems[0].code == "structure.several_orders"


def test_headers_as_other_programs_write_them():
    text = GOOD.replace("order,placed_at,email", "Bestellnummer,Order Date,E-Mail")
    text = text.replace("quantity,price", "Qty,Unit Price")
    known = [reading.order for reading in read(GOOD)]
    assert [each.order.lines for each in read(text) if each.order] == [order.lines for order in known if order]


def test_amounts_as_people_write_them():
    text = "order;placed_at;currency;sku;quantity;paid\nA;05.01.2026;EUR;K;1;1.249,90\n"
    only = read(text)[0].order
    assert only is not None
    assert only.lines[0].paid_minor == 124990


def test_a_discount_is_taken_off_the_row():
    only = read("order,placed_at,currency,sku,quantity,price,discount\nA,2026-01-05,EUR,K,3,10.00,5.00\n")[0].order
    assert only is not None
    assert only.lines[0].paid_minor == 2500


def test_a_bad_row_stops_only_its_own_order():
    text = GOOD.replace("LAMP,Lamp,1,10.00,1.60,,,\n", "LAMP,Lamp,one,10.00,1.60,,,\n")
    first, second = read(text)
    assert first.order is None
    assert second.order is not None
    assert problems(text) == [("structure.not_a_number", "/row/3/quantity", "block")]


def test_a_bad_row_loses_nothing():
    text = GOOD.replace("A-2,", ",")
    parts = kind("csvfile").split(text.encode())
    assert len(parts) == 2
    assert b"bob@example.com" in parts[1].body
    assert problems(text) == [("completeness.order", "/row/4/order", "block")]


@pytest.mark.parametrize(
    ("row", "code", "pointer"),
    [
        ("A,,EUR,K,1,5", "completeness.placed_at", "/row/2/placed_at"),
        ("A,soon,EUR,K,1,5", "structure.not_a_date", "/row/2/placed_at"),
        ("A,04/05/2026,EUR,K,1,5", "structure.not_a_date", "/row/2/placed_at"),
        ("A,2026-01-05,,K,1,5", "completeness.currency", "/row/2/currency"),
        ("A,2026-01-05,EUR,,1,5", "completeness.sku", "/row/2/sku"),
        ("A,2026-01-05,EUR,K,,5", "completeness.quantity", "/row/2/quantity"),
        ("A,2026-01-05,EUR,K,1,", "completeness.price", "/row/2/price"),
        ("A,2026-01-05,EUR,K,1,1.249", "structure.not_an_amount", "/row/2/price"),
        ("A,2026-01-05,EUR,K,1,-5", "arithmetic.negative", "/row/2/paid"),
        ("A,2026-01-05,EUR,K,1,49,90", "structure.extra_cells", "/row/2"),
    ],
)
def test_each_fault_has_its_place(row, code, pointer):
    found = problems(f"order,placed_at,currency,sku,quantity,price\n{row}\n")
    assert (code, pointer, "block") in found


def test_rows_that_disagree_are_told():
    text = GOOD.replace("A-1,,,,,LAMP", "A-1,,eve@example.com,,,LAMP")
    assert problems(text) == [("structure.rows_disagree", "/row/3/email", "hold")]
    first = read(text)[0].order
    assert first is not None
    assert first.customer.email == "ada@example.com"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "structure.empty"),
        (b"\n\n", "structure.empty"),
        (b"\x00\x01\x02\xff", "structure.not_text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "structure.not_text"),
        (b"just some words", "structure.unknown_table"),
        (b"order,placed_at\nA,B", "completeness.columns"),
        (b"order,placed_at,sku,quantity\n", "structure.no_orders"),
        (b"sku,name\nK,Kettle\n", "structure.not_orders"),
        (b'order,sku,quantity\n"' + b"x" * 200_000 + b'",K,1\n', "structure.not_a_table"),
        (b'{"orders": []}', "structure.unknown_table"),
    ],
)
def test_what_is_no_table_of_orders_is_said_in_one_sentence(raw, code):
    assert [each[0] for each in problems(raw)] == [code]


def test_cutting_a_cut_file_again_changes_nothing():
    files = kind("csvfile")
    for part in files.split(GOOD.encode()):
        assert [again.body for again in files.split(part.body)] == [part.body]


@given(st.binary(max_size=300))
def test_no_bytes_break_it(raw):
    for reading in read(raw):
        assert reading.order is not None or reading.problems


@given(st.lists(st.lists(st.text(max_size=6), min_size=1, max_size=9), max_size=6))
def test_no_cells_break_it(rows):
    out = io.StringIO()
    csv.writer(out).writerows([["order", "placed_at", "currency", "sku", "quantity", "price"], *rows])
    for reading in read(out.getvalue().encode("utf-8", "replace")):
        assert reading.order is not None or any(each.severity == "block" for each in reading.problems)


HEAD = "order,placed_at,currency,sku,quantity,paid,email,delivered_at\n"
ROW = "B-1,2026-09-02,EUR,LAMP,3,99.80,ben@customer.example,2026-09-05\n"


@pytest.mark.parametrize(("row", "cells"), [("B-1,2026-09-02,EUR,LAMP,3,9", "6"), ("B-1,2026-09-02,EUR,LAMP,3\n", "5")])
def test_a_row_with_too_few_cells_is_refused_and_says_how_many(row, cells):
    (reading,) = read(HEAD + row)
    assert reading.order is None
    (problem,) = [each for each in reading.problems if each.code == "structure.missing_cells"]
    assert (problem.severity, problem.pointer) == ("block", "/row/2")
    assert problem.sentence == f"Row 2 of the file has only {cells} cells; the header has 8."


def test_a_row_with_too_many_cells_says_how_many():
    (reading,) = read("order,placed_at,currency,sku,quantity,paid\nA,2026-01-05,EUR,K,1,10.00,EXTRA\n")
    assert [each.sentence for each in reading.problems] == ["Row 2 of the file has 7 cells; the header has 6."]


def test_empty_columns_that_a_spreadsheet_adds_are_not_counted():
    (reading,) = read(HEAD.strip() + ",,\n" + ROW)
    assert reading.order is not None
    (wide,) = read(HEAD + ROW.strip() + ",,\n")
    assert wide.order is not None


@pytest.mark.parametrize("length", range(1, len(ROW)))
def test_wherever_the_last_row_is_cut_it_is_never_taken_for_a_whole_one(length):
    before = "A-1,2026-09-02,EUR,LAMP,1,10.00,ada@customer.example,2026-09-05\n"
    first, second = read(HEAD + before + ROW[:length])
    assert first.order is not None
    assert not first.order.cut_at
    assert second.order is None or second.order.cut_at == "/row/3"


def test_a_row_cut_within_its_order_number_stops_the_order_before_it():
    (only,) = read(HEAD + ROW + "B-")
    assert only.order is None
    stops = [(each.code, each.pointer) for each in only.problems if each.severity == "block"]
    assert stops[:1] == [("structure.missing_cells", "/row/3")]


def test_a_quotation_mark_that_nothing_closes_is_said_where_it_is():
    text = HEAD + ROW + 'B-2,2026-09-02,EUR,LAMP,3,99.80,ben@customer.example,"2026-09-05\nB-3,2026-09-02\n'
    first, second = read(text)
    assert first.order is not None
    assert second.order is None
    assert "structure.open_quote" in [each.code for each in second.problems]


def test_a_file_cut_within_a_letter_keeps_its_encoding():
    raw = (HEAD + ROW.replace("ben@", "bén@") + "B-2,2026-09-02,EUR,Ü").encode()[:-1]
    first, second = read(raw)
    assert first.order is not None
    assert first.order.customer.email == "bén@customer.example"
    assert second.order is None


def test_an_empty_cell_says_nothing_and_a_dash_takes_back():
    (empty,) = read(HEAD + ROW.replace("2026-09-05", ""))
    (dash,) = read(HEAD + ROW.replace("2026-09-05", "-"))
    assert empty.order is not None
    assert dash.order is not None
    assert (empty.order.delivered_at, "delivered_at" in empty.order.silent) == (None, True)
    assert (dash.order.delivered_at, "delivered_at" in dash.order.silent) == (None, False)
    assert {"payment", "lines", "tracking_numbers"} < empty.order.silent
    assert empty.order.lines[0].silent == {
        "external_id", "title", "tax_minor", "refunded_minor", "refunded_quantity",
    }  # fmt: skip
