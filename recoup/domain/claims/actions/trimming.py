"""A claim is trimmed before it is sent: a line is taken out, or stays with a reason; or nothing is claimed at all."""

from __future__ import annotations

from django.db import transaction

from recoup.domain.claims import states
from recoup.domain.claims.actions.documents import gather_documents, reasoned
from recoup.domain.claims.actions.locking import locked
from recoup.domain.claims.claim_file import FiledLine, read_file
from recoup.domain.claims.models import Claim, ClaimLine, TakenOut
from recoup.foundation.audit import actions as audit
from recoup.kit.actor import Actor
from recoup.kit.money import Money
from recoup.kit.moves import IllegalMove
from recoup.kit.refusal import NotFound, Refusal


class AsClaimed(Refusal):
    code = "claims.as_claimed"
    sentence = "{case}: everything that is claimed came back, so there is nothing to explain."


class LastLine(Refusal):
    code = "claims.last_line"
    sentence = "{case} is the only line of this claim. To claim nothing at all, choose “Do not claim this”."


@transaction.atomic
def keep_line(*, line: ClaimLine, why: str, actor: Actor) -> None:
    """The line stays in the claim although something else, or less, came back. The reason is kept with the file.

    Raises NotAllowed, ReasonMissing, AsClaimed, NotFound, IllegalMove on a closed file.
    """
    actor.must("buyer", "quality")
    why = reasoned(why)
    held = locked(line.claim)
    if held.state == "closed":
        raise IllegalMove(verb="keep the line", state="closed")
    filed = _filed(held, line)
    if not filed.gap:
        raise AsClaimed(case=filed.case)
    ClaimLine.objects.filter(pk=line.pk).update(kept_why=why)
    audit.record(verb="claim.line_kept", subject=held, actor=actor, case=filed.case, gap=filed.gap, why=why)


@transaction.atomic
def take_out(*, line: ClaimLine, why: str, actor: Actor) -> None:
    """This line is not claimed; what was found ready or decided before is open again. It may be gathered again later.

    Raises NotAllowed, ReasonMissing, IllegalMove once the claim is approved, NotFound, LastLine.
    """
    actor.must("buyer", "quality")
    why = reasoned(why)
    held = locked(line.claim)
    if held.state not in states.GATHERING:
        raise IllegalMove(verb="take a line out", state=held.state.replace("_", " "))
    filed = _filed(held, line)
    if held.lines.count() == 1:
        raise LastLine(case=filed.case)
    if held.state != "drafting":
        was = states.CLAIM_MOVES.make(held, "go_back", decision_answer="", decision_why="")
        audit.record(verb="claim.went_back", subject=held, actor=actor, was=was, why="a line was taken out.")
    _take_out(held, filed, why, actor)
    gather_documents(claim=held, actor=actor)
    line.claim.state = held.state


@transaction.atomic
def drop(*, claim: Claim, why: str, actor: Actor) -> None:
    """Claim nothing: every line is taken out, and the claim ends before it was sent, with nothing open.

    Raises NotAllowed, ReasonMissing, IllegalMove once it is approved.
    """
    actor.must("buyer")
    why = reasoned(why)
    held = locked(claim)
    was, file = states.CLAIM_MOVES.make(held, "drop"), read_file(held)
    for filed in file.lines:
        _take_out(held, filed, why, actor)
    audit.record(verb="claim.dropped", subject=held, actor=actor, was=was, amount=file.total("claimed"), why=why)
    claim.state = held.state


def _take_out(held: Claim, filed: FiledLine, why: str, actor: Actor) -> None:
    gone = TakenOut.objects.create(
        claim=held, return_line_id=filed.row.return_line_id, why=why, by_name=actor.name[:200]
    )
    ClaimLine.objects.filter(pk=filed.row.pk).delete()
    amount = Money(filed.row.claimed_minor, held.currency)
    audit.record(
        verb="claim.line_taken_out", subject=held, actor=actor, seals=[gone], case=filed.case, amount=amount, why=why
    )


def _filed(held: Claim, line: ClaimLine) -> FiledLine:
    """The line as it is in the file now. Raises NotFound when it was taken out meanwhile."""
    for each in read_file(held).lines:
        if each.row.pk == line.pk:
            return each
    raise NotFound()
