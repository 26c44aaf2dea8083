"""How the customer of an order is written to: by mail, or by text message to a mobile number on the order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q

from recoup.domain.orders.models import BARE_NUMBER, Customer, Order
from recoup.domain.orders.queries import bare_number
from recoup.foundation.notices import gateway
from recoup.kit import telephone
from recoup.kit.refusal import NotFound

#: What a one-time code may be sent to: these addresses of an order.
EMAIL, PHONE, SHIP_TO_PHONE = "email", "phone", "ship_to_phone"


@dataclass(frozen=True, slots=True)
class Reach:
    """``way``: mail or text; ``to``: an e-mail address, or a number in E.164; '' when there is none. Personal."""

    way: str
    to: str


def reach(order: Order) -> Reach:
    """By mail where there is an address; else by text where those are sent and a number takes them."""
    if order.customer.email or not gateway.on():
        return Reach("mail", order.customer.email)
    number = next((number for _, number in _mobiles(order)), "")
    return Reach("text" if number else "mail", number)


def reach_at(order: Order, which: str) -> Reach:
    """By this one of the order's addresses, which a one-time code was asked for."""
    if which == EMAIL:
        return Reach("mail", order.customer.email)
    return Reach("text", dict(_mobiles(order)).get(which, ""))


def maybe_reached(order: str) -> Q:
    """For queries over what points at an ``order``: there is an address, or something that may be a mobile number."""
    known: dict[str, Any] = {f"{order}__ship_to__has_key": "phone"}
    mailed = ~Q(**{f"{order}__customer__email": ""})
    if not gateway.on():
        return mailed
    shipped_to = Q(**known) & ~Q(**{f"{order}__ship_to__phone": ""})
    return mailed | ~Q(**{f"{order}__customer__phone": ""}) | shipped_to


def find_order_by_phone(*, number: str, phone: str) -> tuple[Order, str]:
    """The customer's own order by its number and a mobile number on it, and which of its numbers that is.

    Raises NotFound for anything that does not fit. Of several shops' orders with that number, the latest. Numbers are read
    as somebody in the order's country would dial them.
    """
    wanted = bare_number(number)
    numbered = Order.objects.select_related("customer", "channel").annotate(bare=BARE_NUMBER).filter(bare=wanted)
    known: list[Order] = [*numbered.order_by("-placed_at")[:200]]
    # Where there is no order we compare with nobody's, so that finding nothing takes as long.
    for each in known or [_nobodys()]:
        typed = telephone.e164(phone, country=_country(each))
        which = next((which for which, own in _mobiles(each) if own == typed), "")
        if which and each.number:
            return each, which
    raise NotFound()


def _mobiles(order: Order) -> Iterator[tuple[str, str]]:
    """The order's numbers that take text messages, in E.164."""
    country = _country(order)
    for which, said in ((PHONE, order.customer.phone), (SHIP_TO_PHONE, order.ship_to.get("phone", ""))):
        number = telephone.e164(said, country=country)
        if number and telephone.takes_texts(number):
            yield which, number


def _country(order: Order) -> str:
    """Where the order's numbers are dialled as they stand."""
    country: str = order.ship_to.get("country") or order.country or settings.RECOUP_COUNTRY
    return country


def _nobodys() -> Order:
    """An order without a number: two mobile numbers in Germany that are kept free for films."""
    return Order(customer=Customer(phone="+4915228817386"), ship_to={"phone": "+4915228895456"})
