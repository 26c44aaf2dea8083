"""What the customer sees after sending: one word, a timeline, and what we still need from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from recoup.domain.catalogue.rules import gtin_forms
from recoup.domain.orders.models import Order
from recoup.domain.returns.dossier import LIVE, purchase
from recoup.domain.returns.models import CaptureLink, Decision, Message, Return, ReturnLine
from recoup.domain.returns.queries.capture import ShotAsked, capture_page
from recoup.domain.returns.queries.reading import money, title
from recoup.domain.returns.queries.steps import Step, steps
from recoup.domain.returns.rules.word import OVER, WORDS, Standing, word
from recoup.foundation.audit.queries import trail
from recoup.foundation.notices.models import Notice
from recoup.foundation.notices.queries import sent_about
from recoup.kit.money import Money
from recoup.kit.refusal import NotFound


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One item of the return. ``amount`` is what is given back; ``why`` is the reason of a refusal.

    ``paid_on`` and ``reference`` are of a refund that was paid, ``sent_how`` of a replacement that left.
    """

    line_id: str
    title: str
    quantity: int
    defect: str
    decision: str
    remedy: str
    amount: Money | None
    why: str
    store_credit_code: str
    paid_on: date | None
    reference: str
    sent_how: str
    may_cancel: bool
    may_appeal: bool


@dataclass(frozen=True, slots=True)
class StatusPage:
    """``word`` is for icons and colours, ``sentence`` is what the customer reads."""

    number: str
    order_number: str
    word: str
    sentence: str
    rma_number: str
    send_back: bool
    lines: Sequence[StatusLine]
    steps: Sequence[Step]
    needed: Sequence[ShotAsked]
    needed_because: str
    answer_by: datetime | None
    messages: Sequence[Message]
    notices: Sequence[Notice]
    language: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """Another return of the same order, and where it stands in the customer's words."""

    number: str
    sentence: str
    sessions: Sequence[UUID] = ()


def earlier_returns(link: CaptureLink) -> list[Earlier]:
    """The living returns of the link's order, the oldest first."""
    cases = Return.objects.filter(order=link.order_id, lines__decision__in=LIVE).distinct().order_by("created_at")
    return [Earlier(case.number, WORDS[_word(case, _lines(case))]) for case in cases]


def other_returns(link: CaptureLink) -> list[Earlier]:
    """The other returns of the order of the link's return, the oldest first.

    They are named, and no more: this link opens none of them. By their sessions a phone that holds the link of one knows
    it again.
    """
    order = order_of(link)
    cases = Return.objects.filter(order=order).exclude(links=link).order_by("created_at") if order else []
    return [
        Earlier(case.number, WORDS[_word(case, _lines(case))], list(case.links.values_list("session_id", flat=True)))
        for case in cases
    ]


def return_to_show(order: Order) -> Return | None:
    """The order's newest return, while it is under way or when nothing else of the order can come back."""
    case = Return.objects.filter(order=order).order_by("-created_at").first()
    if case is None or _word(case, _lines(case)) not in OVER:
        return case
    return None if anything_left(order) else case


def anything_left(order: Order) -> bool:
    """Whether any unit of the order can still come back."""
    return any(purchase(order_line=line).most_left > 0 for line in order.lines.all())


def boxed_elsewhere(case: Return, order: Order, gtin: str) -> bool:
    """Whether the box with this GTIN is of an item of the order that can come back, and that the case is not about."""
    named = order.lines.filter(product__gtin__in=gtin_forms(gtin)).exclude(return_lines__return_case=case)
    return any(purchase(order_line=line).most_left > 0 for line in named)


def order_of(link: CaptureLink) -> Order | None:
    """The order of the link's return, or the one it was opened for; None while nobody knows."""
    case = link.return_case
    return (case.order if case else None) or link.order


def more_to_return(link: CaptureLink) -> bool:
    """Whether the customer may begin another return of the same order."""
    order = order_of(link)
    return order is not None and anything_left(order)


def told_of(link: CaptureLink) -> list[UUID]:
    """The ids under which it is said that something on the link's pages changed: its return's, and its photos' sessions'."""
    if link.return_case_id is None:
        return [link.session_id]
    sessions = CaptureLink.objects.filter(return_case=link.return_case_id).values_list("session_id", flat=True)
    return [link.return_case_id, *sessions]


def status_page(link: CaptureLink) -> StatusPage:
    """Where the link's return stands. Raises NotFound while nothing was sent."""
    if link.return_case_id is None:
        raise NotFound()
    case = Return.objects.select_related("order").get(pk=link.return_case_id)
    lines = list(_lines(case))
    said = _word(case, lines)
    asked = capture_page(_fresh(link, case)) if said == "need_more" else None
    return StatusPage(
        number=case.number,
        order_number=case.order.number if case.order else case.order_typed,
        word=said,
        sentence=WORDS[said],
        rma_number=case.rma_number or "",
        send_back=said == "send_back",
        lines=[_line(line) for line in lines],
        steps=steps(case, lines, trail(case), word=said),
        needed=asked.chosen.shots if asked and asked.chosen else (),
        needed_because=asked.asked_because if asked else "",
        answer_by=case.deadline_at if said == "need_more" else None,
        messages=list(case.messages.filter(audience="customer").order_by("created_at")),
        notices=[each for each in sent_about(case) if each.audience == "customer"],
        language=link.session.language,
    )


def _fresh(link: CaptureLink, case: Return) -> CaptureLink:
    """The link that takes the photos now: the customer may be on an older one."""
    newest = CaptureLink.objects.select_related("session", "order", "return_case").filter(return_case=case)
    return newest.order_by("-created_at").first() or link


def _lines(case: Return) -> Sequence[ReturnLine]:
    lines = case.lines.select_related("order_line", "defect_type").order_by("created_at")
    return list(lines.prefetch_related("remedies", "decisions"))


def _word(case: Return, lines: Sequence[ReturnLine]) -> str:
    return word(lines=[standing(line) for line in lines], waiting_for=case.waiting_for)


def standing(line: ReturnLine) -> Standing:
    """Where a line with its remedies at hand stands."""
    remedies = [(each.kind, each.state) for each in line.remedies.all()]
    return Standing(line.decision, line.goods, remedies)


def _line(line: ReturnLine) -> StatusLine:
    remedy = next((each for each in line.remedies.all() if each.state != "withdrawn"), None)
    last = _last_decision(line)
    code = remedy.instruction.get("code", "") if remedy and remedy.state == "settled" else ""
    return StatusLine(
        line_id=str(line.pk),
        title=title(line)[0],
        quantity=line.quantity,
        defect=line.defect_type.name,
        decision=line.decision,
        remedy=remedy.kind if remedy else "",
        amount=money(remedy.amount_minor, remedy.currency) if remedy and remedy.kind != "replacement" else None,
        why=last.reason if last and line.decision == "refused" else "",
        store_credit_code=code,
        paid_on=remedy.paid_on if remedy else None,
        reference=remedy.reference if remedy else "",
        sent_how=remedy.instruction.get("note", "") if remedy else "",
        may_cancel=line.decision == "open",
        may_appeal=line.decision == "refused",
    )


def _last_decision(line: ReturnLine) -> Decision | None:
    taken = [each for each in line.decisions.all() if each.verb in ("approve", "refuse", "cancel")]
    return max(taken, key=lambda each: each.created_at) if taken else None
