"""What flows read: the rows a fact is about, and whom to write to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from recoup.domain.catalogue.models import Product
from recoup.domain.orders.models import Order, OrderLine
from recoup.domain.orders.reach import Reach, reach
from recoup.domain.returns.models import CaptureLink, Decision, Remedy, Return, ReturnLine
from recoup.domain.returns.states import WOKEN_BY_ORDERS


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where the customer of a case is written to, by mail or by text, and in which language. Personal."""

    way: str
    to: str
    name: str
    language: str


def return_of(return_id: UUID) -> Return:
    return Return.objects.select_related("order__customer").get(pk=return_id)


def line_of(line_id: UUID) -> ReturnLine:
    lines = ReturnLine.objects.select_related("return_case__order__customer", "order_line", "defect_type")
    return lines.get(pk=line_id)


def lines_of(case: Return) -> Sequence[ReturnLine]:
    return list(case.lines.select_related("return_case", "order_line", "defect_type").order_by("created_at"))


def remedy_of(remedy_id: UUID) -> Remedy:
    remedies = Remedy.objects.select_related(
        "memo", "line__return_case__order__customer", "line__order_line", "line__defect_type"
    )
    return remedies.get(pk=remedy_id)


def remedies_to_post(line_id: UUID) -> Sequence[Remedy]:
    """What was approved for the line and is not carried out yet."""
    rows = Remedy.objects.select_related("line__return_case__order", "line__order_line", "line__defect_type")
    return list(rows.filter(line=line_id, state="approved").order_by("created_at"))


def newest_link(case: Return) -> CaptureLink | None:
    return case.links.select_related("session").order_by("-created_at").first()


def begun_link(order: Order) -> CaptureLink | None:
    """Where the customer began to return something of the order and has not sent it; never from before a return of it."""
    begun = CaptureLink.objects.filter(order=order, return_case=None).select_related("session")
    returned = Return.objects.filter(order=order).order_by("-created_at").first()
    since = begun.filter(created_at__gt=returned.created_at) if returned else begun
    return since.order_by("-created_at").first()


def return_of_session(session_id: UUID) -> Return | None:
    link = CaptureLink.objects.select_related("return_case").filter(session=session_id).first()
    return link.return_case if link else None


def products_of_session(session_id: UUID) -> Sequence[Product]:
    """What was bought on the order that a session's photos are for; nothing while the order is unknown."""
    link = CaptureLink.objects.select_related("return_case").filter(session=session_id).first()
    if link is None:
        return []
    order_id = (link.return_case and link.return_case.order_id) or link.order_id
    return list(Product.objects.filter(order_lines__order=order_id).distinct()) if order_id else []


def recipient(case: Return) -> Recipient:
    """The customer's address or mobile number; empty while the order is unknown, and then the notice is kept without being sent."""
    link, customer = newest_link(case), case.order.customer if case.order else None
    language = link.session.language if link else customer.language if customer else "en"
    to = reach(case.order) if case.order else Reach("mail", "")
    return Recipient(to.way, to.to, customer.name if customer else "", language)


def last_of(line: ReturnLine, verb: str) -> Decision | None:
    """The newest decision of this verb, such as the refusal with its reason."""
    return line.decisions.filter(verb=verb).order_by("-created_at").first()


def blind_returns(*, number: str) -> Sequence[Return]:
    """Returns that wait for an order with this number, however the customer typed it."""
    wanted = _bare(number)
    waiting = Return.objects.filter(waiting_for__in=WOKEN_BY_ORDERS, order=None).exclude(order_typed="")
    return [case for case in waiting.order_by("created_at") if wanted and _bare(case.order_typed) == wanted]


def open_returns(*, order_id: UUID) -> Sequence[Return]:
    """Returns of this order with a line that nobody has decided, oldest first."""
    return list(Return.objects.filter(order=order_id, lines__decision="open").distinct().order_by("created_at"))


def only_line(order: Order) -> OrderLine | None:
    """The order's one line; None when a person must say which one it is."""
    lines = list(order.lines.all()[:2])
    return lines[0] if len(lines) == 1 else None


def _bare(number: str) -> str:
    return re.sub(r"[\s#]", "", number).lower()
