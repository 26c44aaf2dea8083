"""Products and their reference pictures, batches, serials, warranty plans."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from recoup.domain.catalogue.rules import MOST_PICTURES
from recoup.foundation.database.rows import Row
from recoup.foundation.files.models import StoredFile


class WarrantyPlan(Row):
    """One version of a plan: which months a jurisdiction gives to contracts made from a date on.

    A plan (``code``) has several rows; the one in force for an order is the latest whose
    ``contracts_from`` is not after the order's date, of the order's jurisdiction, else of ''.
    """

    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    jurisdiction = models.CharField(max_length=8, blank=True, help_text="ISO 3166 country or 'EU'; '' = anywhere")
    contracts_from = models.DateField()
    months = models.PositiveIntegerField()
    # [[months since start, percent of the price], …]; empty = the full price until the end.
    pro_rata = models.JSONField(default=list, blank=True)
    source = models.CharField(max_length=200, help_text="the law or agreement it stands on")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "jurisdiction", "version"], name="one_row_per_plan_version"),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class Product(Row):
    """Something sold under one SKU."""

    sku = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    gtin = models.CharField(max_length=14, blank=True, db_index=True)
    # A regular expression for the serials of this SKU; '' = units carry no serial.
    serial_format = models.CharField(max_length=120, blank=True)
    warranty_plan = models.CharField(max_length=40, blank=True, help_text="a WarrantyPlan code; '' = no plan known")
    # Words printed on the goods or the box that may stay readable for the supplier.
    allowed_words = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.sku})"


class ProductPicture(Row):
    """What the product looks like: a derived JPEG that customers' photos are compared with."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="pictures")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="product_picture")
    sha256 = models.CharField(max_length=64, help_text="hex, of the JPEG")
    position = models.PositiveSmallIntegerField(help_text="1, 2, 3 …; a place that became free is taken again")

    class Meta:
        ordering = ["product", "position"]
        constraints = [
            models.UniqueConstraint(fields=["product", "sha256"], name="one_picture_per_bytes"),
            models.UniqueConstraint(fields=["product", "position"], name="one_picture_per_position"),
            models.CheckConstraint(
                condition=models.Q(position__gte=1, position__lte=MOST_PICTURES), name="few_pictures_per_product"
            ),
        ]


class Batch(Row):
    """One production run of one product."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="batches")
    number = models.CharField(max_length=60)
    made_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "number"], name="one_batch_per_number")]

    def __str__(self) -> str:
        return self.number


class Serial(Row):
    """One unit."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="serials")
    number = models.CharField(max_length=60)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="serials")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "number"], name="one_serial_per_number")]

    def __str__(self) -> str:
        return self.number
