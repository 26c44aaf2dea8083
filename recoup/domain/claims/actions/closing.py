"""The end of a file: six lines, four readers, nothing open."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from recoup.domain.claims import states
from recoup.domain.claims.actions.documents import gather_documents, reasoned
from recoup.domain.claims.actions.locking import locked
from recoup.domain.claims.actions.settling import finish, settle_state, take_back_write_off
from recoup.domain.claims.claim_file import read_file
from recoup.domain.claims.closing_facts import handoff_of
from recoup.domain.claims.facts import ClaimClosed, ClaimReopened
from recoup.domain.claims.models import Claim, Closeout
from recoup.domain.claims.rules.answers import ANSWERABLE
from recoup.domain.claims.rules.closeout import LONGEST, CloseoutLines, outdated
from recoup.foundation.audit import actions as audit
from recoup.foundation.audit.queries import trail
from recoup.foundation.facts import actions as facts
from recoup.kit.actor import Actor
from recoup.kit.money import Money
from recoup.kit.moves import IllegalMove
from recoup.kit.refusal import Refusal


class LineEmpty(Refusal):
    code, status = "claims.closeout_line_empty", 422
    sentence = "The closeout note has six lines; these are empty: {lines}."


class LineTooLong(Refusal):
    code, status = "claims.closeout_line_too_long", 422
    sentence = f"A line of the closeout note has up to {LONGEST} letters; these are longer: {{lines}}."


class NoCloseout(Refusal):
    code = "claims.no_closeout"
    sentence = "There is no closeout note yet. Read the draft, correct it, and save it; then close."


class NoteOutdated(Refusal):
    code = "claims.note_outdated"
    sentence = "The closeout note was written before the file was opened again. Correct it, and keep it; then close."


class HandoffRed(Refusal):
    code = "claims.handoff_red"
    sentence = "The file does not answer everybody yet. {reader}: {missing}"


class NeverSent(Refusal):
    code = "claims.never_sent"
    sentence = "This claim ended before it was sent. Gather its returns again under Claims, “Taken out”: they join a new claim."


class StillOpen(Refusal):
    code = "claims.still_open"
    sentence = "{open} is open on this claim. Record what came back, or write it off with a reason; then it settles."


class StillAsked(Refusal):
    code = "claims.still_asked"
    sentence = "A question is open, or a line has no answer. See to it under “Supplier”; then the claim settles."


@transaction.atomic
def write_closeout(*, claim: Claim, lines: CloseoutLines, actor: Actor) -> Closeout:
    """Save the six lines as the next version. Raises NotAllowed, LineEmpty, LineTooLong, IllegalMove on a closed file."""
    actor.must("buyer")
    if empty := lines.empty_lines():
        raise LineEmpty(lines=_words(empty))
    if long := lines.too_long():
        raise LineTooLong(lines=_words(long))
    held = locked(claim)
    if held.state == "closed":
        raise IllegalMove(verb="write the closeout note", state="closed")
    last = held.closeouts.order_by("number").last()
    note = Closeout.objects.create(
        claim=held, number=last.number + 1 if last else 1, by_name=actor.name[:200], **lines.as_dict()
    )
    audit.record(verb="claim.closeout_written", subject=held, actor=actor, seals=[note], version=note.number)
    return note


@transaction.atomic
def close(*, claim: Claim, at: datetime, actor: Actor) -> None:
    """End the file. Raises NotAllowed, IllegalMove while money is open, NoCloseout, NoteOutdated, HandoffRed."""
    actor.must("buyer")
    held = locked(claim)
    states.CLAIM_MOVES.next(held.state, "close")
    if not held.closeouts.exists():
        raise NoCloseout()
    if outdated([each.verb for each in trail(held)]):
        raise NoteOutdated()
    gather_documents(claim=held, actor=actor)
    for row in handoff_of(read_file(held)):
        if not row.green:
            raise HandoffRed(reader=row.question, missing=row.missing[0])
    was = states.CLAIM_MOVES.make(held, "close")
    claim.state = held.state
    audit.record(verb="claim.closed", subject=held, actor=actor, was=was)
    facts.tell(ClaimClosed(claim_id=held.pk))


@transaction.atomic
def reopen(*, claim: Claim, why: str, at: datetime, actor: Actor) -> Money:
    """Open a settled or closed file again because of new evidence, never silently; returns what is open again by that.

    A write-off is taken back whole: its lines may be answered, credited and written off anew, and the claim stands
    where its answers and its money put it. Raises NotAllowed, ReasonMissing, NeverSent, IllegalMove.
    """
    actor.must("buyer")
    why = reasoned(why)
    held = locked(claim)
    if held.state not in states.SETTLED:
        raise IllegalMove(verb="reopen", state=held.state.replace("_", " "))
    if not held.packets.filter(sent_at__isnull=False).exists():
        raise NeverSent()
    was = states.CLAIM_MOVES.make(held, "reopen")
    audit.record(verb="claim.reopened", subject=held, actor=actor, was=was, why=why)
    open_again = take_back_write_off(held, at, actor)
    if open_again:
        settle_state(held)
    claim.state = held.state
    facts.tell(ClaimReopened(claim_id=held.pk))
    return open_again


@transaction.atomic
def settle_again(*, claim: Claim, actor: Actor) -> None:
    """A reopened file in which nothing came of it goes back to where its answers and its money put it.

    Raises NotAllowed, StillOpen, StillAsked, IllegalMove when it was not reopened.
    """
    actor.must("buyer")
    held = locked(claim)
    if held.state not in ANSWERABLE:
        raise IllegalMove(verb="settle", state=held.state.replace("_", " "))
    if open_minor := sum(line.open_minor for line in held.lines.all()):
        raise StillOpen(open=Money(open_minor, held.currency))
    settle_state(held)
    finish(held, actor)
    if held.state not in states.SETTLED:
        raise StillAsked()
    claim.state = held.state


def _words(names: list[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)
