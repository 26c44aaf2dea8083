"""What we write to the customer and to logistics about a return: which words, which facts, which link.

A letter is a mail; it is a text message where the customer has a mobile number and no e-mail address. Each carries a secret of its own to the customer's page: those of earlier letters are known to nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from recoup.domain.orders import queries as orders
from recoup.domain.orders.reach import reach, reach_at
from recoup.domain.returns import deadlines, queries
from recoup.domain.returns.actions.holding import hold_link
from recoup.domain.returns.actions.links import new_secret, open_link
from recoup.domain.returns.models import CaptureLink, Remedy, Return, ReturnLine
from recoup.domain.returns.queries.reading import shot_words, title
from recoup.foundation.accounts import codes
from recoup.foundation.accounts import queries as accounts
from recoup.foundation.notices import actions as notices
from recoup.foundation.notices.models import Notice
from recoup.kit.actor import Actor
from recoup.kit.money import Money

_GERMAN = {
    "overall": "das ganze Gerät",
    "close_up": "die Stelle aus der Nähe",
    "serial_label": "das Etikett mit der Seriennummer",
    "packaging": "die Verpackung",
}


@transaction.atomic
def received(*, case: Return, actor: Actor) -> Notice:
    """Thank you, and where to look."""
    line = queries.lines_of(case)[0]
    return _write(case, "received", actor, item=title(line)[0], defect=line.defect_type.name)


@transaction.atomic
def need_more(*, line: ReturnLine, actor: Actor) -> Notice | None:
    """The shots we still need, by when, and the reason if a person asked. None when it was answered meanwhile."""
    asked, case = queries.last_of(line, "ask"), line.return_case
    if asked is None or case.waiting_for != "customer":
        return None
    reason = asked.reason if asked.actor_kind != "system" else ""
    until = case.deadline_at or timezone.now()
    return _write(case, "need_more", actor, shots=shots_asked(line, asked.shots), reason=reason, until=until)


def shots_asked(line: ReturnLine, shots: Sequence[str]) -> list[dict[str, str]]:
    """Each shot in both languages, with what it should show."""
    listed = {each.shot: each.instruction for each in line.defect_type.shots.all()}
    return [{"words": shot_words(shot), "german": _GERMAN[shot], "instruction": listed.get(shot, "")} for shot in shots]


@transaction.atomic
def approved(*, line: ReturnLine, actor: Actor) -> Notice:
    """What the customer gets, the RMA number, and whether and how to send it back."""
    remedy = line.remedies.exclude(state="withdrawn").order_by("-created_at")[0]
    send_back = line.goods in ("awaiting", "in_transit")
    return _write(
        line.return_case, "approved", actor, item=title(line)[0], kind=remedy.kind, amount=_amount(remedy),
        rma=line.return_case.rma_number, send_back=send_back,
    )  # fmt: skip


@transaction.atomic
def refused(*, line: ReturnLine, actor: Actor) -> Notice:
    """Why not, and how to disagree."""
    decision = queries.last_of(line, "refuse")
    return _write(line.return_case, "refused", actor, item=title(line)[0], reason=decision.reason if decision else "")


@transaction.atomic
def money_sent(*, remedy: Remedy, actor: Actor) -> Notice:
    """The refund that was paid, with its day and reference; the store credit's code; the replacement that left."""
    return _write(
        remedy.line.return_case, "money_sent", actor, item=title(remedy.line)[0], kind=remedy.kind, amount=_amount(remedy),
        code=remedy.instruction.get("code", ""), memo=remedy.memo.full_number if remedy.memo else "",
        on=remedy.paid_on, reference=remedy.reference, note=remedy.instruction.get("note", ""),
    )  # fmt: skip


@transaction.atomic
def goods_received(*, line: ReturnLine, actor: Actor) -> Notice:
    """The parcel is here."""
    return _write(line.return_case, "goods_received", actor, item=title(line)[0], rma=line.return_case.rma_number or "")


@transaction.atomic
def goods_announced(*, line: ReturnLine, actor: Actor) -> list[Notice]:
    """To everybody in the warehouse: what will come back under which number. Nothing when nothing will."""
    if line.goods not in ("awaiting", "in_transit"):
        return []
    item, sku = title(line)
    about: dict[str, Any] = {
        "rma": line.return_case.rma_number,
        "units": line.quantity,
        "item": item,
        "sku": sku,
        "defect": line.defect_type.name,
    }
    return [
        notices.queue(
            audience="logistics",
            to=to,
            template="returns.goods_announced",
            subject=line.return_case,
            actor=actor,
            **about,
        )
        for to in accounts.addresses_of(role="warehouse") or [""]
    ]


@transaction.atomic
def one_time_code(*, code_id: UUID, at: datetime, actor: Actor) -> Notice | None:
    """Six digits to the address, or the mobile number, on the order. None when what was typed fits nothing, or the code is over or was sent."""
    made = codes.make_code(code_id=code_id, now=at, actor=actor)
    if made is None:
        return None
    order = orders.order(made.subject_id)
    to = reach_at(order, made.code.goes_to)
    return notices.queue(
        audience="customer", to=to.to, way=to.way, template="returns.code", subject=made.code, actor=actor,
        language=order.customer.language, hidden=[made.digits], code=made.digits, name=order.customer.name, order_number=order.number,
    )  # fmt: skip


@transaction.atomic
def reminder(*, reminder_id: UUID, at: datetime, actor: Actor) -> Notice | None:
    """The way back to what was begun, or to the photos we asked for. None when that is done, or over, meanwhile."""
    told = queries.reminder_of(reminder_id)
    held = hold_link(told.link)
    still = [each for each in queries.unfinished(now=at, link_id=held.pk) if each.ask_id == told.ask_id]
    if not still:
        return None
    if told.ask is None:
        return _begun(held, still[0].until, actor)
    shots, case = shots_asked(told.ask.line, told.ask.shots), told.ask.line.return_case
    return _write(case, "reminder_of_photos", actor, shots=shots, until=still[0].until)


def _begun(link: CaptureLink, until: datetime, actor: Actor) -> Notice:
    order = orders.order(link.order_id)  # type: ignore[arg-type]  # whoever is reminded has an order
    secret = new_secret(link=link, expires_at=until, actor=actor)
    to = reach(order)
    return notices.queue(
        audience="customer", to=to.to, way=to.way, template="returns.reminder", subject=link, actor=actor,
        language=link.session.language, order_number=order.number, name=order.customer.name, secret=secret, until=until,
    )  # fmt: skip


def _amount(remedy: Remedy) -> Money:
    return Money(remedy.amount_minor, remedy.currency)


def _write(case: Return, template: str, actor: Actor, **facts: Any) -> Notice:
    to = queries.recipient(case)
    secret = _secret(case, to.language, actor)
    return notices.queue(
        audience="customer", to=to.to, way=to.way, template=f"returns.{template}", subject=case, actor=actor, language=to.language,
        number=case.number, name=to.name, secret=secret, **facts,
    )  # fmt: skip


def _secret(case: Return, language: str, actor: Actor) -> str:
    until = timezone.now() + deadlines.STATUS
    link = queries.newest_link(case)
    if link is None:
        return open_link(order=case.order, language=language, expires_at=until, actor=actor, return_case=case)[1]
    return new_secret(link=link, expires_at=until, actor=actor)
