"""From which purchase order a returned unit came, as far as anybody can say."""

from __future__ import annotations

from recoup.domain.catalogue.models import Product
from recoup.domain.returns.models import ReturnLine
from recoup.domain.suppliers.queries import Source, source_of


def source_of_line(line: ReturnLine) -> Source:
    """The supplier, PO line and batch of a return line; ``because`` says why when nobody knows."""
    bought = line.order_line
    product = _product(line)
    if product is None:
        return Source(
            None, None, None, None, None, "", 0.0, "The product is not known: the return has no order line yet."
        )
    shipped = bought.order.shipped_at if bought else None
    batch = line.batch or (bought.batch if bought else None)
    how = line.batch_how if line.batch else (bought.batch_how if bought else "")
    return source_of(
        product=product, serial=line.serial, batch=batch, batch_how=how, left=shipped.date() if shipped else None
    )


def _product(line: ReturnLine) -> Product | None:
    for known in (line.order_line, line.serial, line.batch):
        if known is not None:
            return known.product
    return None
