"""The customers' front door: order number and e-mail address, or mobile number, earn a one-time code, the code a link.

From outside nobody learns whether an order or an address exists: what fits nothing takes the same way, and gets no message.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from recoup.domain.catalogue.rules import BoxCode
from recoup.domain.orders import queries as orders
from recoup.domain.orders import reach
from recoup.domain.orders.models import Order
from recoup.domain.returns import deadlines, queries
from recoup.domain.returns.actions.links import choose, new_secret, note_box, open_link
from recoup.domain.returns.facts import CodeAsked
from recoup.domain.returns.models import CaptureLink
from recoup.foundation.accounts import codes
from recoup.foundation.facts import actions as facts
from recoup.foundation.notices import gateway
from recoup.kit import telephone
from recoup.kit.actor import Actor
from recoup.kit.refusal import NotFound, Refusal

#: What is begun is gone on with while there is this much time left for it.
_ENOUGH = timedelta(days=1)


class NumberMissing(Refusal):
    code = "returns.number_missing"
    status = 422
    sentence = "Write the number of your order. It is in the mail that confirmed it, such as #1001."


class AddressMissing(Refusal):
    code = "returns.address_missing"
    status = 422
    sentence = "Write the e-mail address you gave when you ordered, such as name@example.com."


class ReachMissing(Refusal):
    code = "returns.reach_missing"
    status = 422
    sentence = (
        "Write the e-mail address or the mobile number you gave when you ordered, such as name@example.com or"
        " +44 7700 900123."
    )


class NothingElseLeft(Refusal):
    code = "returns.nothing_else_left"
    sentence = "Everything of this order is in a return already. Is something else wrong? Answer any mail of ours."


@transaction.atomic
def ask_to_come_in(*, number: str, address: str, place: str, at: datetime) -> UUID:
    """Have a code sent to the e-mail address or mobile number if an order fits; returns what the code is typed in for.

    Raises NumberMissing, AddressMissing, ReachMissing, TooManyCodes, TooManyTexts.
    """
    number, typed = _plain(number, 120), _plain(address, 254)
    if not orders.bare_number(number):
        raise NumberMissing()
    texted = _is_phone(typed)
    order, goes_to = _fitting(number, typed, texted)
    code = codes.ask_code(
        about=orders.bare_number(number), address=_compared(typed) if texted else typed, place=place,
        subject_id=order.pk if order else None, texted=texted, goes_to=goes_to, now=at,
    )  # fmt: skip
    facts.tell(CodeAsked(code_id=code.pk))  # always: the message, or none, is a job's business
    return code.pk


def come_in(*, code_id: UUID, typed: str, at: datetime, box: BoxCode | None = None) -> str:
    """The secret of a link for whoever typed the right code; ``box`` is what they scanned before, if they did.

    Raises NotFound, and why the code opens nothing.
    """
    with transaction.atomic():
        code, refusal = codes.try_code(code_id=code_id, typed=typed, now=at)
        if refusal is None and code.subject_id:
            return _open(orders.order(code.subject_id), box, at, code.actor())
    raise refusal or NotFound()  # after the commit, so that the try stays counted


@transaction.atomic
def open_another(*, link: CaptureLink, at: datetime, actor: Actor) -> str:
    """The secret of a new link to the order of this one, for something else of it. Raises NothingElseLeft."""
    order = queries.order_of(link)
    if order is None or not queries.anything_left(order):
        raise NothingElseLeft()
    return _begin(order, at, actor, language=link.session.language)


def _open(order: Order, box: BoxCode | None, at: datetime, actor: Actor) -> str:
    """To the newest return while it is under way, or when nothing else is left to return; else to a new one.

    Whoever scanned the box of something else of the order has come for that.
    """
    until, case = at + deadlines.CUSTOMER, queries.return_to_show(order)
    if case is None or (box and queries.boxed_elsewhere(case, order, box.gtin)):
        return _begin(order, at, actor, box)
    link, language = queries.newest_link(case), order.customer.language
    if link:
        return new_secret(link=link, expires_at=until, actor=actor)
    return open_link(order=order, language=language, expires_at=until, actor=actor, return_case=case)[1]


def _begin(order: Order, at: datetime, actor: Actor, box: BoxCode | None = None, *, language: str = "") -> str:
    """On with what was begun and never sent, on whichever device; when its time is over, anew with what was typed."""
    begun, until = queries.begun_link(order), at + deadlines.CUSTOMER
    if begun and begun.session.state == "open" and begun.session.expires_at > at + _ENOUGH:
        note_box(link=begun, box=box)
        return new_secret(link=begun, expires_at=min(until, begun.session.expires_at), actor=actor)
    spoken = language or order.customer.language
    link, secret = open_link(order=order, language=spoken, expires_at=until, actor=actor)
    note_box(link=link, box=box)
    if begun:
        choose(link=link, draft=begun.draft, at=at, actor=actor)
    return secret


def _fitting(number: str, typed: str, texted: bool) -> tuple[Order | None, str]:
    """The order that fits, and which of its addresses was typed."""
    try:
        if texted:
            return reach.find_order_by_phone(number=number, phone=typed)
        return orders.find_order(number=number, email=typed), reach.EMAIL
    except NotFound:
        return None, reach.EMAIL


def _is_phone(typed: str) -> bool:
    """Whether a telephone number was typed, else an e-mail address. Raises AddressMissing, or ReachMissing, for neither."""
    if "@" in typed.strip("@"):
        return False
    if not gateway.on():
        raise AddressMissing()
    if not telephone.could_be_number(typed):
        raise ReachMissing()
    return True


def _compared(phone: str) -> str:
    """A number as it is counted, before anybody knows an order and its country: in E.164 where it can be read."""
    return telephone.e164(phone, country=settings.RECOUP_COUNTRY) or "".join(filter(str.isdecimal, phone))


def _plain(typed: str, longest: int) -> str:
    return "".join(sign for sign in typed if sign.isprintable()).strip()[:longest]
