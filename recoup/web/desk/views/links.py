"""A new link for a customer: find the order, open the link, hand it over as text, code or e-mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET, require_POST

from recoup.domain.orders import queries as orders
from recoup.domain.orders.reach import reach
from recoup.domain.returns import actions
from recoup.domain.returns import queries as returns
from recoup.foundation.notices import actions as notices
from recoup.web.desk.doors import DeskRequest, onward, show, staff_only

GOOD_FOR = timedelta(days=30)
BLIND = UUID(int=0)  # the address of a link without an order


@staff_only("agent")
@require_GET
def new_link(request: DeskRequest) -> HttpResponseBase:
    """Which order? By anything that is printed on it; without a word, the latest ones."""
    asked = request.GET.get("order", "").strip()
    found = orders.search_orders(asked) if asked else orders.recent_orders(limit=12)
    live = returns.open_links(found, now=timezone.now())
    reminded = returns.last_reminded(found)
    rows = [(order, live.get(order.pk, 0), reminded.get(order.pk), reach(order)) for order in found]
    return show(request, "desk/new_link.html", room="desk:queue", wanted=asked, found=rows, blind=BLIND)


@staff_only("agent")
@require_POST
def open_for(request: DeskRequest, order_id: UUID) -> HttpResponseBase:
    """Open the link and show it, this once; with a tick, it also goes to the customer by e-mail, or as a text message."""
    order = None if order_id == BLIND else orders.access_order(actor=request.actor, order_id=order_id)
    language = order.customer.language if order else "en"
    expires_at = timezone.now() + GOOD_FOR
    link, secret = actions.open_link(order=order, language=language, expires_at=expires_at, actor=request.actor)
    address = f"{settings.RECOUP_ADDRESS}/c/{secret}/"
    to = reach(order) if order and request.POST.get("send") == "on" else None
    if to and to.to and order:
        notices.queue(
            audience="customer", to=to.to, way=to.way, template="returns.link", subject=link, actor=request.actor,
            language=language, link=address, order_number=order.number, name=order.customer.name, until=expires_at,
        )  # fmt: skip
    about: dict[str, Any] = {
        "order": order,
        "address": address,
        "code": _code(address),
        "expires_at": expires_at,
        "sent_to": to.to if to else "",
    }
    return show(request, "desk/link_opened.html", room="desk:queue", **about)


@staff_only("agent")
@require_POST
def withdraw(request: DeskRequest, order_id: UUID) -> HttpResponseBase:
    """Whoever holds a link to this order stands before a closed door from now on."""
    order = orders.access_order(actor=request.actor, order_id=order_id)
    count = actions.withdraw_links(about=order, at=timezone.now(), actor=request.actor)
    return onward(request, "desk:new_link", said=f"{_withdrawn(count)} Order {order.number} can be given a new one.")


@staff_only("agent")
@require_POST
def withdraw_case(request: DeskRequest, number: str) -> HttpResponseBase:
    case = returns.access_case(actor=request.actor, number=number)
    count = actions.withdraw_links(about=case, at=timezone.now(), actor=request.actor)
    return onward(
        request, "desk:case", number, said=f"{_withdrawn(count)} Our next letter brings the customer a new one."
    )


def _withdrawn(count: int) -> str:
    return f"{count} link{'s' * (count != 1)} withdrawn." if count else "No link was open."


def _code(address: str) -> SafeString:
    """The address as a QR code, an inline picture without styles of its own."""
    svg = segno.make(address, error="m").svg_inline(scale=4, border=2, omitsize=True)
    return mark_safe(svg)  # noqa: S308  (segno draws it from the address alone)
