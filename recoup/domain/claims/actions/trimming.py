"""Lines that need a person's word: one that stays although something else, or less, came back."""

from __future__ import annotations

from django.db import transaction

from recoup.domain.claims.actions.documents import ReasonMissing
from recoup.domain.claims.actions.locking import locked
from recoup.domain.claims.claim_file import FiledLine, read_file
from recoup.domain.claims.models import Claim, ClaimLine
from recoup.foundation.audit import actions as audit
from recoup.kit.actor import Actor
from recoup.kit.moves import IllegalMove
from recoup.kit.refusal import NotFound, Refusal


class AsClaimed(Refusal):
    code = "claims.as_claimed"
    sentence = "{case}: everything that is claimed came back, so there is nothing to explain."


@transaction.atomic
def keep_line(*, line: ClaimLine, why: str, actor: Actor) -> None:
    """The line stays in the claim although something else, or less, came back. The reason is kept with the file.

    Raises NotAllowed, ReasonMissing, AsClaimed, NotFound, IllegalMove on a closed file.
    """
    actor.must("buyer", "quality")
    if not why.strip():
        raise ReasonMissing()
    held = locked(line.claim)
    if held.state == "closed":
        raise IllegalMove(verb="keep the line", state="closed")
    filed = _filed(held, line)
    if not filed.gap:
        raise AsClaimed(case=filed.case)
    ClaimLine.objects.filter(pk=line.pk).update(kept_why=why.strip()[:300])
    audit.record(
        verb="claim.line_kept", subject=held, actor=actor, case=filed.case, gap=filed.gap, why=why.strip()[:300]
    )


def _filed(held: Claim, line: ClaimLine) -> FiledLine:
    """The line as it is in the file now. Raises NotFound when it was taken out meanwhile."""
    for each in read_file(held).lines:
        if each.row.pk == line.pk:
            return each
    raise NotFound()
