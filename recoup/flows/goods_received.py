"""Goods were taken in: the customer hears that their parcel is here."""

from __future__ import annotations

from recoup.domain.returns import letters, queries
from recoup.domain.warehouse import queries as warehouse
from recoup.domain.warehouse.facts import GoodsReceived
from recoup.foundation.facts.flows import flow
from recoup.kit.actor import SYSTEM


@flow
def tell_customer_received(fact: GoodsReceived) -> None:
    receipt = warehouse.access_receipt(actor=SYSTEM, receipt_id=fact.receipt_id)
    letters.goods_received(line=queries.line_of(receipt.line_id), actor=SYSTEM)
