"""Six lines that end a file, drafted from what the file says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from recoup.domain.claims.states import CLOSEOUT_LINES

LONGEST = 400  # letters per line


@dataclass(frozen=True, slots=True)
class CloseoutLines:
    issue: str
    affected_field: str
    supplier_explanation: str
    evidence_reviewed: str
    buyer_decision: str
    next_control: str

    def as_dict(self) -> dict[str, str]:
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def empty_lines(self) -> list[str]:
        return [name for name in CLOSEOUT_LINES if not getattr(self, name).strip()]

    def too_long(self) -> list[str]:
        return [name for name in CLOSEOUT_LINES if len(getattr(self, name)) > LONGEST]


#: What makes a note untrue that was written before.
_MOVED = {"claim.answered", "claim.recovery_recorded", "claim.recovery_matched", "claim.written_off"}


def outdated(verbs: Sequence[str]) -> bool:
    """Whether, by the file's audit trail, it was opened again after its last note and something came of it."""
    note = reopened = moved = False
    for verb in verbs:
        if verb == "claim.closeout_written":
            note, reopened, moved = True, False, False
        reopened = reopened or verb == "claim.reopened"
        moved = moved or (reopened and verb in _MOVED)
    return note and moved


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the draft is made of; amounts are ready to read."""

    supplier: str
    purchase_order: str
    batch: str
    products: str
    defect: str
    quantity: int
    claimed: str
    accepted: str
    recovered: str
    written_off: str
    has_written_off: bool
    explanations: Sequence[str]
    verdicts: Sequence[str]
    signed_photos: int
    documents: int
    packet_sha256: str
    boundary: str
    decision_why: str
    references: Sequence[str]
    changed_fields: Sequence[str]


def draft(file: FileFacts) -> CloseoutLines:
    """The six lines as the file alone tells them; a person edits them before closing."""
    batch = f"batch {file.batch}" if file.batch else "batch not known"
    cut = [line[:LONGEST] for line in (
        f"{file.defect}: {file.quantity} of {file.products} from {file.supplier}, {file.purchase_order}, {batch}; claimed {file.claimed}.",
        f"Fields that changed in the file: {', '.join(file.changed_fields)}." if file.changed_fields
        else f"Product quality of {batch}; no document field had to be corrected.",
        _explanation(file),
        f"{file.signed_photos} signed-off photos, {file.documents} documents; packet {file.packet_sha256[:16] or 'not sent'}.",
        f"{file.boundary or 'No approval on file.'} {file.decision_why}".strip(),
        _next_control(file, batch),
    )]  # fmt: skip
    return CloseoutLines(*cut)


def _explanation(file: FileFacts) -> str:
    said = "; ".join(dict.fromkeys(text.strip() for text in file.explanations if text.strip()))
    answers = ", ".join(f"{file.verdicts.count(word)} × {word}" for word in dict.fromkeys(file.verdicts))
    return f"Answers: {answers or 'none'}; accepted {file.accepted}." + (
        f" They say: {said.rstrip('.')}." if said else ""
    )


def _next_control(file: FileFacts, batch: str) -> str:
    money = f"Recovered {file.recovered}" + (f" by {', '.join(file.references)}" if file.references else "")
    lost = f", written off {file.written_off}" if file.has_written_off else ""
    return f"{money}{lost}. Next: inspect the next delivery from {file.supplier} for “{file.defect}” before stocking ({batch})."
