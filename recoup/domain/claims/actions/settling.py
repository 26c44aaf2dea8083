"""Where a claim stands by its answers and its money, and the bookings that follow from them. For locked claims."""

from __future__ import annotations

from datetime import datetime

from recoup.domain.claims import states
from recoup.domain.claims.actions.locking import lines_of
from recoup.domain.claims.matching import unmatched_minor
from recoup.domain.claims.models import Claim, ClaimLine
from recoup.domain.claims.rules import answers as rules
from recoup.domain.claims.rules.answers import Standing
from recoup.domain.ledger import actions as ledger
from recoup.domain.ledger.models import Entry
from recoup.foundation.audit import actions as audit
from recoup.kit.actor import Actor
from recoup.kit.money import Money


def settle_state(held: Claim) -> str:
    """Move a locked claim to where its lines' answers and questions put it; returns the state it was in."""
    was = held.state
    for verb in rules.verbs(held.state, _standing(held)):
        states.CLAIM_MOVES.make(held, verb)
    return was


def book_difference(held: Claim, before: int, accepted: int, at: datetime, actor: Actor) -> None:
    """Book what is accepted more than before; where it is less, earlier bookings are reversed and the rest booked anew."""
    if accepted < before:
        _reverse(held, "claim_accepted", at, actor)
        before = 0
    if accepted > before:
        amount = Money(accepted - before, held.currency)
        ledger.book_accepted(claim_id=held.pk, supplier_id=held.supplier_id, amount=amount, at=at, actor=actor)


def take_back_write_off(held: Claim, at: datetime, actor: Actor) -> Money:
    """What was given up is open again, in the file and in the books; returns how much. Nothing is erased."""
    lines = [line for line in lines_of(held) if line.written_off_minor]
    amount = Money(sum(line.written_off_minor for line in lines), held.currency)
    for line in lines:
        line.written_off_minor = 0
        line.save(update_fields=["written_off_minor"])
    _reverse(held, "write_off", at, actor)
    if amount:
        audit.record(verb="claim.write_off_taken_back", subject=held, actor=actor, amount=amount)
    return amount


def _reverse(held: Claim, kind: str, at: datetime, actor: Actor) -> None:
    """Book the opposite of every entry of this kind that still stands."""
    standing = Entry.objects.filter(kind=kind, subject_type="claims.claim", subject_id=held.pk, reversed_by=None)
    for entry in standing.order_by("created_at", "id"):
        ledger.reverse(entry=entry, at=at, actor=actor)


def finish(held: Claim, actor: Actor) -> None:
    """With nothing open and nothing unmatched, a recovering claim is recovered, or written off where part of it was."""
    lines = list(ClaimLine.objects.filter(claim=held))
    if unmatched_minor(held) or any(line.open_minor for line in lines):
        return
    lost = any(line.written_off_minor for line in lines)
    if held.state in ("accepted", "partly_accepted") and lost:
        states.CLAIM_MOVES.make(held, "recover")
    if (verb := "write_off" if lost else "settle") in states.CLAIM_MOVES.verbs(held.state):
        was = states.CLAIM_MOVES.make(held, verb)
        audit.record(verb="claim.settled", subject=held, actor=actor, was=was)


def _standing(held: Claim) -> Standing:
    lines = list(ClaimLine.objects.filter(claim=held).prefetch_related("answers"))
    latest = tuple(answers[-1].verdict if (answers := list(line.answers.all())) else "" for line in lines)
    unanswered = held.questions.filter(answered_at=None)
    sent = held.packets.filter(sent_at__isnull=False).order_by("number").last()
    return Standing(
        verdicts=latest,
        accepted_minor=sum(line.accepted_minor for line in lines),
        claimed_minor=sum(line.claimed_minor for line in lines),
        supplier_asks=unanswered.filter(asked_by="supplier").exists(),
        we_ask=bool(sent and unanswered.filter(asked_by="us", created_at__gt=sent.sent_at).exists()),
        recovered_minor=sum(held.recoveries.values_list("amount_minor", flat=True)),
    )
