"""The RMA label: what a scanner reads on the printed page is the number."""

from __future__ import annotations

from functools import partial

import pytest
import zxingcpp

from recoup.domain.returns import actions, label
from recoup.domain.returns.label import render_label
from recoup.domain.returns.models import Return
from recoup.domain.returns.tests import factories as make
from recoup.kit.tests import drawn

pytestmark = pytest.mark.django_db


DEMO = ["Returns, Dock 4", "Sample Street 1", "20457 Hamburg", "Germany"]


def approved(name: str = "Kettle 1.7 l") -> Return:
    line = make.to_agent(make.order_line(sold=make.product(warranty_plan="", name=name), sku="K" * 60))
    actions.approve(line=line, remedy="refund", reason="", at=make.NOW, actor=make.agent())
    line.return_case.refresh_from_db()
    return line.return_case


def test_the_same_return_gives_the_same_label() -> None:
    case = approved()
    pdf = render_label(case, seller="The shop", send_to=DEMO)
    assert pdf.startswith(b"%PDF-") and pdf == render_label(case, seller="The shop", send_to=DEMO)
    assert pdf != render_label(case, seller="The shop")


ADDRESSES = {
    "none": [],
    "of the demo": DEMO,
    "of many lines": ["Returns and repairs of the northern region"] * 12,
    "too long for any size of letters": ["x" * 1500],
}


@pytest.mark.parametrize("name", ["Kettle 1.7 l 電気ケトル", drawn.LONG_WORD])
def test_the_label_is_one_page_whose_codes_both_say_the_number(
    monkeypatch: pytest.MonkeyPatch, subtests: pytest.Subtests, name: str
) -> None:
    case = approved(name)
    for which, to in ADDRESSES.items():
        with subtests.test(msg=f"an address {which}"):
            [page] = drawn.pages(monkeypatch, partial(render_label, case, seller="Kettle and Lamp Company", send_to=to))
            assert sorted((code.format.name, code.text) for code in zxingcpp.read_barcodes(page)) == [
                ("Code128", case.rma_number),
                ("QRCode", case.rma_number),
            ]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 40"><path d="M0 0h200v40H0z" fill="#0b5d66"/></svg>'


def test_the_shops_logo_stands_on_the_label_and_one_that_cannot_be_set_stops_no_parcel(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = approved()
    plain = render_label(case, seller="The shop", send_to=DEMO)
    for wide in (SVG, SVG.replace(b"0 0 200 40", b"0 0 4000 20")):
        [page] = drawn.pages(
            monkeypatch, partial(render_label, case, seller="The shop", send_to=DEMO, logo=("logo.svg", wide))
        )
        assert {code.text for code in zxingcpp.read_barcodes(page)} == {case.rma_number}
    assert render_label(case, seller="The shop", send_to=DEMO, logo=("logo.svg", SVG)) != plain
    assert render_label(case, seller="The shop", send_to=DEMO, logo=("logo.png", b"no picture")) == plain


def test_there_is_no_label_before_the_approval() -> None:
    with pytest.raises(label.NotApprovedYet):
        render_label(make.to_agent().return_case, seller="The shop")
