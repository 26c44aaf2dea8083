"""What must always be true of deliveries and orders; each broken promise is named in one line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from recoup.domain.catalogue.models import Product
from recoup.domain.orders.models import Delivery, LineSerial, Order, OrderLine
from recoup.foundation.database.findings import Finding
from recoup.foundation.facts.models import Fact
from recoup.kit.money import Money

_SOON = timedelta(minutes=10)


def accepted_deliveries_have_their_order() -> Iterator[Finding]:
    """An accepted delivery has an order, and every order came in through one."""
    for row in Delivery.objects.filter(state="accepted", order=None).defer("body"):
        yield Finding("orders.delivery", str(row.pk), "It was accepted, but has no order.")
    for order in Order.objects.exclude(deliveries__state="accepted"):
        yield Finding("orders.order", order.number, "No accepted delivery stands behind this order.")


def nobody_waits_in_vain() -> Iterator[Finding]:
    """No delivery waits for what is here, and none lies unjudged without a fact that leads to a judgement."""
    for row in Delivery.objects.filter(state="parked").defer("body"):
        skus = [wait.partition(":")[2] for wait in row.waiting_for if wait.startswith("product:")]
        long_here = Product.objects.filter(sku__in=skus, created_at__lt=timezone.now() - _SOON)
        here = set(long_here.values_list("sku", flat=True))
        if here and len(here) == len(row.waiting_for):
            yield Finding("orders.waiting", str(row.pk), f"It waits for {', '.join(sorted(here))}, which is here.")
    for row in Delivery.objects.filter(state="received").defer("body"):
        if not Fact.objects.filter(name="DeliveryReceived", body__delivery_id=str(row.pk)).exists():
            yield Finding("orders.delivery", str(row.pk), "It was received, but nobody was told.")


def lines_give_back_no_more_than_was_paid() -> Iterator[Finding]:
    """What a channel gave back for a line is within what was paid for it."""
    for line in OrderLine.objects.filter(Q(refunded_minor__gt=F("paid_minor"))).select_related("order"):
        back, paid = (Money(minor, line.order.currency) for minor in (line.refunded_minor, line.paid_minor))
        said = f"{back} of {paid} were given back."
        yield Finding("orders.line", f"{line.order.number}/{line.position}", said)


def serials_are_of_their_lines_product() -> Iterator[Finding]:
    """A unit that was sold on a line is one of the line's product."""
    wrong = LineSerial.objects.exclude(serial__product=F("line__product")).select_related("serial", "line__order")
    for each in wrong:
        said = f"The serial {each.serial.number} is not one of {each.line.sku}."
        yield Finding("orders.serial", f"{each.line.order.number}/{each.line.position}", said)
