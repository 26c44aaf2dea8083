"""A claim was opened, or a line joined it: its documents are gathered and its photos redacted, for a person to sign."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from recoup.domain.claims import actions as claims
from recoup.domain.claims import queries
from recoup.domain.claims.facts import ClaimExtended, ClaimOpened
from recoup.domain.claims.redaction_tasks import RedactionTask, first_line, redaction_tasks
from recoup.domain.evidence import originals
from recoup.domain.evidence.actions import Redrawn
from recoup.foundation.facts.flows import flow
from recoup.foundation.files.keys import KeyDestroyed
from recoup.kit.actor import SYSTEM
from recoup.vision.redact import RULES_VERSION, Known, settle


@flow
def gather_documents(fact: ClaimOpened | ClaimExtended) -> None:
    claims.gather_documents(claim=queries.claim_of(fact.claim_id), actor=SYSTEM)


def redact(fact: ClaimOpened | ClaimExtended) -> list[tuple[UUID, Redrawn]]:
    """A redacted copy of each photo of the line that came; slow, and nothing of it is stored yet."""
    line_id = fact.line_id if isinstance(fact, ClaimExtended) else first_line(fact.claim_id)
    tasks = redaction_tasks(fact.claim_id, line_id=line_id)
    return [(task.photo.pk, redrawn) for task in tasks if (redrawn := redacted(task))]


def redacted(task: RedactionTask) -> Redrawn | None:
    """decode → hide → attack what was made → say what is left. None when the photo was erased meanwhile."""
    try:
        pixels = originals.pixels_of(task.photo)
    except KeyDestroyed:
        return None
    made, left = settle(pixels, known=Known(identifiers=task.identifiers, allow=task.allow))
    return Redrawn(
        encoded=made.encoded,
        rules_version=RULES_VERSION,
        covers=[asdict(cover) for cover in made.covers],
        residue=[asdict(residue) for residue in left],
    )


@flow(before=redact, slow=True)
def redact_photos(fact: ClaimOpened | ClaimExtended, made: list[tuple[UUID, Redrawn]]) -> None:
    claims.lay_out_copies(claim=queries.claim_of(fact.claim_id), made=made, actor=SYSTEM)
