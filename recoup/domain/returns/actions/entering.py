"""The customers' front door: order number and e-mail address earn a one-time code, the code a link.

From outside nobody learns whether an order or an address exists: what fits nothing takes the same way, and gets no mail.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from recoup.domain.catalogue.rules import BoxCode
from recoup.domain.orders import queries as orders
from recoup.domain.orders.models import Order
from recoup.domain.returns import deadlines, queries
from recoup.domain.returns.actions.links import choose, new_secret, note_box, open_link
from recoup.domain.returns.facts import CodeAsked
from recoup.domain.returns.models import CaptureLink
from recoup.foundation.accounts import codes
from recoup.foundation.facts import actions as facts
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


class NothingElseLeft(Refusal):
    code = "returns.nothing_else_left"
    sentence = "Everything of this order is in a return already. Is something else wrong? Answer any mail of ours."


@transaction.atomic
def ask_to_come_in(*, number: str, email: str, place: str, at: datetime) -> UUID:
    """Have a code sent to the address if an order fits; returns what the code is typed in for.

    Raises NumberMissing, AddressMissing, TooManyCodes.
    """
    number, email = _plain(number, 120), _plain(email, 254)
    if not orders.bare_number(number):
        raise NumberMissing()
    if "@" not in email.strip("@"):
        raise AddressMissing()
    order = _fitting(number, email)
    code = codes.ask_code(
        about=orders.bare_number(number), address=email, place=place, subject_id=order.pk if order else None, now=at
    )
    facts.tell(CodeAsked(code_id=code.pk))  # always: the mail, or none, is a job's business
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
    return _begin(order, at, actor)


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


def _begin(order: Order, at: datetime, actor: Actor, box: BoxCode | None = None) -> str:
    """On with what was begun and never sent, on whichever device; when its time is over, anew with what was typed."""
    begun, until = queries.begun_link(order), at + deadlines.CUSTOMER
    if begun and begun.session.state == "open" and begun.session.expires_at > at + _ENOUGH:
        note_box(link=begun, box=box)
        return new_secret(link=begun, expires_at=min(until, begun.session.expires_at), actor=actor)
    link, secret = open_link(order=order, language=order.customer.language, expires_at=until, actor=actor)
    note_box(link=link, box=box)
    if begun:
        choose(link=link, draft=begun.draft, at=at, actor=actor)
    return secret


def _fitting(number: str, email: str) -> Order | None:
    try:
        return orders.find_order(number=number, email=email)
    except NotFound:
        return None


def _plain(typed: str, longest: int) -> str:
    return "".join(sign for sign in typed if sign.isprintable()).strip()[:longest]
