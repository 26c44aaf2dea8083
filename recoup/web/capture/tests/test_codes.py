"""Which of a label's codes is proposed as the serial number: phone/capture/label/codes.ts in Node."""

from __future__ import annotations

from typing import Any

import pytest

from recoup.domain.catalogue.rules import is_gtin
from recoup.vision.gs1 import parse
from recoup.web.capture.tests import node

pytestmark = node.MISSING
FILE = "capture/label/codes.ts"
GTIN, CASE = "4006381333931", "04006381333931"
EAN = ("EAN13", GTIN)
FORMAT = r"K17-\d{6}"
Code = tuple[str, str]
LABELS: dict[str, tuple[list[Code], str, str, list[str]]] = {
    "nothing": ([], "", "", []),
    "plain, and the product's own code": ([EAN, ("Code128", "K17-000001")], "", "K17-000001", []),
    "only the product's code": ([EAN, ("ITF14", "14006381333938"), ("upc_a", "036000291452")], "", "", []),
    "the product's code in a code for anything": ([("code_128", GTIN)], "", "", []),
    "GS1, as zxing says it": ([("DataMatrix", f"(01){CASE}(10)24-117(21)K17-000001")], "", "K17-000001", []),
    "GS1, as a browser says it": (
        [("data_matrix", f"01{CASE}1724063010L1\x1d21K17-000001")], "", "K17-000001", []
    ),
    "GS1 with its mark": ([("code_128", f"]C101{CASE}21K17-000001")], "", "K17-000001", []),
    "GS1 without a serial": ([("code_128", f"01{CASE}10L12345")], "", "", []),
    "Digital Link": ([("QRCode", f"https://id.example/01/{CASE}/10/24-117/21/K17%2F000001?x=1")], "", "K17/000001", []),
    "a link that is broken": ([("QRCode", f"https://id.example/01/{CASE}/21/K17%")], "", "", []),
    "any other link": ([("QRCode", "https://example.com/help/12345")], "", "", []),
    "a passport's link": ([("QRCode", "https://dpp.example/p?gtin=1&sn=K17-000001")], "", "K17-000001", []),
    "named in words": ([("QRCode", "MODEL: K-17; S/N: K17-000001")], "", "K17-000001", []),
    "named and shortened": ([("QRCode", "SN K17-000001"), ("Code39", "24117")], "", "K17-000001", []),
    "the same twice": ([("QRCode", "S/N K17-000001"), ("Code128", "K17-000001")], "", "K17-000001", []),
    "letters that are no name": ([("Code128", "SN12345")], "", "SN12345", []),
    "several": ([("Code128", "K17-000001"), ("Code128", "PART-4711")], "", "", ["K17-000001", "PART-4711"]),
    "several, one of them as the product's are": (
        [("Code128", "K17-000001"), ("Code128", "PART-4711")], FORMAT, "K17-000001", []
    ),
    "several as the product's are": (
        [("Code128", "K17-000001"), ("Code128", "K17-000002")], FORMAT, "", ["K17-000001", "K17-000002"]
    ),
    "in small letters": ([("Code128", "k17-000001")], FORMAT, "k17-000001", []),
    "one that is not as the product's are": ([("Code128", "PART-4711")], FORMAT, "", ["PART-4711"]),
    "a serial that could be a product's code": ([("Code128", GTIN)], r"\d{13}", GTIN, []),
    "words": ([("QRCode", "Thank you for buying"), ("Code39", "ABCDE"), ("Code39", "12")], "", "", []),
}  # fmt: skip


def test_what_is_proposed(subtests: pytest.Subtests) -> None:
    calls: list[list[Any]] = [
        [[{"format": kind, "text": text} for kind, text in codes], *([{"regexp": form}] if form else [])]
        for codes, form, *_ in LABELS.values()
    ]
    answers = node.called(FILE, "serialIn", *calls)
    for (name, (_, _, serial, choose)), answer in zip(LABELS.items(), answers, strict=True):
        with subtests.test(name):
            assert answer == {"serial": serial, "choose": choose}


def test_phone_and_house_agree_on_what_a_product_code_is_and_which_serial_a_code_names() -> None:
    numbers = [GTIN, CASE, "4006381333932", "96385074", "036000291452", "", "12", "4006381333931 "]
    assert node.called(FILE, "isGtin", *([each] for each in numbers)) == [is_gtin(each) for each in numbers]
    whole = [text for codes, *_ in LABELS.values() for _, text in codes if not text.endswith("%")]
    named = {text: found.serial for text in whole if (found := parse(text)) and found.serial}
    read = node.called(FILE, "serialIn", *([[{"format": "QRCode", "text": text}]] for text in named))
    assert len(named) > 2
    assert [each["serial"] for each in read] == list(named.values())
