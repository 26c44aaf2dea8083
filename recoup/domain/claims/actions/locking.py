"""The claim's row lock: everything that changes a claim's lines or money takes it first."""

from __future__ import annotations

from recoup.domain.claims.models import Claim, ClaimLine


def locked(claim: Claim) -> Claim:
    """The claim as it is now, held until the transaction ends. The caller's object gets the state too."""
    now = (
        Claim.objects.select_for_update(of=("self",))
        .select_related("supplier", "purchase_order", "batch", "defect_type", "supplements", "key")
        .get(pk=claim.pk)
    )
    claim.state = now.state
    return now


def lines_of(claim: Claim) -> list[ClaimLine]:
    """The lines of a locked claim, each locked too, oldest first."""
    return list(
        ClaimLine.objects.select_for_update(of=("self",))
        .filter(claim=claim).select_related("return_line__return_case").order_by("created_at", "id")
    )  # fmt: skip
