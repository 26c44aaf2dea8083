"""The demo knows where the goods of any given order came from."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from recoup.channels.kinds import kind
from recoup.channels.reading import ChannelSettings
from recoup.cli.intake_store import default_channel, store_order
from recoup.cli.sample import company, furnishing
from recoup.domain.catalogue import queries as catalogue
from recoup.domain.orders import queries
from recoup.domain.suppliers import queries as suppliers
from recoup.foundation.jobs.worker import drain
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guides" / "csv" / "orders.csv"
HEAD = b"order,placed_at,currency,sku,quantity,paid,batch,serials,line\n"
GIVEN = {
    "the guide's": GUIDE.read_bytes(),
    "with batch and serials": HEAD + b"D-1,2026-09-01,EUR,XX-LAMP,3,100.00,LOT-5,S1|S2|S3,\n",
    "with a batch": HEAD + b"D-1,2026-09-01,EUR,XX-LAMP,3,100.00,LOT-5,,\n",
    "with neither": HEAD + b"D-1,2026-09-01,EUR,KETTLE-17,3,100.00,,,\n",
    "two lines of one product": HEAD + b"D-1,2026-09-01,EUR,XX,1,9.00,,,a\nD-1,,,XX,1,9.00,,,b\n",
    "two products of one batch number": HEAD + b"D-1,2026-09-01,EUR,XX,1,9.00,L,,a\nD-1,,,YY,1,9.00,L,,b\n",
    "serials of another form": HEAD + b"D-1,2026-09-01,EUR,KETTLE-17,1,9.00,,S1,\n",
    "our own batch": HEAD + b"D-1,2026-09-01,EUR,KETTLE-17,1,9.00,KB-117,,\n",
}


@made_once()
def _furnished() -> None:
    company.furnish(now=timezone.now())


def _accepted(raw: bytes) -> Any:
    channel, how = default_channel("csvfile", time_zone="UTC"), kind("csvfile")
    taken = store_order(channel, how.split(raw)[0], ChannelSettings(), how)
    delivery = queries.delivery(UUID(taken.ids["delivery_id"]))
    if delivery.state == "parked":
        assert taken.order is not None
        assert furnishing.bring_in_products(taken.order, delivery.waiting_for)
        drain()
        delivery.refresh_from_db()
    assert delivery.order_id is not None
    return queries.order(delivery.order_id)


@pytest.mark.parametrize("raw", GIVEN.values(), ids=GIVEN.keys())
def test_every_line_of_a_given_order_leads_to_a_purchase(raw: bytes) -> None:
    _furnished()
    order = _accepted(raw)
    furnishing.trace(order)
    for line in queries.order_page(order).lines:
        assert line.serials
        product = catalogue.product(line.sku)
        for number in line.serials:
            serial = catalogue.find_serial(product=product, number=number)
            came = suppliers.source_of(product=product, serial=serial)
            assert came.po_line is not None, came.because
