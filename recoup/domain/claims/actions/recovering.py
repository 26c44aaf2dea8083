"""What came back from the supplier: recorded once, matched to lines, followed until nothing is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from recoup.domain.claims import states
from recoup.domain.claims.actions.documents import reasoned
from recoup.domain.claims.actions.locking import lines_of, locked
from recoup.domain.claims.actions.settling import book_difference, finish
from recoup.domain.claims.facts import RecoveryRecorded
from recoup.domain.claims.matching import propose, unmatched_minor
from recoup.domain.claims.models import Claim, ClaimLine, Recovery, RecoveryMatch
from recoup.domain.claims.rules.amounts import Match, not_matchable
from recoup.domain.ledger import actions as ledger
from recoup.foundation.audit import actions as audit
from recoup.foundation.facts import actions as facts
from recoup.kit.actor import Actor
from recoup.kit.money import Money
from recoup.kit.moves import IllegalMove
from recoup.kit.refusal import Refusal


class UnknownRecovery(Refusal):
    code, status = "claims.unknown_recovery", 422
    sentence = "Choose what came back: a credit note, a replacement, a deduction or a payment."


class ReferenceMissing(Refusal):
    code, status = "claims.reference_missing", 422
    sentence = "Give the number of the credit note, shipment, invoice or payment, up to 80 letters."


class OtherCurrency(Refusal):
    code, status = "claims.other_currency", 422
    sentence = "This claim is in {currency}. Record the amount in {currency}, as it reduces the claim."


class NoAmount(Refusal):
    code, status = "claims.no_amount", 422
    sentence = "The amount must be above zero."


class DatedAhead(Refusal):
    code, status = "claims.dated_ahead", 422
    sentence = "The date is in the future. Record it when it is here."


class RecordedBefore(Refusal):
    code = "claims.recorded_before"
    sentence = "{kind} {reference} was recorded for this claim on {on}. Nothing was booked a second time."


class OverRecovery(Refusal):
    code = "claims.over_recovery"
    sentence = "{amount} is more than the {open} that is still open on this claim. Record up to that, and the rest on the claim it belongs to."


class NotMatchable(Refusal):
    code, status = "claims.not_matchable", 422
    sentence = "{problem}"


class NothingOpen(Refusal):
    code = "claims.nothing_open"
    sentence = "Nothing is open on this claim, so there is nothing to write off."


class MatchFirst(Refusal):
    code = "claims.match_first"
    sentence = "{amount} of the credits recorded have no line yet. Match them first, then write off what is left."


class NotSentYet(Refusal):
    code = "claims.not_sent_yet"
    sentence = "This claim has not left yet, so no credit can be for it. Look whether it belongs to another claim."


class OpenAgainFirst(Refusal):
    code = "claims.open_again_first"
    sentence = "This claim is {state} and nothing is open on it. A buyer opens it again, saying what is new; then this can be recorded."


class AnswerFirst(Refusal):
    code = "claims.answer_first"
    sentence = "A line has no answer yet, or a question is open. First write down what the supplier says, under “Supplier”; a credit without a word counts as “accepts”. Then {then}."


@transaction.atomic
def record_recovery(
    *,
    claim: Claim,
    kind: str,
    reference: str,
    dated: date,
    amount: Money,
    at: datetime,
    actor: Actor,
    matches: Sequence[Match] | None = None,
) -> Recovery:
    """Record what came back, book it, and match it to lines: as given, else by the proposal over accepted amounts.

    What finds no line stays unmatched and is shown until somebody matches it. Raises NotAllowed, UnknownRecovery,
    ReferenceMissing, OtherCurrency, NoAmount, DatedAhead, RecordedBefore, NotSentYet, OpenAgainFirst, OverRecovery, AnswerFirst, NotMatchable.
    """
    actor.must("finance", "buyer")
    number = _check_given(claim, kind, reference, dated, amount, at)
    held = locked(claim)
    lines = lines_of(held)
    _check_new(held, kind, number)
    _check_sent_and_unsettled(held)
    _check_room(held, lines, amount)
    was = held.state
    _begin(held, then="record what came back")
    entry = ledger.book_supplier_credit(
        claim_id=held.pk, supplier_id=held.supplier_id, amount=amount, at=at, actor=actor
    )
    recovery = Recovery.objects.create(
        claim=held,
        kind=kind,
        reference=number,
        dated=dated,
        amount_minor=amount.minor,
        currency=amount.currency,
        entry_id=entry.pk,
        created_at=at,
    )
    chosen = tuple(matches) if matches is not None else propose(lines, amount.minor).matches
    matched = _match(held, recovery, lines, chosen, at, actor) if chosen else 0
    audit.record(
        verb="claim.recovery_recorded", subject=held, actor=actor, was=was, seals=[recovery],
        kind=kind.replace("_", " "), reference=number,
        amount=amount, unmatched=Money(amount.minor - matched, amount.currency),
    )  # fmt: skip
    finish(held, actor)
    claim.state = held.state
    facts.tell(RecoveryRecorded(recovery_id=recovery.pk))
    return recovery


@transaction.atomic
def match(*, recovery: Recovery, matches: Sequence[Match], at: datetime, actor: Actor) -> None:
    """Match more of a recovery to lines. Where a line gets more than was accepted, the credit counts as acceptance.

    Raises NotAllowed, NotMatchable, IllegalMove.
    """
    actor.must("finance", "buyer")
    held = locked(recovery.claim)
    if held.state != "recovering":
        raise IllegalMove(verb="match", state=held.state.replace("_", " "))
    matched = _match(held, recovery, lines_of(held), matches, at, actor)
    amount = Money(matched, held.currency)
    audit.record(verb="claim.recovery_matched", subject=held, actor=actor, amount=amount, reference=recovery.reference)
    finish(held, actor)


@transaction.atomic
def write_off(*, claim: Claim, reason: str, at: datetime, actor: Actor) -> Money:
    """Give up what is still open, with a reason; returns how much. Only accepted amounts were owed, so only they are booked.

    Raises NotAllowed, ReasonMissing, AnswerFirst, MatchFirst, NothingOpen, IllegalMove.
    """
    actor.must("finance", "buyer")
    reason = reasoned(reason)
    held = locked(claim)
    lines, was = lines_of(held), held.state
    if held.state in ("accepted", "partly_accepted", *states.WITH_SUPPLIER):
        _begin(held, then="write off what is left")
    states.CLAIM_MOVES.make(held, "write_off")
    if unmatched := unmatched_minor(held):
        raise MatchFirst(amount=Money(unmatched, held.currency))
    given_up = Money(sum(line.open_minor for line in lines), held.currency)
    if not given_up:
        raise NothingOpen()
    owed = sum(line.accepted_minor - line.recovered_minor for line in lines if line.open_minor)
    for line in lines:
        line.written_off_minor += line.open_minor
        line.save(update_fields=["written_off_minor"])
    if owed:
        amount = Money(owed, held.currency)
        ledger.book_write_off(claim_id=held.pk, supplier_id=held.supplier_id, amount=amount, at=at, actor=actor)
    audit.record(verb="claim.written_off", subject=held, actor=actor, was=was, amount=given_up, reason=reason)
    claim.state = held.state
    return given_up


def _check_given(claim: Claim, kind: str, reference: str, dated: date, amount: Money, at: datetime) -> str:
    """The tidy reference, once everything that was typed makes sense."""
    number = " ".join(reference.split())
    if kind not in states.RECOVERY_KINDS:
        raise UnknownRecovery()
    if not 0 < len(number) <= 80:
        raise ReferenceMissing()
    if amount.currency != claim.currency:
        raise OtherCurrency(currency=claim.currency)
    if amount.minor <= 0:
        raise NoAmount()
    if dated > at.date():
        raise DatedAhead()
    return number


def _check_new(held: Claim, kind: str, number: str) -> None:
    before = held.recoveries.filter(kind=kind, reference__iexact=number).first()
    if before:
        raise RecordedBefore(
            kind=kind.replace("_", " ").capitalize(), reference=before.reference, on=f"{before.created_at:%d %B %Y}"
        )


def _check_sent_and_unsettled(held: Claim) -> None:
    if held.state in (*states.GATHERING, "approved"):
        raise NotSentYet()
    if held.state in states.SETTLED:
        raise OpenAgainFirst(state=held.state.replace("_", " "))


def _begin(held: Claim, *, then: str) -> None:
    """An answered claim begins to recover; one that recovers already goes on."""
    if held.state == "recovering":
        return
    if "recover" not in states.CLAIM_MOVES.verbs(held.state):
        raise AnswerFirst(then=then)
    states.CLAIM_MOVES.make(held, "recover")


def _check_room(held: Claim, lines: Sequence[ClaimLine], amount: Money) -> None:
    room = Money(sum(line.open_minor for line in lines) - unmatched_minor(held), held.currency)
    if room < amount:
        raise OverRecovery(amount=amount, open=room)


def _match(
    held: Claim, recovery: Recovery, lines: Sequence[ClaimLine], chosen: Sequence[Match], at: datetime, actor: Actor
) -> int:
    """Write the matches and raise the lines' recovered amounts; returns the sum."""
    left = recovery.amount_minor - sum(recovery.matches.values_list("amount_minor", flat=True))
    open_by_line: dict[UUID, int] = {line.pk: line.open_minor for line in lines}
    if problem := not_matchable(chosen, left_minor=left, open_by_line=open_by_line):
        raise NotMatchable(problem=problem)
    before = sum(line.accepted_minor for line in lines)
    by_id = {line.pk: line for line in lines}
    for each in chosen:
        RecoveryMatch.objects.create(recovery=recovery, claim_line_id=each.line_id, amount_minor=each.amount_minor)
        line = by_id[each.line_id]
        line.recovered_minor += each.amount_minor
        line.accepted_minor = max(line.accepted_minor, line.recovered_minor)
        line.save(update_fields=["recovered_minor", "accepted_minor"])
    book_difference(held, before, sum(line.accepted_minor for line in lines), at, actor)
    return sum(each.amount_minor for each in chosen)
