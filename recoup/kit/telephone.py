"""Telephone numbers: typed in many ways, compared in one (E.164, such as +4915228817386)."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

# Where nobody can tell a mobile from a landline, as in North America, both take text messages. All others do not,
# or cost their sender more than a message should: premium, shared and toll-free numbers, pagers, switchboards.
_TAKE_TEXTS = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
_TYPED = re.compile(r"[+＋]?[\d\s()./‐-―-]+")
_LONGEST = 60


def could_be_number(typed: str) -> bool:
    """Whether somebody who typed this meant a telephone number, in any script's digits and with any signs between."""
    return bool(_TYPED.fullmatch(typed.strip())) and 6 <= sum(sign.isdecimal() for sign in typed) <= 19


def e164(typed: str, *, country: str) -> str:
    """The number as +, country code and digits; '' when it cannot be one.

    ``country`` is where it is dialled as it stands, in two letters; without one only numbers that begin with + are read.
    """
    try:
        number = phonenumbers.parse(typed[:_LONGEST], country or None)
    except NumberParseException:
        return ""
    return _written(number) if phonenumbers.is_possible_number(number) else ""


def takes_texts(number: str) -> bool:
    """Whether a text message to this number (E.164) would likely arrive, at the usual price."""
    try:
        read = phonenumbers.parse(number, None)
    except NumberParseException:
        return False
    return phonenumbers.is_valid_number(read) and phonenumbers.number_type(read) in _TAKE_TEXTS


def _written(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
