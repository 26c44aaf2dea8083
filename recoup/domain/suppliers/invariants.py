"""What must always be true of where goods came from; each broken promise is named in one line."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F

from recoup.domain.suppliers.models import BatchSource
from recoup.foundation.database.findings import Finding


def batches_came_on_a_line_of_their_product() -> Iterator[Finding]:
    """A batch came on a PO line of its own product, in a delivery of that purchase order."""
    links = BatchSource.objects.select_related("batch", "po_line__purchase_order", "shipment_batch")
    for link in links.exclude(batch__product=F("po_line__product")):
        said = f"It is said to have come on {link.po_line.purchase_order}, on a line for another product."
        yield Finding("suppliers.batch", link.batch.number, said)
    strange = links.exclude(shipment_batch=None)
    for link in strange.exclude(shipment_batch__purchase_order=F("po_line__purchase_order")):
        yield Finding("suppliers.batch", link.batch.number, "Its delivery belongs to another purchase order.")
