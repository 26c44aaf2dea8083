"""Approve, refuse, appeal, cancel: of two who decide at once, one wins."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from recoup.domain.evidence import actions as evidence
from recoup.domain.evidence.models import CaptureSession
from recoup.domain.orders.currencies import ISO_4217
from recoup.domain.returns import deadlines, dossier
from recoup.domain.returns.actions.holding import fresh, hold, hold_order_line, put, wait_for
from recoup.domain.returns.actions.waiting import wait_for_goods
from recoup.domain.returns.facts import ReturnLineApproved, ReturnLineRefused
from recoup.domain.returns.models import Decision, Message, Remedy, Return, ReturnLine
from recoup.domain.returns.rules.amounts import Share, share
from recoup.domain.returns.states import DECISION, EVIDENCE, GOODS, REMEDIES, REMEDY
from recoup.foundation.accounts.models import Staff
from recoup.foundation.audit import actions as audit
from recoup.foundation.facts import actions as facts
from recoup.kit import ids
from recoup.kit.actor import Actor
from recoup.kit.refusal import NotAllowed, Refusal


class ReasonNeeded(Refusal):
    code, status = "returns.reason_needed", 422
    sentence = "{what} Write the reason in a sentence; it is kept with the decision."


class OrderUnknown(Refusal):
    code = "returns.order_unknown"
    sentence = "We do not know yet which order this belongs to. Tie the return to its order first."


class CurrencyUnknown(Refusal):
    code = "returns.currency_unknown"
    sentence = (
        "No currency is called {currency}, so nobody can say what this item is worth. Correct the currency of the order"
        " in the shop; it comes here by itself, and then you can decide."
    )


class NothingToPay(Refusal):
    code = "returns.nothing_to_pay"
    sentence = "Nothing is left to pay back for this item. Choose a replacement, or refuse with a reason."


class AboveYourLimit(Refusal):
    code, status = "returns.above_your_limit", 403
    sentence = "{amount} is above what you may approve ({limit}). Ask a colleague with a higher limit."


class LimitInAnotherCurrency(AboveYourLimit):
    code = "returns.limit_in_another_currency"
    sentence = (
        "Your limit is {limit}, and this is {amount}: two currencies. Ask a colleague who approves in {currency}."
    )


class UnknownRemedy(Refusal):
    code, status = "returns.unknown_remedy", 422
    sentence = "There is no remedy “{remedy}”. Choose a refund, store credit or a replacement."


@transaction.atomic
def approve(
    *,
    line: ReturnLine,
    remedy: str,
    reason: str,
    at: datetime,
    actor: Actor,
    goods_back: bool = True,
    proposal: Decision | None = None,
) -> Decision:
    """Approve the line with a remedy: mint the RMA number, lock the evidence, expect the goods.

    A staff member may approve against a failed check, with a reason. Raises NotAllowed, UnknownRemedy,
    OrderUnknown, CurrencyUnknown, ReasonNeeded, NothingToPay, AboveYourLimit, IllegalMove, MovedMeanwhile.
    """
    actor.must("agent")
    case, worth = _hold_with_worth(line, remedy)
    _check_reason(line, reason, actor)
    _check_limit(actor, worth)
    was = DECISION.make(line, "approve")
    _end_evidence(case, line)
    _expect_goods(line, goods_back)
    put(case, rma_number=case.rma_number or f"RMA-{ids.spoken()}", decided_at=case.decided_at or at)
    _wait_for_goods(case, at)
    decision = _write(line, "approve", actor, reason, proposal, remedy=remedy, worth=worth)
    _grant(line, remedy, worth)
    about = {
        "rma": case.rma_number,
        "remedy": remedy.replace("_", " "),
        "amount": worth.total,
        "reason": reason or "none given",
    }
    audit.record(verb="line.approved", subject=case, actor=actor, was=was, seals=[decision], **about)
    facts.tell(ReturnLineApproved(line_id=line.pk))
    line.return_case = case
    return decision


def _hold_with_worth(line: ReturnLine, remedy: str) -> tuple[Return, Share]:
    if remedy not in REMEDIES:
        raise UnknownRemedy(remedy=remedy)
    case = hold(line.return_case_id)
    if fresh(line).order_line is None:
        raise OrderUnknown()
    order_line = hold_order_line(line.order_line)  # type: ignore[arg-type]  # looked just before
    if order_line.order.currency not in ISO_4217:
        raise CurrencyUnknown(currency=order_line.order.currency)
    worth = share(paid=dossier.paid(order_line=order_line, besides=line), quantity=line.quantity)
    if remedy != "replacement" and not worth.total and line.decision == "open":
        raise NothingToPay()
    return case, worth


def _check_reason(line: ReturnLine, reason: str, actor: Actor) -> None:
    if actor.kind == "system" or reason.strip():
        return
    run = _last_run(line)
    if run is not None and line.checks.filter(run=run, result="fail").exists():
        raise ReasonNeeded(what="A check failed, and you approve all the same.")


def _last_run(line: ReturnLine) -> int | None:
    return line.checks.order_by("-run").values_list("run", flat=True).first()


def _check_limit(actor: Actor, worth: Share) -> None:
    if actor.kind != "staff":
        return
    limit = Staff.objects.get(pk=actor.id).limit
    if limit is None or not worth.total:
        return
    if limit.currency != worth.total.currency:
        raise LimitInAnotherCurrency(amount=str(worth.total), limit=str(limit), currency=worth.total.currency)
    if limit < worth.total:
        raise AboveYourLimit(amount=str(worth.total), limit=str(limit))


def _end_evidence(case: Return, line: ReturnLine) -> None:
    """What was decided on stays as it was: the evidence is locked, and the link takes no more photos."""
    if "lock" in EVIDENCE.verbs(line.evidence):
        EVIDENCE.make(line, "lock")
    if not case.lines.filter(decision="open").exclude(pk=line.pk).exists():
        for session in CaptureSession.objects.select_for_update(no_key=True).filter(link__return_case=case):
            if session.state in ("open", "submitted"):
                evidence.close_session(session=session, actor=_CLOSER)


_CLOSER = Actor(kind="system", id="returns", name="Recoup")


def _expect_goods(line: ReturnLine, goods_back: bool) -> None:
    # Goods of a blind return may be here already.
    if goods_back and "expect" in GOODS.verbs(line.goods):
        GOODS.make(line, "expect")


def _wait_for_goods(case: Return, at: datetime) -> None:
    """Once nothing is open, the case waits for the goods, or for nobody."""
    if not case.lines.filter(decision="open").exists():
        wait_for_goods(case, at)


def _grant(line: ReturnLine, kind: str, worth: Share) -> Remedy:
    none = kind == "replacement"
    remedy = Remedy.objects.create(
        line=line, kind=kind, currency=worth.total.currency,
        amount_minor=0 if none else worth.total.minor, tax_minor=0 if none else worth.tax.minor,
    )  # fmt: skip
    REMEDY.make(remedy, "approve")
    return remedy


@transaction.atomic
def refuse(*, line: ReturnLine, reason: str, at: datetime, actor: Actor) -> Decision:
    """Say no, with the reason the customer will read. Always a person's. Raises NotAllowed, ReasonNeeded and moves' refusals."""
    if actor.kind == "system":
        raise NotAllowed(role="agent")
    actor.must("agent")
    if not reason.strip():
        raise ReasonNeeded(what="The customer has a right to know why.")
    case = hold(line.return_case_id)
    was = DECISION.make(line, "refuse")
    put(case, decided_at=case.decided_at or at)
    _wait_for_goods(case, at)
    decision = _write(line, "refuse", actor, reason)
    audit.record(verb="line.refused", subject=case, actor=actor, was=was, seals=[decision], reason=reason[:400])
    facts.tell(ReturnLineRefused(line_id=line.pk))
    return decision


@transaction.atomic
def appeal(*, line: ReturnLine, words: str, at: datetime, actor: Actor) -> Decision:
    """The customer disagrees: a person looks again. Raises IllegalMove, MovedMeanwhile."""
    case = hold(line.return_case_id)
    was = DECISION.make(line, "appeal")
    put(case, priority=min(case.priority, 2))
    wait_for(case, "agent", until=at + deadlines.AGENT)
    if words.strip():
        Message.objects.create(
            return_case=case,
            audience="customer",
            body=words.strip()[:4000],
            author_kind=actor.kind,
            author_name=actor.name,
        )
    decision = _write(line, "appeal", actor, "")
    audit.record(verb="line.appealed", subject=case, actor=actor, was=was, seals=[decision])
    return decision


@transaction.atomic
def cancel(*, line: ReturnLine, reason: str, at: datetime, actor: Actor) -> Decision:
    """The customer keeps the item, or an agent closes the case for them. Raises NotAllowed and moves' refusals."""
    if actor.kind != "customer":
        actor.must("agent")
    case = hold(line.return_case_id)
    was = DECISION.make(line, "cancel")
    _end_evidence(case, fresh(line))
    if actor.kind != "customer":  # their own word is no decision of ours, and no wait for one
        put(case, decided_at=case.decided_at or at)
    _wait_for_goods(case, at)
    decision = _write(line, "cancel", actor, reason)
    audit.record(verb="line.cancelled", subject=case, actor=actor, was=was, seals=[decision])
    return decision


def _write(
    line: ReturnLine,
    verb: str,
    actor: Actor,
    reason: str,
    proposal: Decision | None = None,
    *,
    remedy: str = "",
    worth: Share | None = None,
) -> Decision:
    """Keep who decided what and why, with the run of checks it stands on."""
    known: dict[str, Any] = {"run": _last_run(line)}
    if proposal:
        known |= {"run": proposal.run, "policy": proposal.policy, "policy_row": proposal.policy_row}
    if worth:
        known |= {"amount_minor": worth.total.minor if remedy != "replacement" else 0, "currency": worth.total.currency}
    return Decision.objects.create(
        line=line, verb=verb, remedy=remedy, reason=reason.strip()[:400],
        actor_kind=actor.kind, actor_id=actor.id, actor_name=actor.name, **known,
    )  # fmt: skip
