"""The sample company's cases, one in each state worth looking at, made by the same actions that everybody uses."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import structlog
from django.utils import timezone

from recoup.cli.sample import album, claiming, company, tables
from recoup.cli.sample.company import CHANNEL, SITE, Company
from recoup.cli.sample.shop import SALES, Sale, payload
from recoup.cli.sample.waiting import until
from recoup.kit.actor import Actor

_LINK_DAYS = 30
#: Order → defect and photos: 2001 and 2004 are approved by themselves and gather into one claim, 2002 needs a person,
#: 2003 another photo, 2005 is paid and goes on to the supplier's credit. 2006 and 2007 are left for whoever looks.
PLAN: dict[int, tuple[str, tuple[str, ...]]] = {
    2005: ("stops_working", ("overall", "close_up")),
    2001: ("cracked", ("overall", "close_up", "serial_label")),
    2002: ("does_not_start", ("overall", "close_up")),
    2003: ("cracked", ("overall",)),
    2004: ("cracked", ("overall", "close_up")),
}
RECEIVED, RECOVERED, FREE = (2004, 2005), 2005, 2007
log = structlog.get_logger("demo")


def take_orders(*, now: datetime) -> int:
    """The sample shop's orders, those that are not here yet, through the channel's own gates; returns how many."""
    from recoup.channels.kinds import kind
    from recoup.channels.reading import ChannelSettings, Part
    from recoup.cli.intake_store import store_order
    from recoup.domain.orders import queries

    channel, how = queries.channel(CHANNEL), kind("shopify")
    settings = ChannelSettings(code=channel.code, time_zone=channel.time_zone)
    missing = [sale for sale in SALES if order_of(sale.name) is None]
    for sale in missing:
        store_order(channel, Part("", payload(sale, now=now)), settings, how)
    sold = {sale.serial: sale.name for sale in missing if sale.serial}
    if sold:
        company.bring_in("serials.csv", tables.serials(sold))
    return len(missing)


def open_link(sale: Sale, *, actor: Actor, now: datetime) -> tuple[Any, str]:
    """The customer's link for this order, and its secret."""
    from recoup.domain.returns import actions

    order = order_of(sale.name)
    return actions.open_link(order=order, language="en", expires_at=link_ends(now=now), actor=actor)


def link_ends(*, now: datetime | None = None) -> datetime:
    return (now or timezone.now()) + timedelta(days=_LINK_DAYS)


def order_of(number: str) -> Any:
    """The order with this number, or None."""
    from recoup.domain.orders import queries

    return next((order for order in queries.search_orders(number) if order.number == number), None)


def hand_in(session: Any, data: bytes, *, shot: str, actor: Actor) -> None:
    """One photo of a customer, as it arrives when its last byte is durable."""
    from recoup.domain.evidence import actions as evidence
    from recoup.foundation.files import actions as files
    from recoup.foundation.files.actions import Kept

    now, sha256 = timezone.now(), hashlib.sha256(data).hexdigest()
    upload = evidence.announce_upload(
        session=session, client_id=uuid4(), length=len(data), now=now, sha256=sha256, shot=shot, media_type="image/jpeg"
    )
    segment = files.begin_segment(file_id=upload.file_id, key=upload.file.key, number=0)
    segment.write(data)
    segment.keep()
    kept = Kept(number=0, offset=0, length=len(data), path=segment.path)
    evidence.complete_upload(upload=upload, kept=kept, sha256=sha256, actor=actor, now=now)


def send_in(sale: Sale, staff: Company) -> Any:
    """This buyer's return: link, photos, choice, sent."""
    from recoup.domain.orders import queries
    from recoup.domain.returns import actions
    from recoup.domain.returns.actions import Choice

    defect, shots = PLAN[sale.number]
    link, _ = open_link(sale, actor=staff["agent"], now=timezone.now())
    customer = Actor(kind="customer", id=str(link.pk), name="The customer")
    for picture in album.rendered(sale, shots):
        hand_in(link.session, picture.data, shot=picture.shot, actor=customer)
    line = queries.find_line(number=sale.name, sku=sale.sku)
    choice = Choice(
        order_line_id=line.pk, defect_type=defect, serial=sale.serial, words="It was used as the manual says."
    )
    return actions.submit(link=link, choice=choice, at=timezone.now(), actor=customer)


def case_of(sale: Sale, staff: Company) -> Any:
    """The return of this order, or None."""
    from recoup.domain.returns import queries

    hits = [hit for hit in queries.search(staff["agent"], sale.name) if hit.order_number == sale.name]
    return queries.access_case(actor=staff["agent"], number=hits[0].number) if hits else None


def play(staff: Company) -> None:
    """Everything that is still to do; what has been done before is left alone, so it may be run again at any time."""
    sales = {sale.number: sale for sale in SALES}
    for number in PLAN:
        if case_of(sales[number], staff) is None:
            send_in(sales[number], staff)
    _pay_back(sales[RECOVERED], staff)
    _receive([sales[number] for number in RECEIVED], staff)
    _recover(sales[RECOVERED], staff)


def play_behind(staff: Company) -> threading.Thread:
    """``play`` in a thread: the pages are there at once, and fill while one looks."""
    thread = threading.Thread(target=_quietly, args=[staff], name="sample-company", daemon=True)
    thread.start()
    return thread


def _quietly(staff: Company) -> None:
    from recoup.foundation.database import connect

    try:
        play(staff)
        log.info("demo.played")
    except Exception:
        log.exception("demo.stopped")
    finally:
        connect.give_back()


def _receive(sales: Sequence[Sale], staff: Company) -> None:
    from recoup.domain.warehouse import actions, queries

    site = queries.access_site(actor=staff["warehouse"], code=SITE)
    for sale in sales:
        for each in queries.scan(actor=staff["warehouse"], typed=_rma_of(sale, staff)).lines:
            if each.line.goods in ("awaiting", "in_transit"):
                actions.receive(
                    line=each.line, site=site, quantity=each.line.quantity, grade="D", at=timezone.now(), actor=staff["warehouse"]
                )  # fmt: skip


def _rma_of(sale: Sale, staff: Company) -> str:
    """The RMA number of this order's return, as soon as it was approved."""

    def look() -> str | None:
        found: str | None = case_of(sale, staff).rma_number
        return found

    return until(look, f"Approving {sale.name}", seconds=300)


def _pay_back(sale: Sale, staff: Company) -> None:
    """Finance has paid this one; the others wait under “To pay” for whoever looks."""
    remedy = claiming.remedy_posted(staff, case_of(sale, staff).number, seconds=300)
    if remedy.kind == "refund" and remedy.state == "posted":
        claiming.pay_back(staff, remedy.remedy_id, reference=f"BANK-{sale.number}")


def _recover(sale: Sale, staff: Company) -> None:
    """This one's claim goes all the way to the supplier's credit, each step only where it still stands before it."""
    from recoup.domain.claims import queries

    case = case_of(sale, staff).number
    number = claiming.claim_number_of(staff, case, seconds=300)
    state = queries.access_claim(staff["buyer"], number).state
    if state in ("drafting", "redaction_pending"):
        for photo in claiming.drawn(staff, number):
            if photo.copy_state == "proposed":
                claiming.sign(staff, number, photo)
        claiming.put_forward(staff, number)
        state = "ready"
    if state == "ready":
        claiming.approve(staff, number)
        claiming.sent(staff, number)
    if state in ("ready", "approved", "sent", "acknowledged"):
        claiming.accept_everything(claiming.link_to_hand_over(staff, number))
        claiming.record_credit(staff, number, reference="CN-5521")


def sale(number: int) -> Sale:
    return next(each for each in SALES if each.number == number)
