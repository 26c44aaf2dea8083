"""The code on a box: a GTIN is one however it is written, and what we print is what we read."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.domain.catalogue import actions, queries
from recoup.domain.catalogue.rules import BoxCode, box_path, gtin14, gtin_forms, is_gtin, read_box_path
from recoup.kit.actor import SYSTEM

#: What GS1 lets a batch or a serial be made of (character set 82), at most twenty of it.
SIGNS = string.ascii_letters + string.digits + "!\"%&'()*+,-./:;<=>?_"
NUMBERS = st.text(SIGNS, max_size=20)


def gtin(length: int, digits: int) -> str:
    body = f"{digits:0{length - 1}}"[-(length - 1) :]
    return next(whole for digit in range(10) if is_gtin(whole := f"{body}{digit}"))


GTINS = st.builds(gtin, st.sampled_from([8, 12, 13, 14]), st.integers(0, 10**13 - 1))


@given(GTINS)
def test_every_form_of_a_gtin_is_the_same_gtin(text: str) -> None:
    forms = gtin_forms(text)
    assert text in forms and forms[0] == gtin14(text)
    assert {gtin14(form) for form in forms} == {forms[0]} and len(forms[0]) == 14
    assert all(gtin_forms(form) == forms for form in forms)


@given(GTINS, st.integers(0, 13), st.integers(1, 9))
def test_a_gtin_with_one_wrong_digit_is_none(text: str, place: int, by: int) -> None:
    at = place % len(text)
    wrong = f"{text[:at]}{(int(text[at]) + by) % 10}{text[at + 1 :]}"
    assert (gtin14(wrong), gtin_forms(wrong)) == ("", [])


@given(GTINS, NUMBERS, NUMBERS)
def test_what_is_printed_on_a_box_is_what_is_read(text: str, batch: str, serial: str) -> None:
    code = BoxCode(gtin14(text), batch, serial)
    path = box_path(BoxCode(text, batch, serial))
    assert read_box_path(path) == code
    assert path.isascii() and path.count("/") == 2 + 2 * bool(batch) + 2 * bool(serial)


@given(st.text(max_size=300))
def test_whatever_a_strangers_path_says_it_is_read_or_left(path: str) -> None:
    for read in (read_box_path(path), read_box_path(f"/01/{path}"), read_box_path(f"/01/1/10/{path}")):
        assert read is None or all(
            len(part) <= 60 and part.isprintable() for part in (read.gtin, read.batch, read.serial)
        )


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("/01/4006381333931", BoxCode("4006381333931")),
        ("/01/04006381333931/", BoxCode("04006381333931")),
        ("/01/40170725/21/K17-000123", BoxCode("40170725", serial="K17-000123")),
        ("/01/40170725/22/2A/10/24-117/21/7", BoxCode("40170725", "24-117", "7")),
        ("/01/40170725/21/7/10/24-117", BoxCode("40170725", "24-117", "7")),
        ("/01/40170725/10/24%2F117%25", BoxCode("40170725", "24/117%")),
        ("/01/40170725/10/24+117", BoxCode("40170725", "24+117")),
        ("/01/40170725/10//21/7", BoxCode("40170725", serial="7")),
        ("/01/40170725/10", BoxCode("40170725")),
        ("/01/40170725/10/%00%0A/21/7", BoxCode("40170725", serial="7")),
        (f"/01/40170725/10/{'9' * 61}", BoxCode("40170725")),
        ("/01/abc", BoxCode("abc")),
        ("/01/", None),
        ("/01", None),
        ("/", None),
        ("", None),
        ("/c/01/40170725", None),
    ],
)
def test_a_digital_link_is_read_and_what_else_it_says_left_out(path: str, read: BoxCode | None) -> None:
    assert read_box_path(path) == read


def test_a_box_path_has_fourteen_digits_and_gs1s_order() -> None:
    assert box_path(BoxCode("4006381333931", "24/117", "K 1")) == "/01/04006381333931/10/24%2F117/21/K%201"


@pytest.mark.django_db
def test_a_product_is_found_by_its_gtin_in_whichever_form() -> None:
    for sku, number in [("A", "036000291452"), ("B", "00036000291452"), ("C", "0036000291452"), ("D", "40170725")]:
        actions.upsert_product(sku=sku, name=sku, gtin=number, actor=SYSTEM)
    for form in ("036000291452", "0036000291452", "00036000291452"):
        assert [each.sku for each in queries.products_of_gtin(form)] == ["A", "B", "C"]
    assert [each.sku for each in queries.products_of_gtin("00000040170725")] == ["D"]
    for nothing in ("", "40170726", "4006381333931"):
        assert queries.products_of_gtin(nothing) == []
