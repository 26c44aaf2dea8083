"""One claim file as its six tabs show it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from recoup.domain.claims.baseline import TITLES
from recoup.domain.claims.claim_file import ClaimFile, FiledLine, read_file
from recoup.domain.claims.closing_facts import draft_closeout, handoff_of, receivable
from recoup.domain.claims.models import Approval, Claim, Document, DocumentVersion, Question, Recovery
from recoup.domain.claims.packet import groups
from recoup.domain.claims.pages import (
    DECISION_SENTENCE,
    ApprovalView,
    ClaimPage,
    DocumentView,
    Dot,
    LineView,
    MoneyView,
    QuestionView,
    RecoveryView,
    VersionView,
)
from recoup.domain.claims.photo_views import photo_view
from recoup.domain.claims.rules import boundary, questions
from recoup.domain.claims.rules.changes import diff_fields
from recoup.domain.claims.rules.closeout import CloseoutLines, outdated
from recoup.domain.claims.rules.handoff import HandoffRow
from recoup.domain.claims.rules.sufficiency import Missing
from recoup.domain.claims.rules.waiting import opened_for_nothing
from recoup.domain.claims.sent_views import packet_views
from recoup.domain.claims.states import BASELINE, CLAIM_MOVES, CLOSEOUT_LINES, WITH_SUPPLIER
from recoup.foundation.audit.queries import trail
from recoup.kit.money import Money


def claim_page_of(claim: Claim, *, now: datetime) -> ClaimPage:
    """Everything about a claim, for its page."""
    file = read_file(claim)
    folded = not claim.decision_answer
    missing, handoff = file.missing(today=now.date()), handoff_of(file)
    asked = [question_view(each, now) for each in claim.questions.order_by("created_at")]
    theirs = [each for each in asked if each.asked_by == "supplier"]
    note = claim.closeouts.order_by("number").last()
    money = _money(file)
    documents = _documents(claim)
    timeline = trail(claim)
    hindrance = _hindrance(claim, handoff, stale=outdated([each.verb for each in timeline]))
    summary = next((each for each in documents if each.kind == "claim_summary"), None)
    return ClaimPage(
        claim_id=claim.pk,
        number=claim.number,
        state=claim.state,
        supplier=claim.supplier.name,
        supplier_email=claim.supplier.email,
        purchase_order=claim.purchase_order.number,
        batch=claim.batch.number if claim.batch else "",
        defect=claim.defect_type.name,
        currency=claim.currency,
        opened_at=claim.created_at,
        reply_by=_reply_by(claim, money),
        supplements=claim.supplements.number if claim.supplements else "",
        supplemented_by=list(claim.supplemented_by.order_by("number").values_list("number", flat=True)),
        question=DECISION_SENTENCE,
        decision_answer=claim.decision_answer,
        decision_why=claim.decision_why,
        folded=folded,
        newer=len(theirs) + sum(len(line.answers) for line in file.lines) if folded else 0,
        verbs=CLAIM_MOVES.verbs(claim.state),
        dots=_dots(claim, missing, handoff, money),
        lines=[line_view(line, claim.currency, folded=folded) for line in file.lines],
        groups=groups(file),
        timeline=timeline,
        photos=[photo_view(photo) for photo in file.photos],
        missing=missing,
        documents=documents,
        approvals=[approval_view(each, now) for each in claim.approvals.order_by("created_at")],
        standing=standing(claim, now),
        summary_version=summary.current.number if summary and summary.current else 0,
        packets=packet_views(claim, timeline, now=now),
        questions=[each for each in asked if not folded or each.asked_by == "us"],
        catalogue=questions.CATALOGUE,
        money=money,
        recoveries=_recoveries(claim, file),
        closeout=CloseoutLines(**{name: getattr(note, name) for name in CLOSEOUT_LINES})
        if note
        else draft_closeout(file),
        closeout_number=note.number if note else 0,
        handoff=handoff,
        may_close=not hindrance,
        close_hindrance=hindrance,
    )


def _reply_by(claim: Claim, money: MoneyView) -> date | None:
    """Until when the supplier has to answer; None when nothing is left to answer."""
    replied = opened_for_nothing(claim.state, claimed_minor=money.claimed.minor, open_minor=money.open.minor)
    return claim.reply_by_date if claim.state in WITH_SUPPLIER and not replied else None


def line_view(line: FiledLine, currency: str, *, folded: bool = False) -> LineView:
    latest = None if folded else line.latest
    row = line.row
    return LineView(
        line_id=row.pk, case=line.case, rma_number=line.rma_number, sku=line.sku, product=line.product, batch=line.batch,
        serial=line.serial, quantity=row.quantity, defect=line.defect, source_how=row.source_how, goods=line.goods,
        gap=line.gap, kept_why=row.kept_why,
        claimed=Money(row.claimed_minor, currency), accepted=Money(row.accepted_minor, currency),
        recovered=Money(row.recovered_minor, currency), written_off=Money(row.written_off_minor, currency),
        open=Money(row.open_minor, currency), answer=latest.verdict if latest else "",
        answer_reason=latest.reason if latest else "", answered_at=latest.created_at if latest else None,
        photos=len(line.photos), signed_photos=sum(photo.copy_state == "signed" for photo in line.photos),
    )  # fmt: skip


def question_view(asked: Question, now: datetime) -> QuestionView:
    text = questions.sentence(asked.kind, asked.body) if asked.kind in questions.CATALOGUE else asked.body
    late = bool(asked.answered_at is None and asked.due_date and asked.due_date < now.date())
    return QuestionView(
        question_id=asked.pk, asked_by=asked.asked_by, kind=asked.kind, sentence=text, due=asked.due_date, overdue=late,
        answer=asked.answer, answered_at=asked.answered_at, asked_at=asked.created_at,
    )  # fmt: skip


def approval_view(approval: Approval, now: datetime) -> ApprovalView:
    return ApprovalView(
        verdict=approval.verdict,
        sentence=boundary.said(approval.boundary) if approval.verdict == "approved" else f"Refused: {approval.reason}",
        reason=approval.reason,
        by=approval.by_name,
        at=approval.created_at,
        expires_at=approval.expires_at,
        expired=bool(approval.expires_at and approval.expires_at <= now),
    )


def standing(claim: Claim, now: datetime) -> list[ApprovalView]:
    """Exceptions and instructions on this supplier's other claims that still hold."""
    others = Approval.objects.filter(claim__supplier=claim.supplier, verdict="approved", expires_at__gt=now)
    return [approval_view(each, now) for each in others.exclude(claim=claim).order_by("-created_at")[:20]]


def _documents(claim: Claim) -> list[DocumentView]:
    """All nine, in the baseline's order; a document without a version yet has none."""
    kept = {each.kind: each for each in Document.objects.filter(claim=claim).prefetch_related("versions")}
    return [_document(kind, list(kept[kind].versions.all()) if kind in kept else []) for kind in BASELINE]


def _document(kind: str, versions: list[DocumentVersion]) -> DocumentView:
    views = [_version(each, before) for each, before in zip(versions, [None, *versions], strict=False)]
    return DocumentView(
        kind=kind, title=TITLES[kind], current=views[-1] if views else None,
        prior=views[-2] if len(views) > 1 else None, versions=views,
    )  # fmt: skip


def _version(version: DocumentVersion, before: DocumentVersion | None) -> VersionView:
    return VersionView(
        number=version.number, source=version.source, at=version.created_at, by=version.by_name, why=version.why,
        sha256=version.sha256, fields=version.fields, file_id=version.file_id,
        changes=diff_fields(before.fields, version.fields) if before else (),
    )  # fmt: skip


def _money(file: ClaimFile) -> MoneyView:
    claim = file.claim
    recorded = sum(claim.recoveries.values_list("amount_minor", flat=True))
    return MoneyView(
        claimed=file.total("claimed"), accepted=file.total("accepted"), recovered=file.total("recovered"),
        written_off=file.total("written_off"), open=file.total("open"),
        unmatched=Money(recorded, claim.currency) - file.total("recovered"), receivable=receivable(claim),
    )  # fmt: skip


def _recoveries(claim: Claim, file: ClaimFile) -> list[RecoveryView]:
    cases = {line.row.pk: line.case for line in file.lines}
    rows = claim.recoveries.prefetch_related("matches").order_by("dated", "created_at")
    return [_recovery(each, cases) for each in rows]


def _recovery(recovery: Recovery, cases: Mapping[UUID, str]) -> RecoveryView:
    shares = [
        (cases[each.claim_line_id], Money(each.amount_minor, recovery.currency)) for each in recovery.matches.all()
    ]
    amount = Money(recovery.amount_minor, recovery.currency)
    return RecoveryView(
        recovery_id=recovery.pk, kind=recovery.kind, reference=recovery.reference, dated=recovery.dated, amount=amount,
        unmatched=amount - Money.total((share for _, share in shares), recovery.currency), matches=shares,
    )  # fmt: skip


def _hindrance(claim: Claim, handoff: tuple[HandoffRow, ...], *, stale: bool) -> str:
    """Why the file cannot be closed now, or ''."""
    if claim.state == "written_off" and not claim.lines.exists():
        return "It ended before it was sent, so there is nothing to close."
    if claim.state not in ("recovered", "written_off"):
        return "Money or an answer is still open."
    red = next((row for row in handoff if not row.green), None)
    if red:
        return f"{red.question} {red.missing[0]}"
    if stale:
        return "The closeout note was written before the file was opened again: correct it, and keep it."
    return "" if claim.closeouts.exists() else "The closeout note is not saved yet."


_BEFORE_SENDING = ("drafting", "redaction_pending", "ready", "approved")


def _dots(
    claim: Claim, missing: tuple[Missing, ...], handoff: tuple[HandoffRow, ...], money: MoneyView
) -> dict[str, Dot]:
    """settled, waiting or stopped, one per tab."""
    before, state = claim.state in _BEFORE_SENDING, claim.state
    replied = opened_for_nothing(state, claimed_minor=money.claimed.minor, open_minor=money.open.minor)
    blocked = before and any(each.blocks for each in missing)
    return {
        "what_happened": "settled" if claim.decision_answer else "waiting",
        "evidence": "stopped" if blocked else "settled",
        "documents": "settled" if claim.documents.count() >= len(BASELINE) - 1 else "waiting",
        "approval": "waiting" if state in ("drafting", "redaction_pending", "ready") else "settled",
        "supplier": "stopped"
        if state in ("disputed", "refused")
        else "waiting"
        if before or (state in WITH_SUPPLIER and not replied)
        else "settled",
        "recovery": "settled"
        if state == "closed" or (not money.open and not replied and all(row.green for row in handoff))
        else "waiting",
    }
