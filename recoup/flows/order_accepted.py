"""An order came in, or a newer version of one: returns that wait for it wake, and open ones are checked anew.

A number that a customer typed proves nothing, so a person decides.
"""

from __future__ import annotations

from django.utils import timezone

from recoup.domain.orders import queries as orders
from recoup.domain.orders.facts import OrderAccepted
from recoup.domain.returns import actions, queries
from recoup.foundation.facts.flows import flow
from recoup.kit.actor import SYSTEM
from recoup.kit.refusal import Refusal


@flow
def wake_blind_returns(fact: OrderAccepted) -> None:
    order = orders.order(fact.order_id)
    only, now = queries.only_line(order), timezone.now()
    for case in queries.blind_returns(number=order.number):
        lines = {line.pk: only for line in queries.lines_of(case)} if only else {}
        try:
            actions.attach_order(return_case=case, order=order, lines=lines, how="number", at=now, actor=SYSTEM)
        except Refusal:
            # More than one item, or none of it left: the agent sees the order beside the case and chooses.
            actions.order_found(return_case=case, order=order, at=now, actor=SYSTEM)


@flow
def verify_open_returns(fact: OrderAccepted) -> None:
    """What the shop gave back, delivered or cancelled since may change what the checks say."""
    for case in queries.open_returns(order_id=fact.order_id):
        actions.verify(return_case=case, at=timezone.now(), actor=SYSTEM)
