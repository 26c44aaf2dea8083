"""How the demo's order comes in: the shop's signed webhook, or a file of the user's, with all that can be wrong."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils import timezone

from recoup.channels.csvfile.references import kind_of
from recoup.channels.kinds import Kind, kind
from recoup.channels.reading import ChannelSettings, Part
from recoup.channels.shopify import signature
from recoup.cli.intake_store import default_channel, store_order
from recoup.cli.sample import company, furnishing, tables
from recoup.cli.sample.company import CHANNEL, Company
from recoup.cli.sample.phone import Browser
from recoup.cli.sample.shop import SALES, Sale, payload
from recoup.cli.sample.telling import Note, Teller
from recoup.cli.sample.waiting import until

_JUDGED = ("accepted", "parked", "dead", "stale", "duplicate")


@dataclass(frozen=True, slots=True)
class Bought:
    """The order the story goes on with, the line that comes back, and how this buyer photographs."""

    order: Any
    line: Any
    sale: Sale


class Ordering:
    """Brings an order in; ``play`` returns the one to go on with."""

    def __init__(self, teller: Teller, staff: Company, address: str) -> None:
        self.teller, self.staff, self.address = teller, staff, address

    def play(self, raw: bytes | None) -> Bought:
        if raw is not None and (order := self._given(raw)):
            return _bought(order)
        return self._sample()

    # --- the sample's own -------------------------------------------------------------------------------

    def _sample(self) -> Bought:
        sale = SALES[0]
        with self.teller.step("The shop's webhook brings an order") as note:
            delivery = self._judged(self._deliver(payload(sale, now=timezone.now())))
            company.bring_in("serials.csv", tables.serials({sale.serial: sale.name}))
            order = _order(delivery)
            _say_order(note, delivery, order)
        return Bought(order, order.lines.get(), sale)

    def _deliver(self, body: bytes) -> UUID:
        """Post it as the shop would, signed; returns the delivery's id."""
        from recoup.domain.orders import queries

        signed = signature.sign(body, queries.webhook_secret(queries.channel(CHANNEL)))
        headers = {
            "Content-Type": "application/json",
            "X-Shopify-Topic": "orders/create",
            "X-Shopify-Hmac-Sha256": signed,
        }
        _, said = Browser(self.address).ask("POST", f"/api/channels/{CHANNEL}/webhook", body=body, headers=headers)
        return UUID(json.loads(said)["delivery_id"])

    def _judged(self, delivery_id: UUID, *, besides: str = "") -> Any:
        """The delivery once the worker has sent it through the gates (and on, from the state ``besides``)."""
        from recoup.domain.orders import queries

        def look() -> Any:
            delivery = queries.delivery(delivery_id)
            return delivery if delivery.state in _JUDGED and delivery.state != besides else None

        return until(look, "Judging the order")

    # --- the user's -------------------------------------------------------------------------------------

    def _given(self, raw: bytes) -> Any:
        """The first order of the file that can come in; None when none can, and then it has been said why."""
        how = kind(_kind_of(raw))
        for part in how.split(raw):
            with self.teller.step("The given order comes in") as note:
                delivery = self._taken(part, how)
                _say_problems(note, delivery)
            if delivery.state == "parked":
                delivery = self._complete(delivery, part, how)
            if delivery.order_id and (order := _order(delivery)).lines.exists():
                self._trace(delivery, order)
                return order
        with self.teller.step("The story goes on with the sample's order") as note:
            note.say("The given file has no order that anything can come back of; what it lacks is said above.")
        return None

    def _taken(self, part: Part, how: Kind) -> Any:
        from recoup.domain.orders import queries

        if how.name == "shopify":
            return self._judged(self._deliver(part.body))
        channel = default_channel(how.name, time_zone="UTC")
        settings = ChannelSettings(code=channel.code, time_zone=channel.time_zone)
        return queries.delivery(UUID(store_order(channel, part, settings, how).ids["delivery_id"]))

    def _complete(self, delivery: Any, part: Part, how: Kind) -> Any:
        """It waits for products that nobody has brought in: they are brought in, and it wakes by itself."""
        with self.teller.step("What it waits for is brought in, and it wakes") as note:
            draft = how.translate(part.body, ChannelSettings(time_zone=delivery.channel.time_zone)).order
            assert draft is not None
            for sku in furnishing.bring_in_products(draft, delivery.waiting_for):
                note.say(f"products.csv with {sku}")
            return self._judged(delivery.pk, besides="parked")

    def _trace(self, delivery: Any, order: Any) -> None:
        """A claim on a supplier needs to know where the goods came from; an order does not say that."""
        with self.teller.step("Where its goods came from is brought in") as note:
            _say_order(note, delivery, order)
            for line in furnishing.trace(order):
                note.say(line)


def _kind_of(raw: bytes) -> str:
    """JSON is a shop's; what else makes a table is a CSV file."""
    looks_like_json = raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
    return "csvfile" if not looks_like_json and kind_of(raw) else "shopify"


def _order(delivery: Any) -> Any:
    from recoup.domain.orders import queries

    return queries.order(delivery.order_id)


def _bought(order: Any) -> Bought:
    """Of the order's lines, one that can still come back and that something was paid for, as far as there is one."""
    from recoup.domain.orders import queries

    lines = list(order.lines.select_related("product").order_by("position"))
    line = max(lines, key=lambda each: (each.quantity > each.refunded_quantity, each.paid_minor > 0, -each.position))
    serial = next(iter(queries.line_facts(line).serials), "")
    sale = replace(SALES[0], number=1, who=order.customer.name or "A Customer", sku=line.sku, serial=serial)
    return Bought(order, line, sale)


def _say_order(note: Note, delivery: Any, order: Any) -> None:
    units = sum(line.quantity for line in order.lines.all())
    note.say(f"Delivery {delivery.pk}: {delivery.state}", delivery=delivery.pk, state=delivery.state)
    note.say(f"Order {order.number} of {order.placed_at:%Y-%m-%d}, {units} units, {order.payment}", order=order.number)


def _say_problems(note: Note, delivery: Any) -> None:
    waits = f", waits for {', '.join(delivery.waiting_for)}" if delivery.waiting_for else ""
    note.say(f"Delivery {delivery.pk}: {delivery.state}{waits}", delivery=delivery.pk, state=delivery.state)
    for each in delivery.problems:
        note.say(f"{each['severity']}  {each['code']}  {each['pointer'] or '/'}  {each['sentence']} {each['remedy']}")
    note.facts["problems"] = delivery.problems
