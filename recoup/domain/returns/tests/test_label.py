"""The RMA label: what a scanner reads on the printed page is the number."""

from __future__ import annotations

import io
from typing import Any

import pytest
import typst
import zxingcpp
from PIL import Image

from recoup.domain.returns import actions, label
from recoup.domain.returns.label import render_label
from recoup.domain.returns.tests import factories as make

pytestmark = pytest.mark.django_db


def test_both_codes_on_the_page_say_the_rma_number(monkeypatch: pytest.MonkeyPatch) -> None:
    line = make.to_agent()
    actions.approve(line=line, remedy="refund", reason="", at=make.NOW, actor=make.agent())
    line.return_case.refresh_from_db()
    pdf = render_label(line.return_case, seller="The shop", send_to=["Dock 4", "20457 Hamburg"])
    assert pdf != render_label(line.return_case, seller="The shop")
    assert pdf.startswith(b"%PDF-") and pdf == render_label(
        line.return_case, seller="The shop", send_to=["Dock 4", "20457 Hamburg"]
    )

    def as_picture(path: str, *, root: str, **_: Any) -> Any:
        """The same page, as pixels."""
        return compiled(path, root=root, format="png", ppi=200.0)

    compiled = typst.compile
    monkeypatch.setattr(typst, "compile", as_picture)
    page = Image.open(io.BytesIO(render_label(line.return_case, seller="The shop")))
    assert sorted((code.format.name, code.text) for code in zxingcpp.read_barcodes(page)) == [
        ("Code128", line.return_case.rma_number),
        ("QRCode", line.return_case.rma_number),
    ]


def test_there_is_no_label_before_the_approval() -> None:
    with pytest.raises(label.NotApprovedYet):
        render_label(make.to_agent().return_case, seller="The shop")
