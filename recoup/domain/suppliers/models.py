"""Suppliers, purchase orders, shipment batches."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from recoup.domain.catalogue.models import Batch, Product
from recoup.foundation.database.rows import Row

#: How a link between two things is known, surest first.
HOW_KNOWN = [(word, word) for word in ("scanned", "declared", "allocated", "inferred")]


class Supplier(Row):
    """Who sold us the goods, and the rules under which they take a claim."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    contact_name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    currency = models.CharField(max_length=3)
    language = models.CharField(max_length=8, default="en")
    # Months of the supplier's warranty to us, from receipt of the goods.
    warranty_months = models.PositiveIntegerField(default=24)
    # {"required_shots": ["overall", …], "minimum_quantity": 1, "minimum_minor": 0, "handling_minor": 0,
    #  "deadline_days": 730, "reply_days": 14}
    claim_rules = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return self.name


class PurchaseOrder(Row):
    number = models.CharField(max_length=60, unique=True)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="purchase_orders")
    ordered_date = models.DateField()
    currency = models.CharField(max_length=3)

    def __str__(self) -> str:
        return self.number


class POLine(Row):
    purchase_order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="po_lines")
    quantity = models.PositiveIntegerField()
    unit_cost_minor = models.BigIntegerField(help_text="minor units of the purchase order's currency")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purchase_order", "position"], name="one_po_line_per_position"),
            models.CheckConstraint(condition=Q(unit_cost_minor__gte=0), name="po_cost_not_negative"),
        ]


class ShipmentBatch(Row):
    """One delivery of goods from a supplier."""

    reference = models.CharField(max_length=60)
    purchase_order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="shipment_batches")
    shipped_date = models.DateField(null=True, blank=True)
    received_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purchase_order", "reference"], name="one_shipment_per_reference"),
        ]

    def __str__(self) -> str:
        return self.reference


class BatchSource(Row):
    """The hinge of recovery: this batch came on this PO line, in this delivery; how we know."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="sources")
    po_line = models.ForeignKey(POLine, on_delete=models.PROTECT, related_name="batch_sources")
    shipment_batch = models.ForeignKey(ShipmentBatch, on_delete=models.PROTECT, null=True, blank=True)
    quantity = models.PositiveIntegerField(null=True, blank=True)
    how = models.CharField(max_length=12, choices=HOW_KNOWN, default="declared")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "po_line"], name="one_source_per_batch_and_po_line")]
