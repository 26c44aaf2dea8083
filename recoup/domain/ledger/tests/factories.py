"""Memo lines for tests."""

from uuid import UUID

from recoup.domain.ledger.rules import MemoLine
from recoup.kit import ids
from recoup.kit.money import Money


def memo_line(
    *, net: int = 4192, tax: int = 798, paid: int = 4990, line_id: UUID | None = None, currency: str = "EUR"
) -> MemoLine:
    return MemoLine(
        line_id=line_id or ids.new(),
        description="Kettle 1.7 l",
        sku="K-17",
        quantity=1,
        net=Money(net, currency),
        tax=Money(tax, currency),
        paid=Money(paid, currency),
    )
