"""What colleagues hear about a claim. Every person of the role gets their own notice; nobody of it, no notice."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.db import transaction

from recoup.domain.claims.claim_file import read_file
from recoup.domain.claims.models import Claim, Packet, Recovery
from recoup.foundation.accounts.queries import addresses_of
from recoup.foundation.notices import actions as notices
from recoup.kit.actor import SYSTEM
from recoup.kit.money import Money


@transaction.atomic
def packet_left(*, packet_id: UUID) -> None:
    """To the buyers: a packet went out."""
    claim = Packet.objects.select_related("claim__supplier", "claim__purchase_order").get(pk=packet_id).claim
    _tell(
        claim, role="buyer", audience="staff", template="packet_left", purchase_order=claim.purchase_order.number,
        claimed=str(read_file(claim).total("claimed")), reply_by=claim.reply_by_date, has_address=bool(claim.supplier.email),
    )  # fmt: skip


@transaction.atomic
def boundary_expired(*, claim_id: UUID) -> None:
    """To the buyers: an approval ended before the packet left, so the claim waits for one of them again."""
    claim = Claim.objects.select_related("supplier").get(pk=claim_id)
    _tell(
        claim,
        role="buyer",
        audience="staff",
        template="boundary_expired",
        claimed=str(read_file(claim).total("claimed")),
    )


@transaction.atomic
def supplier_answered(*, claim_id: UUID) -> None:
    """To the buyers: what the supplier says to the lines now."""
    claim = Claim.objects.select_related("supplier").get(pk=claim_id)
    file = read_file(claim)
    counted = Counter(line.latest.verdict if line.latest else "not answered" for line in file.lines)
    _tell(
        claim, role="buyer", audience="staff", template="supplier_answered",
        verdicts=", ".join(f"{count} {verdict}" for verdict, count in counted.items()),
        accepted=str(file.total("accepted")), claimed=str(file.total("claimed")),
    )  # fmt: skip


@transaction.atomic
def recovery_recorded(*, recovery_id: UUID) -> None:
    """To finance: what came back, what of it has no line, and what is open."""
    recovery = Recovery.objects.select_related("claim__supplier").get(pk=recovery_id)
    matched = sum(recovery.matches.values_list("amount_minor", flat=True))
    unmatched = Money(recovery.amount_minor - matched, recovery.currency)
    _tell(
        recovery.claim, role="finance", audience="finance", template="recovery_recorded",
        kind=recovery.kind.replace("_", " "), reference=recovery.reference, dated=recovery.dated,
        amount=str(Money(recovery.amount_minor, recovery.currency)), unmatched=str(unmatched) if unmatched else "",
        open=str(read_file(recovery.claim).total("open")),
    )  # fmt: skip


def _tell(claim: Claim, *, role: str, audience: str, template: str, **facts: Any) -> None:
    for address in addresses_of(role=role):
        notices.queue(
            audience=audience, to=address, template=template, subject=claim, actor=SYSTEM,
            number=claim.number, supplier=claim.supplier.name, **facts,
        )  # fmt: skip
