"""A small company whose orders came in through its channel, as ``recoup verify`` wants to see them."""

from __future__ import annotations

import datetime
import itertools
from typing import Any

from recoup.domain.catalogue.models import Product
from recoup.domain.claims.tests import factories as claims
from recoup.domain.orders import actions
from recoup.domain.orders.canonical import Reading
from recoup.domain.orders.models import Channel, Order, OrderLine
from recoup.domain.orders.tests import factories as orders
from recoup.domain.returns.tests import factories as returns
from recoup.kit.actor import SYSTEM

_numbers = itertools.count(1)


def shop() -> Channel:
    return Channel.objects.filter(code="shop").first() or orders.channel(secret="hush")


def bought(*sold: Product | None, quantity: int = 2, paid: int = 9980, tax: int = 1594) -> list[OrderLine]:
    """One order with a line for each product (None: some kettle), delivered eighty days ago."""
    products = [each or returns.product() for each in sold]
    lines = [
        orders.line(external_id=str(place), sku=each.sku, quantity=quantity, paid_minor=paid, tax_minor=tax)
        for place, each in enumerate(products)
    ]
    return list(_taken_in(lines).lines.order_by("position"))


def _taken_in(lines: list[Any]) -> Order:
    number = next(_numbers)
    ordered, arrived = (returns.NOW - datetime.timedelta(days=days) for days in (90, 80))
    draft = orders.draft(
        external_id=str(number), number=f"#{number}", placed_at=ordered, source_updated_at=ordered, shipped_at=arrived,
        delivered_at=arrived, stated_total_minor=None, lines=tuple(lines),
    )  # fmt: skip
    delivery = orders.delivered(shop(), f"order {number}".encode())
    judged = actions.judge(delivery=delivery, reading=Reading(draft), at=returns.NOW, actor=SYSTEM)
    assert judged.state == "accepted" and judged.order
    return judged.order


class Source(claims.Source):
    """A kettle with a supplier, sold through the channel."""

    def sold(self, **values: Any) -> OrderLine:
        [line] = bought(self.product)
        OrderLine.objects.filter(pk=line.pk).update(batch=self.batch, batch_how="scanned")
        line.refresh_from_db()
        return line
