"""What the company's people do: pay a refund; with a claim: look, sign, approve, send, record the credit, close."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from recoup.cli.sample.company import Company
from recoup.cli.sample.waiting import until
from recoup.domain.claims import actions, queries, supplier_queries
from recoup.domain.claims.pages import ClaimPage, PhotoView
from recoup.domain.claims.redaction_tasks import known_of
from recoup.domain.claims.rules.answers import LineAnswer
from recoup.domain.claims.rules.boundary import Boundary
from recoup.domain.evidence import redrawing
from recoup.domain.returns import actions as remedies
from recoup.domain.returns import queries as returns
from recoup.kit.money import Money
from recoup.vision.redact import Known

ROOM_FOR_DRAWING = 300  # seconds that all redacted copies of a claim may take on a busy machine


def claim_number_of(company: Company, case: str, *, seconds: float = 60) -> str:
    """The claim that gathered this return, as soon as it has. Raises TookTooLong."""

    def look() -> str | None:
        for row in queries.claims_list(company["buyer"]):
            if any(line.case == case for line in page(company, row.number).lines):
                return row.number
        return None

    return until(look, "The supplier's claim", seconds=seconds)


def page(company: Company, number: str) -> ClaimPage:
    return queries.claim_page(company["buyer"], number)


def drawn(company: Company, number: str) -> list[PhotoView]:
    """The claim's photos once each has a redacted copy. Raises TookTooLong."""

    def look() -> list[PhotoView] | None:
        photos = page(company, number).photos
        return photos if photos and all(each.copy_id for each in photos) else None

    return until(look, "Redacting the photos", seconds=ROOM_FOR_DRAWING)


def sign(company: Company, number: str, photo: PhotoView) -> PhotoView:
    """Quality signs exactly these bytes; what a second look could still read is covered first."""
    quality, photo = company["quality"], _safe(company, number, photo)
    claim = queries.access_claim(quality, number)
    assert photo.copy_id is not None
    copy = queries.copy_to_sign(quality, number, photo.copy_id)
    actions.sign_off(claim=claim, copy=copy, sha256=copy.sha256, at=timezone.now(), actor=quality)
    return photo


def _safe(company: Company, number: str, photo: PhotoView) -> PhotoView:
    """A person covers what is still readable; when that is not enough, all of the picture."""
    for covers in (_with_residue, _everything):
        if not photo.residue:
            break
        photo = _cover(company, number, photo, covers(photo))
    return photo


def _with_residue(photo: PhotoView) -> list[dict[str, Any]]:
    more = [
        {"kind": "person", "box": each["box"], "why": "still readable", "confidence": 1.0} for each in photo.residue
    ]
    return [*(dict(each) for each in photo.covers), *more]


def _everything(photo: PhotoView) -> list[dict[str, Any]]:
    return [{"kind": "person", "box": [0, 0, 20_000, 20_000], "why": "too much is readable", "confidence": 1.0}]


def _cover(company: Company, number: str, photo: PhotoView, covers: list[dict[str, Any]]) -> PhotoView:
    quality = company["quality"]
    assert photo.copy_id is not None
    copy = queries.copy_to_sign(quality, number, photo.copy_id)
    identifiers, allow = known_of(photo.photo_id)
    redrawn = redrawing.redraw(copy=copy, covers=covers, known=Known(identifiers=identifiers, allow=allow))
    claim = queries.access_claim(quality, number)
    actions.cover_again(claim=claim, copy=copy, redrawn=redrawn, actor=quality)
    return next(each for each in page(company, number).photos if each.photo_id == photo.photo_id)


def put_forward(company: Company, number: str) -> None:
    """Quality answers the decision sentence and hands the claim to a buyer."""
    quality, claim = company["quality"], queries.access_claim(company["quality"], number)
    actions.decide(
        claim=claim, answer="yes", why="The defect shows in every photo, and each was signed.", actor=quality
    )
    actions.make_ready(claim=claim, at=timezone.now(), actor=quality)


def approve(company: Company, number: str) -> Boundary:
    """The buyer's yes: this version, this order, this amount, two weeks."""
    now, seen = timezone.now(), page(company, number)
    boundary = Boundary(
        purchase_order=seen.purchase_order, document_version=seen.summary_version, amount=seen.money.claimed,
        expires_at=now + timedelta(days=14),
    )  # fmt: skip
    claim = queries.access_claim(company["buyer"], number)
    actions.approve(claim=claim, boundary=boundary, at=now, actor=company["buyer"])
    return boundary


def sent(company: Company, number: str) -> ClaimPage:
    """The claim once its packet has left. Raises TookTooLong."""

    def look() -> ClaimPage | None:
        seen = page(company, number)
        return seen if seen.packets and seen.packets[-1].sent_at else None

    return until(look, "Building and sending the packet")


def link_to_hand_over(company: Company, number: str) -> str:
    """A fresh link to the packet that left, for the supplier; the secret is seen here only."""
    packet_id: UUID = page(company, number).packets[-1].packet_id
    claim = queries.access_claim(company["buyer"], number)
    packet = claim.packets.get(pk=packet_id)
    return actions.new_link(packet=packet, at=timezone.now(), actor=company["buyer"])


def accept_everything(secret: str) -> None:
    """The supplier, in their room, accepts each line."""
    visit = actions.enter_room(secret=secret, now=timezone.now(), to="answer")
    room = supplier_queries.supplier_room(visit=visit)
    answers = [LineAnswer(line.line_id, "accept") for line in room.lines]
    claim = supplier_queries.claim_of(visit=visit)
    actions.answer(claim=claim, answers=answers, at=timezone.now(), actor=visit.actor)


def record_credit(company: Company, number: str, *, reference: str) -> Money:
    """Finance records the supplier's credit note over what was accepted."""
    amount, now = page(company, number).money.accepted, timezone.now()
    claim = queries.access_claim(company["finance"], number)
    actions.record_recovery(
        claim=claim, kind="credit_note", reference=reference, dated=now.date(), amount=amount, at=now,
        actor=company["finance"],
    )  # fmt: skip
    return amount


def close(company: Company, number: str) -> ClaimPage:
    """The closeout note as drafted, then the end of the file."""
    buyer, seen = company["buyer"], page(company, number)
    claim = queries.access_claim(buyer, number)
    actions.write_closeout(claim=claim, lines=seen.closeout, actor=buyer)
    actions.close(claim=claim, at=timezone.now(), actor=buyer)
    return page(company, number)


def remedy_posted(company: Company, case: str, *, seconds: float = 60) -> Any:
    """The customer's remedy once it is posted: a refund to pay, store credit given, a replacement to send.

    Raises TookTooLong.
    """

    def look() -> Any:
        seen = returns.case_page(company["agent"], case, now=timezone.now()).lines[0].remedies
        return seen[-1] if seen and seen[-1].state in ("settled", "posted", "errored") else None

    return until(look, "Posting the remedy", seconds=seconds)


def pay_back(company: Company, remedy_id: UUID, *, reference: str) -> None:
    """Finance has paid the refund, and says so."""
    now, sofia = timezone.now(), company["finance"]
    remedy = returns.access_remedy(actor=sofia, remedy_id=remedy_id)
    remedies.mark_paid(remedy=remedy, reference=reference, paid_on=now.date(), at=now, actor=sofia)


def send_replacement(company: Company, remedy_id: UUID, *, note: str) -> None:
    """The warehouse has sent the replacement, and says so."""
    remedy = returns.access_remedy(actor=company["warehouse"], remedy_id=remedy_id)
    remedies.fulfil(remedy=remedy, note=note, actor=company["warehouse"])
