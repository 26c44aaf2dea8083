"""The desk's reads: the list of claims, one claim's file in six tabs, sign-off, and what could not be gathered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from recoup.domain.claims import states
from recoup.domain.claims.claim_file import ClaimFile, FiledPhoto, read_file
from recoup.domain.claims.file_views import claim_page_of
from recoup.domain.claims.matching import propose
from recoup.domain.claims.models import Claim, ClaimLine, TakenOut
from recoup.domain.claims.pages import (
    ClaimPage,
    ClaimRow,
    PhotoView,
    RecoveryProposal,
    SignoffPage,
    UngatheredRow,
)
from recoup.domain.claims.photo_views import photo_view
from recoup.domain.claims.rules.waiting import opened_for_nothing, waits_for
from recoup.domain.claims.sources import source_of_line
from recoup.domain.claims.states import WITH_SUPPLIER
from recoup.domain.evidence.models import RedactedCopy
from recoup.domain.returns.models import ReturnLine
from recoup.kit.actor import Actor
from recoup.kit.money import Money
from recoup.kit.refusal import NotFound

READERS = ("buyer", "quality", "finance", "agent", "warehouse")
# Closed, or dropped before it was sent: nobody has to do anything about it any more.
_ENDED = Q(state="closed") | (Q(state="written_off") & ~Exists(ClaimLine.objects.filter(claim=OuterRef("pk"))))


def access_claim(actor: Actor, number: str) -> Claim:
    """A claim by its number, for staff who work with claims. Raises NotAllowed, NotFound."""
    actor.must(*READERS)
    claim = _full().filter(number=number).first()
    if claim is None:
        raise NotFound()
    return claim


def _full() -> QuerySet[Claim]:
    return Claim.objects.select_related("supplier", "purchase_order", "batch", "defect_type", "supplements", "key")


def claims_list(
    actor: Actor, *, state: str = "", search: str = "", now: datetime | None = None, limit: int = 200
) -> list[ClaimRow]:
    """Claims, those that wait longest for us first; ``search`` takes a number, supplier, PO or batch. Raises NotAllowed."""
    actor.must(*READERS)
    found = _full() if state or search else _full().exclude(_ENDED)
    if state == "closed":
        found = found.filter(_ENDED)
    elif state:
        found = found.filter(state=state).exclude(_ENDED)
    if word := search.strip():
        found = found.filter(
            Q(number__icontains=word) | Q(supplier__name__icontains=word) | Q(supplier__code__iexact=word)
            | Q(purchase_order__number__icontains=word) | Q(batch__number__icontains=word)
        )  # fmt: skip
    sums = found.annotate(
        n_lines=Count("lines"), n_units=Sum("lines__quantity"), n_claimed=Sum("lines__claimed_minor"),
        n_accepted=Sum("lines__accepted_minor"), n_recovered=Sum("lines__recovered_minor"), n_lost=Sum("lines__written_off_minor"),
    )  # fmt: skip
    today = (now or timezone.now()).date()
    return [_row(claim, today) for claim in sums.order_by("reply_by_date", "created_at")[:limit]]


def _row(claim: Any, today: date) -> ClaimRow:  # Any: a claim with the sums of its lines
    claimed = claim.n_claimed or 0
    left = claimed - (claim.n_recovered or 0) - (claim.n_lost or 0)
    replied = opened_for_nothing(claim.state, claimed_minor=claimed, open_minor=left)
    due = claim.reply_by_date if claim.state in WITH_SUPPLIER and not replied else None
    return ClaimRow(
        number=claim.number, state=claim.state, supplier=claim.supplier.name, purchase_order=claim.purchase_order.number,
        batch=claim.batch.number if claim.batch else "", defect=claim.defect_type.name, lines=claim.n_lines,
        quantity=claim.n_units or 0, claimed=Money(claimed, claim.currency),
        accepted=Money(claim.n_accepted or 0, claim.currency),
        recovered=Money(claim.n_recovered or 0, claim.currency),
        open=Money(left, claim.currency),
        reply_by=due, overdue=bool(due and due < today),
        waits_for=waits_for(claim.state, claimed_minor=claimed, open_minor=left), opened_at=claim.created_at,
    )  # fmt: skip


def counts(actor: Actor) -> dict[str, int]:
    """How many claims are in each state, the dropped ones with the closed; states without one are 0. Raises NotAllowed."""
    actor.must(*READERS)
    living = Claim.objects.exclude(_ENDED).values("state").annotate(n=Count("id"))
    found = {row["state"]: row["n"] for row in living} | {"closed": Claim.objects.filter(_ENDED).count()}
    return {state: found.get(state, 0) for state in states.CLAIM_MOVES.states}


def claim_page(actor: Actor, number: str, *, now: datetime | None = None) -> ClaimPage:
    """The whole claim file. Raises NotAllowed, NotFound."""
    claim = access_claim(actor, number)
    return claim_page_of(claim, now=now or timezone.now())


def signoff_page(actor: Actor, number: str, *, photo_id: UUID | None = None) -> SignoffPage:
    """One photo of the claim to sign: the asked one, else the first that waits. Raises NotAllowed, NotFound."""
    actor.must("buyer", "quality")
    claim = access_claim(actor, number)
    photos = _by_need(read_file(claim).photos)
    chosen = _chosen(photos, photo_id)
    place = photos.index(chosen) if chosen else 0
    done = sum(photo.copy_state in ("signed", "rejected") for photo in photos)
    return SignoffPage(
        number=claim.number,
        photo=_view(chosen),
        done=done,
        total=len(photos),
        previous_id=photos[place - 1].photo_id if chosen and place > 0 else None,
        next_id=photos[place + 1].photo_id if chosen and place + 1 < len(photos) else None,
    )


def _chosen(photos: list[FiledPhoto], photo_id: UUID | None) -> FiledPhoto | None:
    if photo_id is None:
        return next((photo for photo in photos if photo.copy_state == "proposed"), None)
    for photo in photos:
        if photo.photo_id == photo_id:
            return photo
    raise NotFound()


def _by_need(photos: Iterable[FiledPhoto]) -> list[FiledPhoto]:
    """Copies in which something was still readable first: they need a hand."""
    return sorted(photos, key=lambda photo: not (photo.copy and photo.copy.residue))


def _view(photo: FiledPhoto | None) -> PhotoView | None:
    return photo_view(photo) if photo else None


def copy_to_sign(actor: Actor, number: str, copy_id: UUID) -> RedactedCopy:
    """A redacted copy of this claim, for ``actions.sign_off`` and ``reject``. Raises NotAllowed, NotFound."""
    actor.must("buyer", "quality")
    claim = access_claim(actor, number)
    for photo in read_file(claim).photos:
        if photo.copy and photo.copy.pk == copy_id:
            return photo.copy
    raise NotFound()


def ungathered(actor: Actor, *, limit: int = 200) -> list[UngatheredRow]:
    """Approved return lines that are in no claim, and why; the oldest first. Raises NotAllowed."""
    actor.must(*READERS)
    waiting = _whole_lines().filter(decision="approved", claim_line=None, taken_out=None)
    return [_ungathered(line) for line in waiting.order_by("return_case__decided_at", "created_at")[:limit]]


def taken_out(actor: Actor, *, limit: int = 200) -> list[UngatheredRow]:
    """Lines that somebody took out of a claim and nobody gathered again, and why; the latest first. Raises NotAllowed."""
    actor.must(*READERS)
    latest = TakenOut.objects.filter(return_line=OuterRef("pk")).order_by("-created_at", "-id")
    lines = _whole_lines().filter(claim_line=None).annotate(
        out_of=Subquery(latest.values("claim__number")[:1]), why=Subquery(latest.values("why")[:1]),
        out_at=Subquery(latest.values("created_at")[:1]),
    )  # fmt: skip
    found = lines.exclude(out_of=None).order_by("-out_at")[:limit]
    return [_ungathered(line, because=f"Taken out of {line.out_of}: {line.why}") for line in found]


def _whole_lines() -> QuerySet[ReturnLine]:
    return ReturnLine.objects.select_related(
        "return_case", "order_line__order", "order_line__product", "batch__product", "serial__batch", "serial__product"
    )


def _ungathered(line: ReturnLine, because: str = "") -> UngatheredRow:
    source = source_of_line(line)
    known = source.po_line is not None
    return UngatheredRow(
        case=line.return_case.number,
        sku=line.order_line.product.sku if line.order_line else "",
        quantity=line.quantity,
        approved_at=line.return_case.decided_at,
        reason=because or ("The supplier is known now; gather it." if known else source.because),
        line_id=line.pk,
        ready=known,
    )


def recovery_proposal(actor: Actor, number: str, amount: Money) -> RecoveryProposal:
    """How this amount would be matched to lines, for a person to confirm. Raises NotAllowed, NotFound."""
    actor.must("finance", "buyer")
    claim = access_claim(actor, number)
    file: ClaimFile = read_file(claim)
    proposal = propose([line.row for line in file.lines], amount.minor)
    cases = {line.row.pk: line.case for line in file.lines}
    shares = [
        (cases[each.line_id], each.line_id, Money(each.amount_minor, claim.currency)) for each in proposal.matches
    ]
    return RecoveryProposal(amount, shares, Money(proposal.unmatched_minor, claim.currency), proposal)


def claim_of_packet(packet_id: UUID) -> Claim:
    """For flows. Raises NotFound."""
    claim = _full().filter(packets=packet_id).first()
    if claim is None:
        raise NotFound()
    return claim


def claim_of(claim_id: UUID) -> Claim:
    """For flows. Raises NotFound."""
    claim = _full().filter(pk=claim_id).first()
    if claim is None:
        raise NotFound()
    return claim
