"""Making the canonical order from a draft that passed its gates. Used by ``actions`` only, inside its transaction.

Each field has an owner. What the source owns follows the newest version; what the newest version says nothing about
stays as we know it; what one of us corrected stays as it was corrected. Lines are never deleted: a line that the
source no longer has counts as given back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from recoup.domain.catalogue import actions as catalogue
from recoup.domain.catalogue.models import Batch, Product
from recoup.domain.orders import rules
from recoup.domain.orders.canonical import AddressDraft, ChargeDraft, CustomerDraft, LineDraft, OrderDraft
from recoup.domain.orders.models import Channel, Customer, LineSerial, Order, OrderLine
from recoup.foundation.database.locks import advisory
from recoup.kit.actor import Actor
from recoup.kit.problem import Problem


def accept(
    *,
    channel: Channel,
    draft: OrderDraft,
    current: Order | None,
    products: Mapping[str, Product],
    problems: Iterable[Problem],
    delivery_id: UUID,
    actor: Actor,
) -> Order:
    """The order as the draft has it; ``current`` is the one we have, locked. ``products`` holds every SKU."""
    order = current or Order(channel=channel, external_id=draft.external_id)
    _write(order, draft, delivery_id)
    order.customer = _customer(draft.customer, current.customer if current else None, draft.silent)
    notes = [problem for problem in problems if problem.severity != "block"]
    order.notes = [problem.as_json() for problem in notes]
    order.save()
    notes += _lines(order, draft, products, actor)
    if len(notes) > len(order.notes):
        order.notes = [problem.as_json() for problem in notes]
        order.save(update_fields=["notes"])
    return order


def completed(draft: OrderDraft, current: Order) -> tuple[OrderDraft, list[Problem]]:
    """The draft with what we know where its source is silent, and what a person should read of that."""
    lines, unsaid = _known_lines(draft, current)
    told = {name: getattr(current, name) for name in _KEPT if name in draft.silent}
    if "tracking_numbers" in draft.silent:
        told["tracking_numbers"] = tuple(current.tracking_numbers)
    if "charges" in draft.silent and draft.stated_total_minor is None:
        told["charges"] = _known_charges(current)
    whole = draft.model_copy(
        update={**told, "customer": _known_customer(draft, current.customer), "ship_to": _known_address(draft, current),
                "lines": lines}
    )  # fmt: skip
    return whole, unsaid


_KEPT = ("country", "payment", "cancelled_at", "shipped_at", "delivered_at")
_ADDRESS = {"ship_name": ("name",), "ship_phone": ("phone",), "ship_place": ("lines", "postcode", "city", "country")}


def _known_lines(draft: OrderDraft, current: Order) -> tuple[tuple[LineDraft, ...], list[Problem]]:
    known = {line.external_id: line for line in OrderLine.objects.filter(order=current).order_by("position")}
    lines = []
    for each in _with_ids(draft, known):
        line = known.pop(each.external_id, None)
        lines.append(
            each.model_copy(update={name: getattr(line, name) for name in each.silent - {"external_id"}})
            if line
            else each
        )
    if "lines" not in draft.silent:
        return tuple(lines), []
    lines += [_as_draft(line) for line in known.values()]
    return tuple(lines), [rules.line_not_said(line.external_id, line.sku) for line in known.values()]


def _with_ids(draft: OrderDraft, known: Mapping[str, OrderLine]) -> list[LineDraft]:
    """Lines to which their source gives no id, under the ids of the lines that they are."""
    named = {each.external_id for each in draft.lines if "external_id" not in each.silent}
    nameless = [(each.external_id, each.sku) for each in draft.lines if "external_id" in each.silent]
    others = {name: line.sku for name, line in known.items() if name not in named}
    ids = iter(rules.line_ids(nameless, others, taken=named))
    return [
        each.model_copy(update={"external_id": next(ids)}) if "external_id" in each.silent else each
        for each in draft.lines
    ]


def _as_draft(line: OrderLine) -> LineDraft:
    names = (
        "external_id",
        "sku",
        "title",
        "quantity",
        "paid_minor",
        "tax_minor",
        "refunded_minor",
        "refunded_quantity",
    )
    return LineDraft.model_validate({name: getattr(line, name) for name in names})


def _known_charges(current: Order) -> tuple[ChargeDraft, ...]:
    """What the order came to beside its goods."""
    goods = sum(OrderLine.objects.filter(order=current).values_list("paid_minor", flat=True))
    beside = current.total_minor - goods
    return (ChargeDraft(kind="shipping", amount_minor=beside),) if beside else ()


def _known_customer(draft: OrderDraft, known: Customer) -> CustomerDraft:
    """The person whom we know, unless it is somebody else now."""
    given = draft.customer
    if "email" not in draft.silent and given.email.lower() != known.email.lower():
        return given
    names = [name for name in ("email", "name", "phone", "language") if name in draft.silent and getattr(known, name)]
    return given.model_copy(update={name: getattr(known, name) for name in names})


def _known_address(draft: OrderDraft, current: Order) -> AddressDraft:
    kept = [part for name, parts in _ADDRESS.items() if name in draft.silent for part in parts]
    return AddressDraft.model_validate(
        {**draft.ship_to.model_dump(), **{part: current.ship_to[part] for part in kept if current.ship_to.get(part)}}
    )


def _write(order: Order, draft: OrderDraft, delivery_id: UUID) -> None:
    values = {**_plain(draft), "ship_to": draft.ship_to.model_dump(mode="json")}
    for name in rules.writable(order.provenance, silent=draft.silent):
        setattr(order, name, values[name])
        order.provenance[name] = {
            "owner": "source", "delivery": str(delivery_id), "pointer": draft.pointers.get(name, ""),
        }  # fmt: skip
    order.source_updated_at = draft.source_updated_at


def _plain(draft: OrderDraft) -> dict[str, Any]:
    return {
        "number": draft.number,
        "placed_at": draft.placed_at,
        "currency": draft.currency,
        "country": draft.country,
        "total_minor": draft.total_minor,
        "payment": draft.payment,
        "cancelled_at": draft.cancelled_at,
        "shipped_at": draft.shipped_at,
        "delivered_at": draft.delivered_at,
        "tracking_numbers": list(draft.tracking_numbers),
    }


def _customer(draft: CustomerDraft, current: Customer | None, silent: Collection[str]) -> Customer:
    """One person per e-mail address; without an address, one per order."""
    if current and current.email.lower() == draft.email.lower():
        return _told(current, draft, silent)
    if not draft.email:
        return current or Customer.objects.create(**draft.model_dump())
    with advisory(f"customer:{draft.email.lower()}"):
        known = Customer.objects.filter(email__iexact=draft.email).order_by("created_at").first()
        return _told(known, draft, silent) if known else Customer.objects.create(**draft.model_dump())


def _told(customer: Customer, draft: CustomerDraft, silent: Collection[str]) -> Customer:
    """The customer with what the draft knows more."""
    for name in ("name", "phone", "language"):
        if name not in silent and (value := getattr(draft, name)):
            setattr(customer, name, value)
    customer.save(update_fields=["name", "phone", "language"])
    return customer


def _lines(order: Order, draft: OrderDraft, products: Mapping[str, Product], actor: Actor) -> list[Problem]:
    """Bring the lines up to date; returns what came up on the way."""
    known = {line.external_id: line for line in OrderLine.objects.select_for_update().filter(order=order)}
    found: list[Problem] = []
    for position, each in enumerate(draft.lines, start=1):
        line = known.pop(each.external_id, None) or OrderLine(order=order, external_id=each.external_id)
        _fill(line, each, position, products[each.sku], actor)
        found += _serials(line, each, actor)
    found += [_gone(line, len(draft.lines) + place) for place, line in enumerate(known.values(), start=1)]
    return found


def _fill(line: OrderLine, draft: LineDraft, position: int, product: Product, actor: Actor) -> None:
    line.position, line.product = position, product
    for name in ("sku", "title", "quantity", "paid_minor", "tax_minor", "refunded_minor", "refunded_quantity"):
        setattr(line, name, getattr(draft, name))
    if batch := _batch(draft, product, actor):
        line.batch, line.batch_how = batch, "declared"
    line.save()


def _batch(draft: LineDraft, product: Product, actor: Actor) -> Batch | None:
    return catalogue.upsert_batch(product=product, number=draft.batch, actor=actor) if draft.batch else None


def _serials(line: OrderLine, draft: LineDraft, actor: Actor) -> list[Problem]:
    found = []
    for number in draft.serials:
        try:
            serial = catalogue.register_serial(product=line.product, number=number, batch=line.batch, actor=actor)
            LineSerial.objects.get_or_create(line=line, serial=serial)
        except catalogue.SerialDoesNotFit as refusal:
            found.append(
                Problem(
                    "references.serial", draft.pointer, "warn", refusal.say(), "Register the serial once it is right.",
                )
            )  # fmt: skip
    return found


def _gone(line: OrderLine, position: int) -> Problem:
    """The source no longer has the line: nothing is left of it to give back. Returns of it stay readable."""
    line.position, line.refunded_quantity, line.refunded_minor = position, line.quantity, line.paid_minor
    line.save(update_fields=["position", "refunded_quantity", "refunded_minor"])
    return Problem(
        "semantics.line_removed", "", "hold", f"The line {line.external_id} ({line.sku}) is no longer on the order.",
        "Look up in the shop why it was taken off.",
    )  # fmt: skip
