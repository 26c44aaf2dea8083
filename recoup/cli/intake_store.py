"""Storing what ``recoup intake`` read: orders as deliveries, rows through the actions of their concept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from recoup.channels.csvfile.references import ReferenceRow
from recoup.channels.kinds import Kind
from recoup.channels.reading import ChannelSettings, Part
from recoup.domain.catalogue.canonical import SerialDraft
from recoup.domain.orders.canonical import OrderDraft
from recoup.domain.suppliers.canonical import BatchDraft, POLineDraft
from recoup.kit.actor import Actor
from recoup.kit.money import Money
from recoup.kit.problem import Problem, blocking
from recoup.kit.refusal import Refusal

INTAKE = Actor(kind="system", id="intake", name="Intake")


class SeveralChannels(Refusal):
    code = "intake.several_channels"
    sentence = "There are several channels of this kind: {codes}. Say which one by its code."


@dataclass(frozen=True, slots=True)
class Taken:
    """``outcome``: ready, blocked, accepted, parked, stale, duplicate, dead or known (delivered before)."""

    outcome: str
    order: OrderDraft | None
    problems: list[Problem]
    remark: str = ""
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def blocked(self) -> bool:
        return self.outcome in ("blocked", "dead")


@dataclass(frozen=True, slots=True)
class Stored:
    """``outcome``: ready, stored or blocked."""

    outcome: str
    problems: list[Problem]

    @property
    def blocked(self) -> bool:
        return self.outcome == "blocked"

    @classmethod
    def of(cls, row: ReferenceRow) -> Stored:
        """As far as the row itself tells."""
        return cls("blocked" if blocking(row.problems) or row.draft is None else "ready", list(row.problems))


def default_channel(kind_name: str, *, time_zone: str) -> Any:
    """The one channel of this kind; the first of a new installation is made. Raises SeveralChannels."""
    from recoup.domain.orders import actions, queries

    of_kind = [channel for channel in queries.channels() if channel.kind == kind_name]
    if len(of_kind) > 1:
        raise SeveralChannels(codes=", ".join(channel.code for channel in of_kind))
    if of_kind:
        return of_kind[0]
    try:
        return actions.create_channel(code=kind_name, kind=kind_name, time_zone=time_zone, actor=INTAKE)
    except actions.ChannelTaken:
        return queries.channel(kind_name)


def existing_channel(code: str) -> Any:
    """Raises UnknownKind: whoever mistypes a code wants to know the kinds too."""
    from recoup.channels.kinds import KINDS, UnknownKind
    from recoup.domain.orders import queries

    if (channel := queries.find_channel(code)) is None:
        known = [*KINDS, *(each.code for each in queries.channels())]
        raise UnknownKind(name=code, known=", ".join(dict.fromkeys(known)))
    return channel


def store_order(
    channel: Any, part: Part, settings: ChannelSettings, how: Kind, *, file: str = "", add_products: bool = False
) -> Taken:  # fmt: skip
    """Keep the bytes, then judge them at once. A dead delivery of the same bytes is judged again.

    ``file`` is what the file is called that they came in, for whoever looks at a dead letter.
    With ``add_products``, products that the order names and we do not have are added under its words.
    """
    from django.utils import timezone

    from recoup.domain.orders import actions

    key = "file:" + hashlib.sha256(part.body).hexdigest()
    reading = how.translate(part.body, settings)
    delivery = actions.receive(
        channel=channel, delivery_key=key, topic=f"orders/file {file}".strip(), body=part.body, actor=INTAKE
    )
    if delivery.state == "dead":
        delivery = actions.replay(delivery=delivery, actor=INTAKE)
    fresh = delivery.state == "received"
    if add_products and reading.order:
        _add_products(reading.order)
    delivery = actions.judge(delivery=delivery, reading=reading, at=timezone.now(), actor=INTAKE)
    problems = [Problem(**each).under(part.prefix) for each in delivery.problems]
    return Taken(
        outcome=delivery.state if fresh or delivery.state == "parked" else "known",
        order=reading.order,
        problems=problems,
        remark=_remark(delivery, fresh=fresh),
        ids={"delivery_id": str(delivery.pk), **({"order_id": str(delivery.order_id)} if delivery.order_id else {})},
    )


def _add_products(order: OrderDraft) -> None:
    from recoup.domain.catalogue import actions, queries

    known = queries.known_skus(line.sku for line in order.lines)
    for line in order.lines:
        if line.sku not in known:
            known[line.sku] = actions.upsert_product(sku=line.sku, name=line.title[:200] or line.sku, actor=INTAKE)


def _remark(delivery: Any, *, fresh: bool) -> str:
    from recoup.domain.orders import queries

    skus = [wait.partition(":")[2] for wait in delivery.waiting_for]
    if delivery.state == "parked":
        return f" for the product{'s' if len(skus) > 1 else ''} {', '.join(skus)}"
    if not fresh and queries.superseded(delivery):
        return ", and another version came after it; with a later “updated_at” this one would count"
    return ""


def store_row(kind_name: str, row: ReferenceRow) -> Stored:
    """One row, whole or not at all."""
    from django.db import transaction

    try:
        with transaction.atomic():
            _STORES[kind_name](row)
    except Refusal as refusal:
        remedy = "Then bring the file in again; what is here already stays as it is."
        return Stored("blocked", [*row.problems, Problem(refusal.code, row.pointer, "block", refusal.say(), remedy)])
    return Stored("stored", list(row.problems))


def _fields(row: ReferenceRow) -> dict[str, Any]:
    return row.draft.model_dump() if row.draft else {}


def _product(row: ReferenceRow) -> None:
    from recoup.domain.catalogue import actions

    actions.upsert_product(**_fields(row), actor=INTAKE)


def _plan(row: ReferenceRow) -> None:
    from recoup.domain.catalogue import actions

    actions.upsert_plan(**_fields(row), actor=INTAKE)


def _supplier(row: ReferenceRow) -> None:
    from recoup.domain.suppliers import actions

    actions.upsert_supplier(**_fields(row), actor=INTAKE)


def _po_line(row: ReferenceRow) -> None:
    from recoup.domain.catalogue import queries as catalogue
    from recoup.domain.suppliers import actions, queries

    draft = POLineDraft.model_validate(row.draft)
    ordered = actions.Ordered(
        position=draft.position, product=catalogue.product(draft.sku), quantity=draft.quantity,
        unit_cost=Money(draft.unit_cost_minor, draft.currency),
    )  # fmt: skip
    actions.upsert_purchase_order(
        number=draft.number, supplier=queries.supplier(draft.supplier), ordered_date=draft.ordered_date,
        currency=draft.currency, lines=[ordered], actor=INTAKE,
    )  # fmt: skip


def _batch(row: ReferenceRow) -> None:
    from recoup.domain.catalogue import actions as catalogue
    from recoup.domain.catalogue import queries as known
    from recoup.domain.suppliers import actions, queries

    draft = BatchDraft.model_validate(row.draft)
    product = known.product(draft.sku)
    batch = catalogue.upsert_batch(product=product, number=draft.number, made_date=draft.made_date, actor=INTAKE)
    if not draft.purchase_order:
        return
    actions.ship_batch(
        batch=batch,
        po_line=queries.po_line(number=draft.purchase_order, sku=draft.sku, position=draft.position),
        reference=draft.shipment,
        shipped_date=draft.shipped_date,
        received_date=draft.received_date,
        quantity=draft.quantity,
        how=draft.how,
        actor=INTAKE,
    )


def _serial(row: ReferenceRow) -> None:
    from recoup.domain.catalogue import actions as catalogue
    from recoup.domain.catalogue import queries as known
    from recoup.domain.orders import actions, queries

    draft = SerialDraft.model_validate(row.draft)
    product = known.product(draft.sku)
    batch = catalogue.upsert_batch(product=product, number=draft.batch, actor=INTAKE) if draft.batch else None
    catalogue.register_serial(product=product, number=draft.number, batch=batch, actor=INTAKE)
    if order := row.extra.get("order"):
        line = queries.find_line(number=order, sku=draft.sku, line_id=row.extra.get("line", ""))
        actions.declare_serial(line=line, number=draft.number, how=row.extra.get("how", "declared")[:12], actor=INTAKE)


_STORES: dict[str, Callable[[ReferenceRow], None]] = {
    "products": _product,
    "plans": _plan,
    "suppliers": _supplier,
    "purchase_orders": _po_line,
    "batches": _batch,
    "serials": _serial,
}
