"""A credit memo as a PDF/A."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from recoup.domain.ledger.models import CreditMemo, CreditMemoLine
from recoup.kit.money import Money
from recoup.kit.typeset import typeset

TEMPLATE_VERSION = "credit_memo-1"


def render_memo(memo: CreditMemo, *, seller: str, address: Sequence[str] = ()) -> bytes:
    """The memo as PDF/A-3b bytes; the same memo gives the same bytes. ``address``: the lines of the issuer's own."""
    template = Path(__file__).parent / "documents" / f"{TEMPLATE_VERSION}.typ"
    return typeset(template, _data(memo, seller, address), at=memo.issued_at)


def _data(memo: CreditMemo, seller: str, address: Sequence[str]) -> dict[str, Any]:
    def money(minor: int) -> str:
        return str(Money(minor, memo.currency))

    def line(row: CreditMemoLine) -> dict[str, Any]:
        return {
            "description": row.description,
            "sku": row.sku,
            "quantity": row.quantity,
            "net": money(row.net_minor),
            "tax": money(row.tax_minor),
            "rate": f"{row.tax_rate_bp / 100:g} %",
            "total": money(row.net_minor + row.tax_minor),
        }

    return {
        "seller": seller,
        "address": list(address),
        "number": memo.full_number,
        "date": memo.issued_at.date().isoformat(),
        "order": memo.order_number,
        "rma": memo.rma_number,
        "reason": memo.reason,
        "party": memo.party,
        "corrects": memo.corrects.full_number if memo.corrects else "",
        "lines": [line(row) for row in memo.lines.order_by("position")],
        "net": money(memo.net_minor),
        "tax": money(memo.tax_minor),
        "total": money(memo.total_minor),
    }
