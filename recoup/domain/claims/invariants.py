"""What must always be true of claims; each broken law is named in one line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from recoup.domain.claims.claim_file import read_file
from recoup.domain.claims.closing_facts import receivable
from recoup.domain.claims.models import Answer, Claim, ClaimLine, DocumentVersion, Packet, RecoveryMatch
from recoup.domain.claims.rules.changes import content_hash
from recoup.domain.claims.states import CLAIM_MOVES
from recoup.domain.evidence.models import RedactedCopy
from recoup.foundation.audit.queries import told
from recoup.foundation.database.findings import Finding
from recoup.foundation.files import queries as files
from recoup.kit.money import Money
from recoup.kit.refusal import Refusal


def lines_add_up() -> Iterator[Finding]:
    """Each line: accepted within claimed, recovered is the sum of its matches, nothing below zero; accepted as last answered."""
    answers = Answer.objects.filter(claim_line=OuterRef("pk")).order_by("-created_at", "-id")
    answered = ClaimLine.objects.annotate(said=Coalesce(Subquery(answers.values("accepted_minor")[:1]), 0))
    for line in answered.select_related("claim").annotate(matched=Sum("matches__amount_minor")).iterator():
        where = f"{line.claim.number} line {line.pk}"
        if (line.matched or 0) != line.recovered_minor:
            yield Finding(
                "claims.lines",
                where,
                f"Matches add up to {line.matched or 0}, the line says {line.recovered_minor} recovered.",
            )
        if line.open_minor < 0 or line.accepted_minor > line.claimed_minor:
            yield Finding("claims.lines", where, "More was accepted, recovered or written off than was claimed.")
        if line.accepted_minor != max(line.said, line.recovered_minor):
            yield Finding(
                "claims.lines", where, f"{line.accepted_minor} stands as accepted, but the answers say {line.said}."
            )


def money_matches_the_ledger() -> Iterator[Finding]:
    """What the ledger says a supplier owes for a claim is accepted − recorded − written off of the accepted."""
    for claim in Claim.objects.prefetch_related("lines", "recoveries"):
        lines = list(claim.lines.all())
        accepted = sum(line.accepted_minor for line in lines)
        recorded = sum(each.amount_minor for each in claim.recoveries.all())
        given_up = sum(line.accepted_minor - line.recovered_minor for line in lines if line.written_off_minor)
        due, booked = Money(accepted - recorded - given_up, claim.currency), receivable(claim)
        if due != booked:
            yield Finding("claims.ledger", claim.number, f"The file says {due} is owed, the ledger says {booked}.")


def recoveries_are_booked() -> Iterator[Finding]:
    """Each recovery has its ledger entry, and is not matched beyond its amount."""
    for claim in Claim.objects.filter(recoveries__isnull=False, recoveries__entry_id=None).distinct():
        yield Finding("claims.recovery", claim.number, "A recovery was recorded without a booking.")
    over = RecoveryMatch.objects.values(
        "recovery__claim__number", "recovery__reference", "recovery__amount_minor"
    ).annotate(matched=Sum("amount_minor"))
    for row in over.filter(matched__gt=F("recovery__amount_minor")):
        yield Finding(
            "claims.recovery",
            row["recovery__claim__number"],
            f"{row['recovery__reference']} is matched beyond its amount.",
        )


def claims_are_on_their_orders_supplier() -> Iterator[Finding]:
    """A claim is on the supplier of its purchase order, and each of its lines came on that order."""
    claims = Claim.objects.select_related("supplier", "purchase_order__supplier")
    for claim in claims.exclude(supplier=F("purchase_order__supplier")).iterator():
        order = claim.purchase_order
        said = f"It is on {claim.supplier.name}, but {order.number} is with {order.supplier.name}."
        yield Finding("claims.supplier", claim.number, said)
    lines = ClaimLine.objects.select_related("claim__purchase_order", "po_line__purchase_order")
    for line in lines.exclude(po_line__purchase_order=F("claim__purchase_order")).iterator():
        said = f"It came on {line.po_line.purchase_order.number}, not on {line.claim.purchase_order.number}."
        yield Finding("claims.supplier", f"{line.claim.number} line {line.pk}", said)


def packets_left_as_told() -> Iterator[Finding]:
    """A packet counts as sent exactly when the trail says that it was sent."""
    leaving = told("claim.sent", Claim).values_list("subject_id", "facts__number")
    sent = Packet.objects.filter(sent_at__isnull=False).values_list("claim_id", "number")
    left, counted = set(leaving.iterator()), set(sent.iterator())
    for claim, number in sorted(left - counted):
        yield Finding(
            "claims.sent", f"claim {claim}", f"Packet {number} was sent, and it no longer says so or is gone."
        )
    for claim, number in sorted(counted - left):
        yield Finding("claims.sent", f"claim {claim}", f"Packet {number} counts as sent, and nobody sent it.")


def packets_are_what_was_sent() -> Iterator[Finding]:
    """The stored bytes of each packet have the hash that was recorded when it was built."""
    for packet in Packet.objects.select_related("claim", "file__key"):
        where = f"{packet.claim.number} packet {packet.number}"
        try:
            found = hashlib.sha256(b"".join(files.stream(packet.file))).hexdigest()
        except Refusal as refusal:
            yield Finding("claims.packet", where, refusal.say())
            continue
        if found != packet.sha256:
            yield Finding(
                "claims.packet", where, f"Its bytes hash to {found[:16]}…, recorded was {packet.sha256[:16]}…."
            )


def versions_are_as_filed() -> Iterator[Finding]:
    """A document version's hash is that of its fields, or of its file."""
    for version in DocumentVersion.objects.select_related("document__claim", "file").iterator(chunk_size=500):
        wanted = version.file.sha256 if version.file else content_hash(version.fields)
        if version.sha256 != wanted:
            where = f"{version.document.claim.number} {version.document.kind} v{version.number}"
            yield Finding("claims.documents", where, "The version is not what was filed.")


def sent_photos_are_signed() -> Iterator[Finding]:
    """Every photo of a packet has the hash of a copy that a person signed."""
    for packet in Packet.objects.select_related("claim").iterator(chunk_size=100):
        hashes = {entry["sha256"] for entry in packet.manifest["files"] if entry["kind"] == "photo"}
        signed = set(RedactedCopy.objects.filter(signed_sha256__in=hashes).values_list("signed_sha256", flat=True))
        for lost in sorted(hashes - signed):
            yield Finding(
                "claims.signed",
                f"{packet.claim.number} packet {packet.number}",
                f"Nobody signed the photo {lost[:16]}….",
            )


def settled_means_nothing_open() -> Iterator[Finding]:
    """A recovered, written-off or closed claim has nothing open."""
    for claim in Claim.objects.filter(state__in=["recovered", "written_off", "closed"]).select_related("supplier"):
        if open_amount := read_file(claim).total("open"):
            yield Finding("claims.settled", claim.number, f"{open_amount} is open, though the claim is {claim.state}.")
    for claim in Claim.objects.exclude(state__in=CLAIM_MOVES.states):
        yield Finding("claims.settled", claim.number, f"“{claim.state}” is not a state of a claim.")
