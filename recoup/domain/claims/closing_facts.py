"""What the closeout note is drafted from, and what the handoff test is judged by: both read from the file alone."""

from __future__ import annotations

from django.db.models import Sum

from recoup.domain.claims.claim_file import ClaimFile, FiledLine
from recoup.domain.claims.matching import unmatched_minor
from recoup.domain.claims.models import Claim, Document
from recoup.domain.claims.rules import boundary
from recoup.domain.claims.rules.changes import diff_fields
from recoup.domain.claims.rules.closeout import CloseoutLines, FileFacts, draft
from recoup.domain.claims.rules.handoff import GoodsFacts, Handed, HandoffRow, handoff
from recoup.domain.ledger import accounts
from recoup.domain.ledger.models import Posting
from recoup.domain.warehouse.rules import TakenIn
from recoup.kit.money import Money


def handoff_of(file: ClaimFile) -> tuple[HandoffRow, ...]:
    """The handoff test of the file as it stands."""
    claim = file.claim
    recoveries = list(claim.recoveries.order_by("dated", "created_at"))
    references = tuple(f"{each.kind.replace('_', ' ')} {each.reference}" for each in recoveries)
    return handoff(
        Handed(
            claimed_minor=file.total("claimed").minor,
            accepted_minor=file.total("accepted").minor,
            recovered_minor=file.total("recovered").minor,
            written_off_minor=file.total("written_off").minor,
            unmatched_minor=unmatched_minor(claim),
            receivable_minor=receivable(claim).minor,
            references=references,
            money=_money(file, references),
            goods=tuple(_goods(line) for line in file.lines),
            documents=_current(claim),
        )
    )


def _goods(line: FiledLine) -> GoodsFacts:
    came = line.taken_in or TakenIn(0, 0)
    return GoodsFacts(
        line.case, line.goods, came.units, line.row.quantity, came.others, "" if line.row.kept_why else line.gap
    )


def receivable(claim: Claim) -> Money:
    """What the ledger says the supplier still owes for this claim."""
    postings = Posting.objects.filter(
        account=accounts.SUPPLIER_RECEIVABLE, currency=claim.currency,
        entry__subject_type="claims.claim", entry__subject_id=claim.pk,
    )  # fmt: skip
    return Money(postings.aggregate(total=Sum("amount_minor"))["total"] or 0, claim.currency)


def draft_closeout(file: ClaimFile) -> CloseoutLines:
    """The six lines as the file alone tells them."""
    claim = file.claim
    last = claim.packets.filter(sent_at__isnull=False).order_by("number").last()
    approval = claim.approvals.filter(verdict="approved").order_by("created_at").last()
    return draft(
        FileFacts(
            supplier=claim.supplier.name,
            purchase_order=claim.purchase_order.number,
            batch=claim.batch.number if claim.batch else "",
            products=", ".join(dict.fromkeys(line.sku for line in file.lines)),
            defect=claim.defect_type.name,
            quantity=file.quantity,
            claimed=str(file.total("claimed")),
            accepted=str(file.total("accepted")),
            recovered=str(file.total("recovered")),
            written_off=str(file.total("written_off")),
            has_written_off=bool(file.total("written_off")),
            explanations=[line.latest.reason for line in file.lines if line.latest],
            verdicts=[line.latest.verdict for line in file.lines if line.latest],
            signed_photos=sum(photo.copy_state == "signed" for photo in file.photos),
            documents=claim.documents.count(),
            packet_sha256=last.sha256 if last else "",
            boundary=boundary.said(approval.boundary) if approval else "",
            decision_why=claim.decision_why,
            references=[
                f"{each.kind.replace('_', ' ')} {each.reference}"
                for each in claim.recoveries.order_by("dated", "created_at")
            ],
            changed_fields=_changed_fields(claim),
        )
    )


def _current(claim: Claim) -> dict[str, dict[str, object]]:
    """Document kind → the fields of the version that controls."""
    documents = Document.objects.filter(claim=claim).prefetch_related("versions")
    return {each.kind: versions[-1].fields for each in documents if (versions := list(each.versions.all()))}


def _changed_fields(claim: Claim) -> list[str]:
    """The typed fields that differ between the first and the controlling version of any document but the answers."""
    changed: list[str] = []
    for document in Document.objects.filter(claim=claim).exclude(kind="supplier_response").prefetch_related("versions"):
        versions = list(document.versions.all())
        if len(versions) > 1:
            changed += [c.field for c in diff_fields(versions[0].fields, versions[-1].fields) if c.marked]
    return list(dict.fromkeys(changed))


def _money(file: ClaimFile, references: tuple[str, ...]) -> str:
    lost = file.total("written_off")
    by = f" by {', '.join(references)}" if references else ""
    text = (
        f"Claimed {file.total('claimed')}, accepted {file.total('accepted')}, recovered {file.total('recovered')}{by}"
    )
    return f"{text}, written off {lost}." if lost else f"{text}."
