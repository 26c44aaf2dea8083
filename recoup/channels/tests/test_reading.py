from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.channels import amounts, jsontext, moments
from recoup.channels.reading import Source
from recoup.kit.money import Money
from recoup.kit.problem import Blocked, blocking

BERLIN = ZoneInfo("Europe/Berlin")


@given(st.integers(-(10**14), 10**14), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_every_amount_we_write_is_read_back(minor, currency):
    text = Money(minor, currency).decimal()
    assert amounts.machine(text, currency) == (minor, False)


@given(st.integers(0, 10**12), st.sampled_from([(".", ","), (",", "."), ("", ","), ("", "."), (" ", ","), ("'", ".")]))
def test_every_way_people_write_an_amount_is_read(minor, marks):
    thousands, decimal = marks
    whole, cents = divmod(minor, 100)
    grouped = f"{whole:,}".replace(",", thousands)
    assert amounts.person(f"{grouped}{decimal}{cents:02} EUR", "EUR") == (minor, False)


@pytest.mark.parametrize(
    ("text", "minor"),
    [("49,9", 4990), ("49", 4900), ("€49.90", 4990), ("-5,00", -500), ("1.234.567", 123456700), ("1e2", 10000)],
)
def test_other_ways_people_write_an_amount(text, minor):
    assert amounts.person(text, "EUR").minor == minor


@pytest.mark.parametrize("text", ["1.249", "1,249", "1.2.3", "12.34,567.8", "abc", "", "1.24.249,00", "--1"])
def test_what_could_be_two_amounts_is_none(text):
    with pytest.raises(ValueError, match=r"."):
        amounts.person(text, "EUR")


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e99", "12,5", "0x10", "9" * 40])
def test_what_is_no_amount_for_a_machine(text):
    with pytest.raises(ValueError, match="amount"):
        amounts.machine(text, "EUR")


def test_digits_the_currency_does_not_know_are_rounded_and_told():
    assert amounts.machine("3.335", "EUR") == (334, True)
    assert amounts.machine("3.330", "EUR") == (333, False)
    assert amounts.machine("100.5", "JPY") == (101, True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-05T10:00:00+01:00", datetime(2026, 1, 5, 9, tzinfo=UTC)),
        ("2026-01-05T10:00:00Z", datetime(2026, 1, 5, 10, tzinfo=UTC)),
        ("2026-01-05 10:00:00 UTC", datetime(2026, 1, 5, 10, tzinfo=UTC)),
        ("2026-01-05T10:00:00", datetime(2026, 1, 5, 9, tzinfo=UTC)),
        ("2026-07-05", datetime(2026, 7, 5, 10, tzinfo=UTC)),
        ("5.1.2026", datetime(2026, 1, 5, 11, tzinfo=UTC)),
        ("05.01.2026 14:30", datetime(2026, 1, 5, 13, 30, tzinfo=UTC)),
        ("12/31/2025", datetime(2025, 12, 31, 11, tzinfo=UTC)),
        ("31/12/2025", datetime(2025, 12, 31, 11, tzinfo=UTC)),
    ],
)
def test_times_are_read_in_the_sources_own_zone(text, expected):
    assert moments.moment(text, BERLIN) == expected


@pytest.mark.parametrize("text", ["04/05/2026", "yesterday", "2026-13-01", "0001-01-01T00:00:00", "", "31.12.26"])
def test_a_time_that_cannot_be_told_is_none(text):
    with pytest.raises(ValueError, match=r"."):
        moments.moment(text, BERLIN)


def test_numbers_stay_as_they_were_written():
    value, problems = jsontext.load(b'{"id": 820982911946154508, "price": 199.10, "n": 1e400}')
    assert value == {"id": "820982911946154508", "price": "199.10", "n": "1e400"}
    assert problems == []


def test_doubled_keys_are_seen_where_they_are():
    value, problems = jsontext.load(b'{"a": [{"id": 1, "id": 2}], "b/c": {"x": 1, "x": 1, "x": 3}}')
    assert value["a"][0]["id"] == "2"
    assert {(each.pointer, each.severity) for each in problems} == {("/a/0/id", "hold"), ("/b~1c/x", "hold")}


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "structure.empty"),
        (b"\xef\xbb\xbf  ", "structure.empty"),
        (b"\x00" * 100, "structure.empty"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "structure.not_text"),
        (b"{", "structure.not_json"),
        (b'{"a": NaN}', "structure.not_json"),
        (b'{"a": -Infinity}', "structure.not_json"),
        (b'{"a": 1} trailing', "structure.not_json"),
        (b"[" * 100_000, "structure.too_deep"),
        (b'{"a":' * 100_000, "structure.too_deep"),
    ],
)
def test_what_is_not_json_is_said_in_one_sentence(raw, code):
    with pytest.raises(Blocked) as blocked:
        jsontext.load(raw)
    assert blocked.value.problem.code == code
    assert "\n" not in blocked.value.problem.sentence


def test_a_mark_at_the_beginning_and_sixteen_bits_do_no_harm():
    assert jsontext.load(b'\xef\xbb\xbf{"a": 1}')[0] == {"a": "1"}
    assert jsontext.load('{"a": "ü"}'.encode("utf-16"))[0] == {"a": "ü"}


@given(st.lists(st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=5), max_size=3), max_size=5))
def test_orders_are_cut_out_byte_for_byte(orders):
    written = [json.dumps(order, indent=i % 3) for i, order in enumerate(orders)]
    for whole in ('{"x": [1], "orders": [' + " ,\n".join(written) + '], "y": {}}', "[" + ",".join(written) + "]"):
        assert jsontext.spans(whole) == list(enumerate(written))


@pytest.mark.parametrize("text", ['{"order": {}}', '"x"', "{", "[1,", '{"orders": 5}', "", '{"orders": [1, 2'])
def test_anything_else_is_not_cut(text):
    assert jsontext.spans(text) == []


def source(**data):
    return Source(data, "/x", BERLIN)


def test_a_text_loses_only_what_no_database_stores():
    assert source(a=" b\x00c\ud800 ").text("a") == "bc"
    long = source(a="y" * 300)
    assert len(long.text("a")) == 200
    assert long.problems[0].pointer == "/x/a"


def test_a_key_is_never_cut():
    long = source(a="y" * 300)
    assert long.needed("a", limit=200, what="thing") == ""
    assert [each.code for each in long.problems] == ["structure.too_long"]


@pytest.mark.parametrize("value", ["two", "-1", "1.5", "1" * 30, "0x1"])
def test_a_quantity_is_a_whole_number(value):
    odd = source(quantity=value)
    assert odd.whole("quantity") is None
    assert blocking(odd.problems)


@pytest.mark.parametrize("value", [{"a": 1}, [1]])
def test_what_has_the_wrong_shape_is_told_and_left_out(value):
    odd = source(a=value)
    assert odd.text("a") == ""
    assert [(each.code, each.severity) for each in odd.problems] == [("structure.odd_value", "hold")]


def test_what_is_odd_in_a_list_is_skipped():
    odd = source(items=[{"a": "1"}, None, "x", {"a": "2"}])
    assert [(each.text("a"), each.at) for each in odd.parts("items")] == [("1", "/x/items/0"), ("2", "/x/items/3")]
    assert [each.pointer for each in odd.problems] == ["/x/items/1", "/x/items/2"]
