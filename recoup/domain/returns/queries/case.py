"""One case as the desk sees it: photos, checks, the proposal, what was decided, the money, what may be done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Prefetch, Subquery
from django.db.models.functions import JSONObject

from recoup.domain.catalogue.models import Product
from recoup.domain.evidence import queries as evidence
from recoup.domain.evidence.models import CatalogueMatch, CodeRead
from recoup.domain.evidence.queries import PhotoSeen
from recoup.domain.ledger.models import CreditMemo
from recoup.domain.orders import queries as orders
from recoup.domain.orders.models import Order
from recoup.domain.returns import dossier
from recoup.domain.returns.models import CaptureLink, Check, Decision, LinePhoto, Message, Remedy, Return, ReturnLine
from recoup.domain.returns.queries.reading import READERS, last_proposal, money, shot_words, title
from recoup.domain.returns.queries.similar import Similar, similar_cases
from recoup.domain.returns.queries.status import standing
from recoup.domain.returns.queries.timeline import Event, timeline
from recoup.domain.returns.rules.amounts import Paid, share
from recoup.domain.returns.rules.product import Likeness, Named, said
from recoup.domain.returns.rules.waits import ON_THE_WAY, Waiting, may_go_on
from recoup.domain.returns.rules.word import WORDS, proposed, remedy_word, word
from recoup.domain.returns.states import DECISION, REMEDY
from recoup.foundation.accounts.models import Staff
from recoup.foundation.accounts.queries import live
from recoup.foundation.notices.models import Notice
from recoup.foundation.notices.queries import sent_about
from recoup.kit.actor import Actor
from recoup.kit.money import Money
from recoup.kit.refusal import NotFound


@dataclass(frozen=True, slots=True)
class CasePhoto:
    """One photo of the line; ``shot`` is what it is evidence of, ``codes`` what was read in it, as (kind, value).

    ``likeness`` is '' unless it shows a product of the order as the catalogue does; ``another``: not one sent back.
    """

    shot: str
    shot_words: str
    seen: PhotoSeen
    codes: Sequence[tuple[str, str]]
    likeness: str
    another: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """What policy makes of the checks; ``then`` is approve, ask or agent."""

    then: str
    words: str
    because: str
    remedy: str
    amount: Money | None
    policy_version: int | None
    policy_row: int | None


@dataclass(frozen=True, slots=True)
class MoneyBox:
    """The money of one order line: what was paid, what went back, what this return would get, what is left after."""

    paid: Money
    refunded_by_channel: Money
    credited_by_us: Money
    worth: Money
    tax_within: Money
    left_after: Money


@dataclass(frozen=True, slots=True)
class RemedySeen:
    """``word`` is where it stands; ``keys``: retry (it did not work), fulfil (the replacement was sent), pay (in Finance)."""

    remedy_id: UUID
    kind: str
    state: str
    amount: Money
    memo: str
    instruction: dict[str, Any]
    word: str
    reference: str
    paid_on: date | None
    keys: Sequence[str]


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One line. ``keys`` are what this reader may do now: approve, ask, refuse, cancel, attach.

    ``may_lose``: the goods are on their way, and this reader may say that they will not come.
    """

    line: ReturnLine
    title: str
    sku: str
    photos: Sequence[CasePhoto]
    checks: Sequence[Check]
    run: int
    changed: Sequence[tuple[str, str, str]]
    proposal: Proposal | None
    decisions: Sequence[Decision]
    remedies: Sequence[RemedySeen]
    money: MoneyBox | None
    similar: Similar
    missing_shots: Sequence[str]
    keys: Sequence[str]
    may_lose: bool


@dataclass(frozen=True, slots=True)
class CasePage:
    """``candidates``: for a blind return, orders with the number the customer typed, each with its lines at hand.

    ``overdue_for``: 'goods' or 'order' while an agent has the case because they have not come.
    """

    case: Return
    order: Order | None
    customer_name: str
    customer_email: str
    customer_orders: int
    customer_returns: int
    word: str
    sentence: str
    owner: str
    mine: bool
    overdue: bool
    overdue_for: str
    holds: Sequence[str]
    lines: Sequence[CaseLine]
    timeline: Sequence[Event]
    messages: Sequence[Message]
    notices: Sequence[Notice]
    candidates: Sequence[Order]
    open_links: int


def case_page(actor: Actor, number: str, *, now: datetime) -> CasePage:
    """Raises NotAllowed, NotFound."""
    found = _case(actor, number, now)
    case, customer = found, found.order.customer if found.order else None
    lines = _lines(case)
    photos = _photos(lines)
    messages = list(case.messages.order_by("created_at"))
    return CasePage(
        case=case,
        order=case.order,
        customer_name=customer.name if customer else "",
        customer_email=customer.email if customer else "",
        customer_orders=found.bought or 0,
        customer_returns=found.returned or 0,
        word=(said := word(lines=[standing(line) for line in lines], waiting_for=case.waiting_for)),
        sentence=WORDS[said],
        owner=found.owner or "",
        mine=actor.kind == "staff" and str(case.owner_id) == actor.id,
        overdue=case.deadline_at is not None and case.deadline_at < now,
        overdue_for=_overdue_for(case, lines),
        holds=orders.said(case.order.notes, "hold") if case.order else (),
        lines=[_line(line, photos[line.pk], actor, case) for line in lines],
        timeline=timeline(
            case,
            lines,
            [each.seen.id for mine in photos.values() for each in mine],
            messages,
            found.session_ids,
            found.link_ids,
        ),
        messages=messages,
        notices=sent_about(case, *(CaptureLink(pk=link_id) for link_id in found.link_ids)),
        candidates=_candidates(case),
        open_links=len(found.live_links),
    )


def _case(actor: Actor, number: str, now: datetime) -> Any:
    """The case, and in the same question: who has it, its sessions and open links, and how much we know of its customer."""
    actor.must(*READERS)
    customer = OuterRef("order__customer")
    same = Order.objects.filter(customer=customer).order_by().values("customer").annotate(n=Count("pk"))
    returned = (
        Return.objects.filter(order__customer=customer).order_by().values("order__customer").annotate(n=Count("pk"))
    )
    own = CaptureLink.objects.filter(return_case=OuterRef(OuterRef("pk"))).values("session_id")
    cases = Return.objects.select_related("order__customer", "order__channel").annotate(
        owner=Subquery(Staff.objects.filter(pk=OuterRef("owner_id")).values("name")),
        link_ids=ArraySubquery(CaptureLink.objects.filter(return_case=OuterRef("pk")).values("pk")),
        session_ids=ArraySubquery(CaptureLink.objects.filter(return_case=OuterRef("pk")).values("session_id")),
        live_links=ArraySubquery(live(purpose="capture", now=now).filter(subject_id__in=own).values("pk")),
        bought=Subquery(same.values("n")),
        returned=Subquery(returned.values("n")),
    )
    found = cases.filter(number=number).first()
    if found is None:
        raise NotFound()
    return found


def _lines(case: Return) -> list[ReturnLine]:
    lines = case.lines.select_related(
        "defect_type", "order_line__product", "order_line__order__channel", "serial", "batch"
    )
    remedies = Prefetch("remedies", Remedy.objects.select_related("memo").order_by("created_at"))
    decisions = Prefetch("decisions", Decision.objects.select_related("policy").order_by("created_at"))
    checks = Prefetch("checks", Check.objects.order_by("run", "position"))
    return list(lines.prefetch_related(remedies, decisions, checks, "defect_type__shots").order_by("created_at"))


def _photos(lines: Sequence[ReturnLine]) -> dict[UUID, list[CasePhoto]]:
    """Each line's photos, the replaced ones last."""
    ties = _ties(lines)
    seen = {photo.id: photo for photo in evidence.photos(tie.photo_id for tie in ties)}
    of = {line.pk: line.order_line.product if line.order_line else None for line in lines}
    found: dict[UUID, list[CasePhoto]] = {line.pk: [] for line in lines}
    for tie in ties:
        codes = [(each["kind"], each["value"]) for each in tie.codes]
        likeness, another = _likeness(tie.shot, tie.match, of[tie.line_id], of.values())
        photo = CasePhoto(tie.shot, shot_words(tie.shot), seen[tie.photo_id], codes, likeness, another)
        found[tie.line_id].append(photo)
    return {line_id: sorted(mine, key=_place) for line_id, mine in found.items()}


def _ties(lines: Sequence[ReturnLine]) -> list[Any]:
    """The lines' photos, each with its codes and the product it was known by, in one question."""
    codes = CodeRead.objects.filter(photo=OuterRef("photo")).order_by("id")
    match = CatalogueMatch.objects.filter(photo=OuterRef("photo"))
    known = JSONObject(sku="product__sku", name="product__name", points="inliers")
    tied = LinePhoto.objects.filter(line__in=list(lines)).annotate(
        codes=ArraySubquery(codes.values(code=JSONObject(kind="kind", value="value"))),
        match=Subquery(match.values(known=known)),
    )
    return list(tied)


def _likeness(
    shot: str, match: dict[str, Any] | None, mine: Product | None, returned: Iterable[Product | None]
) -> tuple[str, bool]:
    """(what stands beside the photo, whether it is another product); ('', False) when nothing was known in it."""
    if match is None:
        return "", False
    came_back = match["sku"] in {each.sku for each in returned if each}
    compared = came_back or (mine is not None and mine.pictures.exists())
    shown = Named(match["sku"], match["name"])
    likeness = Likeness(shot, shown, match["points"], returned=came_back, compared=compared)
    line = Named(mine.sku, mine.name) if mine else None
    return said(likeness, instead_of=line), line is not None and not came_back


def _place(photo: CasePhoto) -> tuple[bool, datetime, int]:
    return photo.seen.replaced, photo.seen.arrived_at, photo.seen.position


def _line(line: ReturnLine, photos: list[CasePhoto], actor: Actor, case: Return) -> CaseLine:
    what, sku = title(line)
    checks = list(line.checks.all())
    run = max((check.run for check in checks), default=0)
    latest = [check for check in checks if check.run == run]
    return CaseLine(
        line=line,
        title=what,
        sku=sku,
        photos=photos,
        checks=latest,
        run=run,
        changed=_changed(checks, run),
        proposal=_proposal(line),
        decisions=[each for each in line.decisions.all() if each.verb != "propose"],
        remedies=[_remedy(each, actor) for each in line.remedies.all()],
        money=_money(line),
        similar=similar_cases(line),
        missing_shots=next((check.facts.get("missing", []) for check in latest if check.code == "evidence"), []),
        keys=_keys(line, actor, case),
        may_lose=line.goods in ON_THE_WAY and actor.may("warehouse", "agent"),
    )


def _overdue_for(case: Return, lines: Sequence[ReturnLine]) -> str:
    return may_go_on(
        Waiting(
            who=case.waiting_for,
            order_known=case.order_id is not None,
            decisions=[line.decision for line in lines],
            goods=[line.goods for line in lines if line.decision == "approved"],
            remedies=[remedy.state for line in lines for remedy in line.remedies.all()],
        )
    )


def _changed(checks: list[Check], run: int) -> list[tuple[str, str, str]]:
    """(check, was, is) for what the latest run sees otherwise than the one before."""
    before = {check.code: check.result for check in checks if check.run == run - 1}
    now = {check.code: check.result for check in checks if check.run == run}
    return [(code, before[code], result) for code, result in now.items() if code in before and before[code] != result]


def _proposal(line: ReturnLine) -> Proposal | None:
    last = last_proposal(line.decisions.all())
    if last is None:
        return None
    amount = money(last.amount_minor, last.currency)
    return Proposal(
        then=last.proposal,
        words=proposed(proposal=last.proposal, remedy=last.remedy, amount=str(amount) if amount else ""),
        because=last.reason,
        remedy=last.remedy,
        amount=amount,
        policy_version=last.policy.version if last.policy else None,
        policy_row=last.policy_row,
    )


def _remedy(remedy: Remedy, actor: Actor) -> RemedySeen:
    keys = []
    if "retry" in REMEDY.verbs(remedy.state) and actor.may("agent", "finance"):
        keys.append("retry")
    if remedy.kind == "replacement" and remedy.state == "posted" and actor.may("agent", "warehouse"):
        keys.append("fulfil")
    if remedy.kind == "refund" and remedy.state == "posted" and actor.may("finance"):
        keys.append("pay")
    amount = Money(remedy.amount_minor, remedy.currency)
    memo = remedy.memo.full_number if remedy.memo else ""
    return RemedySeen(
        remedy.pk, remedy.kind, remedy.state, amount, memo, remedy.instruction,
        remedy_word(kind=remedy.kind, state=remedy.state), remedy.reference, remedy.paid_on, keys,
    )  # fmt: skip


def _money(line: ReturnLine) -> MoneyBox | None:
    if line.order_line is None:
        return None
    memo = next((each.memo for each in line.remedies.all() if each.memo and each.state != "withdrawn"), None)
    if memo:
        return _given(dossier.paid(order_line=line.order_line), memo)
    paid = dossier.paid(order_line=line.order_line, besides=line)
    worth = share(paid=paid, quantity=line.quantity)
    return MoneyBox(
        paid=paid.total,
        refunded_by_channel=paid.refunded,
        credited_by_us=paid.credited,
        worth=worth.total,
        tax_within=worth.tax,
        left_after=paid.creditable - paid.credited - worth.total,
    )


def _given(paid: Paid, memo: CreditMemo) -> MoneyBox:
    """What this return got, whatever was refunded or credited since."""
    got = Money(memo.total_minor, memo.currency)
    return MoneyBox(
        paid=paid.total,
        refunded_by_channel=paid.refunded,
        credited_by_us=paid.credited - got,
        worth=got,
        tax_within=Money(memo.tax_minor, memo.currency),
        left_after=max(paid.creditable - paid.credited, Money(0, memo.currency)),
    )


def _keys(line: ReturnLine, actor: Actor, case: Return) -> list[str]:
    """The verbs of the decision axis that this reader may use now; asking goes with deciding."""
    if not actor.may("agent"):
        return []
    verbs = [verb for verb in DECISION.verbs(line.decision) if verb != "appeal"]
    if line.decision == "open":
        verbs.insert(1, "ask")
        if case.order_id is None or case.order_how == "number":
            verbs.append("attach")
    return [verb for verb in verbs if verb != "approve" or line.order_line_id is not None]


def _candidates(case: Return) -> list[Order]:
    if not case.order_typed or case.order_how in ("link", "agent"):
        return []
    return orders.search_orders(case.order_typed, limit=5)
