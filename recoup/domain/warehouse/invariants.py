"""What must always be true of goods."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Sum

from recoup.domain.warehouse.models import Bin, Receipt, StockMove
from recoup.foundation.database.findings import Finding


def stock_is_never_negative() -> Iterator[Finding]:
    """No bin of ours holds less than nothing."""
    for each in Bin.objects.exclude(kind="outside").select_related("site"):
        taken = dict(each.moves_out.values_list("product__sku").annotate(n=Sum("quantity")))
        put = dict(each.moves_in.values_list("product__sku").annotate(n=Sum("quantity")))
        for sku, count in taken.items():
            if put.get(sku, 0) < count:
                yield Finding(
                    "warehouse.stock", f"{each.site.code}/{each.code}/{sku}", f"{put.get(sku, 0)} came, {count} left."
                )


def quarantine_is_left_by_disposition_only() -> Iterator[Finding]:
    """Nothing left Quality Reject without a disposition, or for a sellable bin."""
    leaks = StockMove.objects.filter(source__kind="quarantine")
    for move in leaks.filter(disposition=None) | leaks.filter(target__kind="sellable"):
        yield Finding("warehouse.quarantine", str(move.pk), "Goods left Quality Reject without a disposition.")


def returned_goods_went_to_quarantine_first() -> Iterator[Finding]:
    """Whatever came in from outside went into Quality Reject."""
    came = StockMove.objects.filter(source__kind="outside", disposition=None)
    for move in came.exclude(target__kind="quarantine").select_related("target").iterator():
        said = f"Returned goods came into {move.target.name}, a bin for {move.target.get_kind_display()}."
        yield Finding("warehouse.first", str(move.pk), said)


def receipts_are_on_received_lines() -> Iterator[Finding]:
    """A receipt's line says that its goods are here."""
    for receipt in Receipt.objects.exclude(
        line__goods__in=["quarantined", "inspected", "dispositioned"]
    ).select_related("line__return_case"):
        yield Finding(
            "warehouse.receipt", receipt.line.return_case.number, f"Received, but its goods are “{receipt.line.goods}”."
        )
