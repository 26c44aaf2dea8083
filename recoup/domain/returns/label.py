"""The RMA label: the number large, as Code 128 and as QR, and what is in the box. Nothing personal is on it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import segno
import structlog
import zxingcpp
from django.utils.translation import get_language, gettext

from recoup.domain.returns.models import Return, ReturnLine
from recoup.domain.returns.queries.reading import title
from recoup.kit.refusal import Refusal
from recoup.kit.typeset import typeset

log = structlog.get_logger("label")
TEMPLATE_VERSION = "rma_label-1"
_SHOWN = 3  # lines; more do not fit


class NotApprovedYet(Refusal):
    code = "returns.no_label_yet"
    sentence = "There is no RMA number yet: the return is not approved. Come back when it is."


def render_label(
    return_case: Return, *, seller: str, send_to: Sequence[str] = (), logo: tuple[str, bytes] | None = None
) -> bytes:
    """The label as PDF/A, A6 landscape; the same return gives the same bytes in one language.
    Raises NotApprovedYet.

    ``send_to`` are the lines of the address that the parcel goes to, ``logo`` a file's name and content.
    """
    if not return_case.rma_number:
        raise NotApprovedYet()
    import typst  # loaded on first use, as kit.typeset does

    try:
        return _set(return_case, seller, send_to, logo)
    except typst.TypstError:
        if not logo:
            raise
        # Browsers draw more than documents can; the parcel goes its way under the seller's name.
        log.warning("label.logo_unfit", logo=logo[0])
        return _set(return_case, seller, send_to, None)


def _set(case: Return, seller: str, send_to: Sequence[str], logo: tuple[str, bytes] | None) -> bytes:
    template = Path(__file__).parent / "documents" / f"{TEMPLATE_VERSION}.typ"
    data = _data(case, seller, send_to) | {"logo": logo[0] if logo else ""}
    return typeset(template, data, codes(str(case.rma_number)) | dict([logo] if logo else []))


def codes(number: str) -> dict[str, bytes]:
    """The number as two pictures: a bar code for old scanners, a QR code for phones."""
    bars = zxingcpp.create_barcode(number, zxingcpp.BarcodeFormat.Code128)
    return {"code128.svg": zxingcpp.write_barcode_to_svg(bars).encode(), "qr.svg": qr_code(number)}


def qr_code(number: str) -> bytes:
    """The same on paper and on a phone's screen, where it has its own white around it."""
    drawn = io.BytesIO()
    segno.make(number, error="m", micro=False).save(drawn, kind="svg", border=2, scale=4)
    return drawn.getvalue()


def _data(case: Return, seller: str, send_to: Sequence[str]) -> dict[str, Any]:
    expected = case.lines.filter(decision="approved").select_related("order_line").order_by("created_at")
    return {
        "seller": seller,
        "to": list(send_to),
        "rma": case.rma_number,
        "case": case.number,
        "order": case.order.number if case.order else "",
        "lines": [_line(line) for line in expected[:_SHOWN]],
        "language": (get_language() or "en").partition("-")[0],
        "words": {
            "return": gettext("Return · put this on the outside of the parcel"),
            "to": gettext("To"),
            "case": gettext("Case"),
            "order": gettext("Order"),
            "item": gettext("Item"),
        },
    }


def _line(line: ReturnLine) -> dict[str, str]:
    item, sku = title(line)
    return {"units": str(line.quantity), "item": item if len(item) <= 60 else f"{item[:59]}…", "sku": sku}
