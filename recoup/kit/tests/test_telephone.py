"""Telephone numbers: typed in any way, one number comes out, or none."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from recoup.kit.telephone import could_be_number, e164, takes_texts

COUNTRIES = sorted(phonenumbers.SUPPORTED_REGIONS)
SHAPES = [
    PhoneNumberFormat.E164,
    PhoneNumberFormat.INTERNATIONAL,
    PhoneNumberFormat.NATIONAL,
    PhoneNumberFormat.RFC3966,
]
MOBILE = "+4915228817386"


@st.composite
def numbers(draw: st.DrawFn) -> tuple[str, phonenumbers.PhoneNumber]:
    """A mobile number as its country gives it out, and that country."""
    country = draw(st.sampled_from(COUNTRIES))
    example = phonenumbers.example_number_for_type(country, PhoneNumberType.MOBILE)
    return (country, example) if example else ("DE", phonenumbers.parse(MOBILE))


@given(numbers(), st.sampled_from(SHAPES))
def test_however_a_number_is_written_it_is_the_same_one(
    known: tuple[str, phonenumbers.PhoneNumber], shape: int
) -> None:
    country, number = known
    read = e164(phonenumbers.format_number(number, shape), country=country)
    assert read == phonenumbers.format_number(number, PhoneNumberFormat.E164)
    assert e164(read, country="") == e164(read, country="US") == read


@given(st.text(max_size=80), st.sampled_from(["", "DE", "US", "XX"]))
def test_anything_typed_is_a_number_or_none_and_reading_it_again_changes_nothing(typed: str, country: str) -> None:
    read = e164(typed, country=country)
    assert read == "" or (read[0] == "+" and read[1:].isdecimal() and e164(read, country="") == read)
    assert could_be_number(typed) in (True, False)


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        ("+49 1522 8817386", ""),
        ("0049 1522 8817386", "DE"),
        ("01522/8817386", "DE"),
        ("(01522) 881-73-86", "DE"),
        ("+49 (0) 1522 8817386", "AT"),
        ("٠١٥٢٢٨٨١٧٣٨٦", "DE"),
        (" +49\xa01522–8817386 ", "FR"),
    ],
)
def test_the_ways_people_write(typed: str, country: str) -> None:
    assert could_be_number(typed)
    assert e164(typed, country=country) == MOBILE


@pytest.mark.parametrize(
    "typed", ["", "+", "cora", "cora@example.com", "0800 CALL ME", "12345", "1" * 20, "#1001", "+49 1522 x"]
)
def test_what_is_no_number(typed: str) -> None:
    assert not could_be_number(typed)


@pytest.mark.parametrize(("typed", "country"), [("01522 8817386", ""), ("+49", "DE"), ("+999 12345678", "DE")])
def test_what_cannot_be_dialled_is_none(typed: str, country: str) -> None:
    assert e164(typed, country=country) == ""


@pytest.mark.parametrize(
    ("number", "takes"),
    [
        (MOBILE, True),
        ("+447400123456", True),
        ("+14155552671", True),  # mobile or landline: nobody can tell
        ("+4930901820", False),  # a landline
        ("+499001234567", False),  # premium
        ("+498001234567", False),  # toll-free
        ("+491801234567", False),  # shared cost
        ("+4915", False),
        ("01522 8817386", False),
        ("", False),
    ],
)
def test_texts_go_to_mobiles_alone(number: str, takes: bool) -> None:
    assert takes_texts(number) is takes
