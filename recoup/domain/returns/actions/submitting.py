"""The customer has chosen, shown and sent: the return begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from recoup.domain.catalogue.rules import gtin14
from recoup.domain.defects.models import DefectType
from recoup.domain.evidence import actions as evidence
from recoup.domain.evidence.models import CaptureSession
from recoup.domain.orders.models import OrderLine
from recoup.domain.returns import deadlines, dossier
from recoup.domain.returns.actions.attaching import attach_photos
from recoup.domain.returns.actions.holding import hold, hold_link, hold_order_line, wait_for
from recoup.domain.returns.facts import EvidenceChanged, ReturnSubmitted
from recoup.domain.returns.models import CaptureLink, Return, ReturnLine
from recoup.domain.returns.rules.serial import tidy
from recoup.domain.returns.states import EVIDENCE
from recoup.foundation.audit import actions as audit
from recoup.foundation.facts import actions as facts
from recoup.kit import ids
from recoup.kit.actor import Actor
from recoup.kit.refusal import NotFound, Refusal

_MOST_UNITS = 100_000


class TooMany(Refusal):
    code, status = "returns.too_many", 422
    sentence = "{asked} is more than can come back of this item: {left} of {bought}. Choose {left} or fewer."


class NoneLeft(Refusal):
    code, status = "returns.none_left", 422
    sentence = "All {bought} of this item are in a return already, or were refunded. Look at your earlier return, or choose another item."


class ChoiceMissing(Refusal):
    code, status = "returns.choice_missing", 422
    sentence = "{what}"


class UnlikelyCount(ChoiceMissing):
    sentence = f"Say how many units come back: 1 to {_MOST_UNITS:,}."


@dataclass(frozen=True, slots=True)
class Choice:
    """What the customer chose. ``order_number`` is what they typed when the link knows no order."""

    order_line_id: UUID | None
    defect_type: str
    quantity: int = 1
    serial: str = ""
    words: str = ""
    order_number: str = ""

    @classmethod
    def of(cls, draft: Mapping[str, Any]) -> Choice:
        """Read a draft or a form. Raises ChoiceMissing for what cannot be read."""
        line = str(draft.get("order_line_id") or "")
        return cls(
            order_line_id=_uuid(line) if line else None,
            defect_type=str(draft.get("defect_type") or ""),
            quantity=_count(draft.get("quantity", 1)),
            **{name: str(draft.get(name) or "").replace("\x00", "") for name in ("serial", "words", "order_number")},
        )


@transaction.atomic
def submit(*, link: CaptureLink, choice: Choice, at: datetime, actor: Actor) -> Return:
    """The return that this link makes, made once: sent again, the same return is given back.

    When we had asked for more photos, sending again says that they are there.
    Raises ChoiceMissing, NotFound (an item that is not of the link's order), TooMany, NoneLeft, SessionClosed.
    """
    held = hold_link(link)
    if held.return_case_id is not None:
        return _send_more(held, at=at, actor=actor)
    case = _new_return(held, choice, at)
    line = _new_line(held, case, choice)
    CaptureLink.objects.filter(pk=held.pk).update(return_case=case)
    link.return_case = case
    _finish_session(held.session, at=at, actor=actor)
    attach_photos(line=line, session=held.session)
    audit.record(verb="return.submitted", subject=case, actor=actor, number=case.number, units=line.quantity)
    facts.tell(ReturnSubmitted(return_id=case.pk))
    return case


def _send_more(link: CaptureLink, *, at: datetime, actor: Actor) -> Return:
    case = hold(link.return_case_id)  # type: ignore[arg-type]  # the caller looked
    session = CaptureSession.objects.select_for_update(no_key=True).get(pk=link.session_id)
    if session.state == "open" and case.waiting_for == "customer":
        evidence.submit_session(session=session, actor=actor, now=at)
        for line in case.lines.all():
            attach_photos(line=line, session=session)
        wait_for(case, "nobody", until=at + deadlines.MACHINE)
        audit.record(verb="return.sent_more", subject=case, actor=actor)
        facts.tell(EvidenceChanged(return_id=case.pk))
    return case


def _new_return(link: CaptureLink, choice: Choice, at: datetime) -> Return:
    return Return.objects.create(
        number=f"R-{ids.spoken()}",
        order=link.order,
        order_how="link" if link.order_id else "",
        order_typed="" if link.order_id else choice.order_number.strip()[:120],
        submitted_at=at,
        deadline_at=at + deadlines.MACHINE,
    )


def _new_line(link: CaptureLink, case: Return, choice: Choice) -> ReturnLine:
    order_line = _order_line(link, choice)
    defect = DefectType.objects.filter(code=choice.defect_type, active=True).first()
    if defect is None:
        raise ChoiceMissing(what=gettext_noop("Say first what is wrong with the item."))
    if not 0 < choice.quantity <= _MOST_UNITS:
        raise UnlikelyCount()
    if order_line:
        _check_room(order_line, choice.quantity)
    serial, batch = _unit_said(link.box, choice.serial, order_line)
    return ReturnLine.objects.create(
        return_case=case, order_line=order_line, quantity=choice.quantity, defect_type=defect,
        serial_typed=tidy(serial)[:60], batch_said=batch, words=choice.words.strip()[:2000], evidence=EVIDENCE.next("none", "begin"),
    )  # fmt: skip


def _unit_said(box: Mapping[str, str], typed: str, order_line: OrderLine | None) -> tuple[str, str]:
    """The serial and the batch of the item; what a code said counts for the item whose box it was on."""
    if not box:
        return typed, ""
    if order_line and box["gtin"] and gtin14(order_line.product.gtin) == box["gtin"]:
        return typed, box["batch"]
    return "" if tidy(typed) == tidy(box["serial"]) else typed, ""


def _order_line(link: CaptureLink, choice: Choice) -> OrderLine | None:
    if link.order_id is None:
        if choice.order_line_id is not None:
            raise NotFound()
        return None
    if choice.order_line_id is None:
        raise ChoiceMissing(what=gettext_noop("Choose first which item it is."))
    line = OrderLine.objects.filter(pk=choice.order_line_id, order_id=link.order_id).first()
    if line is None:
        raise NotFound()
    return hold_order_line(line)


def _check_room(order_line: OrderLine, asked: int) -> None:
    """Refuse what can in no case be left; the rest is judged by the quantity check."""
    left = dossier.purchase(order_line=order_line).most_left
    if asked > left:
        raise (TooMany if left else NoneLeft)(asked=asked, left=left, bought=order_line.quantity)


def _finish_session(session: CaptureSession, *, at: datetime, actor: Actor) -> None:
    held = CaptureSession.objects.select_for_update(no_key=True).get(pk=session.pk)
    if held.state in ("closed", "expired"):
        raise evidence.SessionClosed()
    if held.state == "open":
        evidence.submit_session(session=held, actor=actor, now=at)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound() from None


def _count(value: Any) -> int:
    try:
        return int(str(value).strip() or 1)
    except ValueError:
        what = gettext_noop("Say how many units come back, as a whole number such as 1.")
        raise ChoiceMissing(what=what) from None
