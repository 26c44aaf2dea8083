"""Channels, deliveries, customers, orders."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower

from recoup.domain.catalogue.models import Batch, Product, Serial
from recoup.domain.orders.states import DELIVERY_MOVES
from recoup.foundation.database.rows import Row
from recoup.foundation.database.triggers import legal_moves

#: '#1001', '1001' and ' 1001 ' as one, as ``queries.bare_number`` has it.
BARE_NUMBER = Lower(
    Func(
        F("number"), Value(r"[\s#]"), Value(""), Value("g"), function="regexp_replace", output_field=models.CharField()
    )
)


class Channel(Row):
    """One source of orders: a shop, marketplace, file feed or EDI partner."""

    code = models.CharField(max_length=60, unique=True, help_text="such as 'shopify-main'")
    kind = models.CharField(max_length=40, help_text="the folder under channels/ that translates it")
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=60, default="UTC", help_text="for times that come without a zone")
    # The webhook secret, sealed with the installation key; empty for file feeds.
    sealed_secret = models.BinaryField(default=bytes, blank=True)

    def __str__(self) -> str:
        return self.name


class Delivery(Row):
    """What arrived, byte for byte, before anybody judged it. Kept whole, so that it can be replayed."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="deliveries")
    delivery_key = models.CharField(max_length=200, help_text="the channel's own id of this delivery")
    topic = models.CharField(max_length=80)
    body = models.BinaryField()
    state = models.CharField(max_length=12, choices=DELIVERY_MOVES.choices, default=DELIVERY_MOVES.start)
    # [{code, pointer, severity, sentence, remedy}, …]
    problems = models.JSONField(default=list, blank=True)
    # What a parked delivery waits for: ["product:SKU-1", …].
    waiting_for = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    fingerprint = models.CharField(max_length=200, blank=True, db_index=True)
    # Of a dead delivery: which version of which order it tells of, as far as that could be read.
    external_id = models.CharField(max_length=120, blank=True, db_index=True)
    source_updated_at = models.DateTimeField(null=True, blank=True)
    order = models.ForeignKey(
        "orders.Order", on_delete=models.PROTECT, null=True, blank=True, related_name="deliveries"
    )

    SEALED = ("channel_id", "delivery_key", "topic", "body")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "delivery_key"], name="one_delivery_per_key")]
        indexes = [models.Index(fields=["state", "created_at"])]
        triggers = [
            legal_moves(DELIVERY_MOVES, "delivery_moves"),
            pgtrigger.ReadOnly(name="delivery_stays", fields=["channel", "delivery_key", "topic", "body"]),
            pgtrigger.Protect(name="delivery_never_deleted", operation=pgtrigger.Delete),
        ]


class Customer(Row):
    """A person who bought. Personal data live here and on the order's address only."""

    email = models.EmailField(blank=True, db_index=True)
    name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=8, default="en")


class Order(Row):
    """The canonical order, from any channel."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="orders")
    external_id = models.CharField(max_length=120)
    number = models.CharField(max_length=120, db_index=True, help_text="what the customer calls it, such as '#1001'")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="orders")
    placed_at = models.DateTimeField()
    source_updated_at = models.DateTimeField()
    currency = models.CharField(max_length=3)
    country = models.CharField(max_length=2, blank=True)
    total_minor = models.BigIntegerField()
    payment = models.CharField(max_length=24, help_text="paid, partly_paid, unpaid, refunded, partly_refunded, voided")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    # {"name", "lines": […], "postcode", "city", "country", "phone"}: where it was sent.
    ship_to = models.JSONField(default=dict, blank=True)
    tracking_numbers = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    # {field: {"owner": source|us|agent|derived, "delivery": id, "pointer": JSON pointer}}
    provenance = models.JSONField(default=dict, blank=True)
    # Problems of severity hold or warn that came with it and still stand.
    notes = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "external_id"], name="one_order_per_external_id")]
        indexes = [models.Index(BARE_NUMBER, name="order_bare_number")]

    def __str__(self) -> str:
        return self.number


class OrderLine(Row):
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    external_id = models.CharField(max_length=120)
    sku = models.CharField(max_length=80)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="order_lines")
    title = models.CharField(max_length=300)
    quantity = models.PositiveIntegerField()
    # What the customer paid for the whole line: after discounts, with tax; minor units of the order's currency.
    paid_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField(default=0, help_text="the tax within paid_minor")
    # Given back by the channel before we knew of it.
    refunded_minor = models.BigIntegerField(default=0)
    refunded_quantity = models.PositiveIntegerField(default=0)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="order_lines")
    batch_how = models.CharField(max_length=12, blank=True, help_text="scanned, declared, allocated, inferred")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "external_id"], name="one_line_per_external_id"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="line_quantity_positive"),
            models.CheckConstraint(
                condition=Q(tax_minor__gte=0, tax_minor__lte=F("paid_minor")), name="tax_within_paid"
            ),
            models.CheckConstraint(condition=Q(refunded_quantity__lte=F("quantity")), name="refunded_within_quantity"),
        ]
        ordering = ["position"]


class LineSerial(Row):
    """This unit was sold on this line."""

    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="serials")
    serial = models.ForeignKey(Serial, on_delete=models.PROTECT, related_name="sold_on")
    how = models.CharField(max_length=12, default="declared")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "serial"], name="a_serial_once_per_line")]
