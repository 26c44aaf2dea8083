"""Sites, bins, receipts, stock moves, dispositions."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from recoup.domain.catalogue.models import Product
from recoup.domain.returns.models import ReturnLine
from recoup.foundation.database.rows import Row
from recoup.foundation.database.triggers import append_only

GRADES = [("A", "as new"), ("B", "light marks"), ("C", "worn or damaged"), ("D", "defective or broken")]
BIN_KINDS = [(k, k.replace("_", " ")) for k in ("outside", "quarantine", "sellable", "scrap", "return_to_vendor")]
DISPOSITIONS = [(d, d.replace("_", " ")) for d in ("scrap", "return_to_vendor", "to_customer", "donate")]


# The database itself keeps the promise: out of quarantine only with a disposition, never into a sellable bin,
# and never more than is there. The bin's row is locked, so that two moves cannot take the same unit.
_QUARANTINE_HOLDS = pgtrigger.Trigger(
    name="quarantine_holds",
    operation=pgtrigger.Insert,
    when=pgtrigger.Before,
    declare=[("from_kind", "text"), ("to_kind", "text"), ("stock", "bigint")],
    func="""
        SELECT kind INTO from_kind FROM warehouse_bin WHERE id = NEW.source_id FOR UPDATE;
        SELECT kind INTO to_kind FROM warehouse_bin WHERE id = NEW.target_id;
        IF from_kind = 'quarantine' AND (NEW.disposition_id IS NULL OR to_kind = 'sellable') THEN
            RAISE EXCEPTION 'goods leave quarantine only by a disposition, and never to a sellable bin';
        END IF;
        IF NEW.disposition_id IS NULL AND from_kind = 'outside' AND to_kind <> 'quarantine' THEN
            RAISE EXCEPTION 'returned goods go to quarantine first';
        END IF;
        IF from_kind <> 'outside' THEN
            SELECT COALESCE(SUM(CASE WHEN target_id = NEW.source_id THEN quantity ELSE -quantity END), 0) INTO stock
            FROM warehouse_stockmove
            WHERE product_id = NEW.product_id AND NEW.source_id IN (source_id, target_id);
            IF stock < NEW.quantity THEN
                RAISE EXCEPTION 'there are only % of this product in the bin', stock;
            END IF;
        END IF;
        RETURN NEW;
    """,
)


class Site(Row):
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)


class Bin(Row):
    """A stock location. 'outside' is where goods come from and go to, so that every move has two ends."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="bins")
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=BIN_KINDS)

    SEALED = ("site_id", "code", "kind")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "code"], name="one_bin_per_code")]

    def __str__(self) -> str:
        return self.name


class Receipt(Row):
    """Goods taken in for a return line, and their condition."""

    line = models.ForeignKey(ReturnLine, on_delete=models.PROTECT, related_name="receipts")
    site = models.ForeignKey(Site, on_delete=models.PROTECT)
    quantity = models.PositiveIntegerField()
    grade = models.CharField(max_length=1, choices=GRADES)
    # as_declared, short, undeclared, wrong_item
    finding = models.CharField(max_length=16, default="as_declared")
    note = models.CharField(max_length=300, blank=True)
    serial_scanned = models.CharField(max_length=60, blank=True)
    received_by_id = models.CharField(max_length=80)
    received_by_name = models.CharField(max_length=200)

    SEALED = (
        "line_id", "site_id", "quantity", "grade", "finding", "note", "serial_scanned", "received_by_id", "received_by_name",
    )  # fmt: skip

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="receipt_quantity_positive")]
        triggers = append_only("receipt_append_only")


class Disposition(Row):
    """What we did with goods in quarantine. A unit leaves Quality Reject only with one of these."""

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="dispositions")
    kind = models.CharField(max_length=20, choices=DISPOSITIONS)
    quantity = models.PositiveIntegerField()
    reason = models.CharField(max_length=300)
    decided_by_id = models.CharField(max_length=80)
    decided_by_name = models.CharField(max_length=200)

    SEALED = ("receipt_id", "kind", "quantity", "reason", "decided_by_id", "decided_by_name")

    class Meta:
        triggers = append_only("disposition_append_only")


class StockMove(Row):
    """So many of a product from one bin to another. Stock is the sum of these."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="stock_moves")
    source = models.ForeignKey(Bin, on_delete=models.PROTECT, related_name="moves_out")
    target = models.ForeignKey(Bin, on_delete=models.PROTECT, related_name="moves_in")
    quantity = models.PositiveIntegerField()
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, null=True, blank=True, related_name="moves")
    disposition = models.ForeignKey(Disposition, on_delete=models.PROTECT, null=True, blank=True, related_name="moves")

    SEALED = ("product_id", "source_id", "target_id", "quantity", "receipt_id", "disposition_id")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="stock_move_positive"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="stock_move_between_two_bins"),
        ]
        triggers = [*append_only("stock_move_append_only"), _QUARANTINE_HOLDS]
