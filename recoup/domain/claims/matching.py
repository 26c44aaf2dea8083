"""How money that came back stands to the lines of a claim."""

from __future__ import annotations

from collections.abc import Sequence

from recoup.domain.claims.models import Claim, ClaimLine, RecoveryMatch
from recoup.domain.claims.rules.amounts import OpenLine, Proposal, propose_matches


def propose(lines: Sequence[ClaimLine], amount_minor: int) -> Proposal:
    """Over what was accepted and has not come back yet: an exact line first, else the oldest first."""
    waiting = [OpenLine(line.pk, line.accepted_minor - line.recovered_minor, line.created_at.date()) for line in lines]
    return propose_matches(waiting, amount_minor)


def unmatched_minor(claim: Claim) -> int:
    """How much of everything recorded has no line yet, in minor units."""
    recorded = sum(claim.recoveries.values_list("amount_minor", flat=True))
    matched = sum(RecoveryMatch.objects.filter(recovery__claim=claim).values_list("amount_minor", flat=True))
    return recorded - matched
