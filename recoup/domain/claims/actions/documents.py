"""Baseline documents: gathered by the system, entered or uploaded by people; a version is never overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from recoup.domain.claims import states
from recoup.domain.claims.actions.locking import locked
from recoup.domain.claims.baseline import TITLES, baseline
from recoup.domain.claims.claim_file import read_file
from recoup.domain.claims.models import Claim, Document, DocumentVersion
from recoup.domain.claims.rules.changes import content_hash, diff_fields
from recoup.foundation.audit import actions as audit
from recoup.foundation.files import actions as files
from recoup.foundation.files.models import StoredFile
from recoup.kit.actor import Actor
from recoup.kit.refusal import Refusal

LARGEST = 20 * 1024 * 1024  # bytes of an uploaded document
# What a file is, by its first bytes; nothing else is taken.
_KINDS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


class UnknownDocument(Refusal):
    code, status = "claims.unknown_document", 404
    sentence = "There is no document “{kind}” in a claim file. Choose one of the nine."


class DocumentRefused(Refusal):
    code, status = "claims.document_refused", 415
    sentence = "{what} Send a PDF, a PNG or a JPEG."


class ReasonMissing(Refusal):
    code, status = "claims.reason_missing", 422
    sentence = "Say in a few words why. The reason is kept with the file."


def reasoned(why: str, most: int | None = 300) -> str:
    """A person's reason without the blanks around it, at most so many letters of it. Raises ReasonMissing."""
    if not why.strip():
        raise ReasonMissing()
    return why.strip()[:most]


@transaction.atomic
def gather_documents(*, claim: Claim, actor: Actor) -> list[DocumentVersion]:
    """Bring every baseline document up to date; returns the new versions, none where the content is the same."""
    held = locked(claim)
    kept = {each.kind: each for each in held.documents.prefetch_related("versions")}
    made = []
    for kind, fields in baseline(read_file(held)).items():
        gathered = _last_gathered(kept.get(kind))
        if gathered is None or gathered.sha256 != content_hash(fields):
            document = kept.get(kind) or _document(held, kind)
            why = _why(gathered, fields)
            made.append(_add(held, document, fields=fields, source="gathered", why=why, actor=actor))
    return made


def _last_gathered(document: Document | None) -> DocumentVersion | None:
    """From the versions that were read with it."""
    versions = [each for each in document.versions.all() if each.source == "gathered"] if document else []
    return versions[-1] if versions else None


@transaction.atomic
def enter_version(*, claim: Claim, kind: str, fields: Mapping[str, str], why: str, actor: Actor) -> DocumentVersion:
    """A person corrects a document: the six typed fields as given over the current version's. Keeps why.

    Raises NotAllowed, UnknownDocument, ReasonMissing.
    """
    actor.must("buyer", "quality")
    why = reasoned(why)
    held = locked(claim)
    document = _known(held, kind)
    current = document.versions.last()
    merged = {**(current.fields if current else {}), **fields}
    return _add(held, document, fields=merged, source="entered", why=why, actor=actor)


@transaction.atomic
def upload_version(
    *, claim: Claim, kind: str, data: bytes, why: str, actor: Actor, source: str = "uploaded"
) -> DocumentVersion:
    """A file becomes the next version of a document; its typed fields go on from the version before.

    Raises NotAllowed, UnknownDocument, ReasonMissing, DocumentRefused.
    """
    actor.must("buyer", "quality")
    why = reasoned(why)
    held = locked(claim)
    return file_version(claim=held, kind=kind, data=data, why=why, source=source, actor=actor)


def file_version(*, claim: Claim, kind: str, data: bytes, why: str, source: str, actor: Actor) -> DocumentVersion:
    """Store a file as a version of a locked claim's document. Raises UnknownDocument, DocumentRefused."""
    document = _known(claim, kind)
    media_type = _media_type(data)
    if claim.key is None:
        raise ValueError(f"Claim {claim.number} has no key.")
    file = files.store(data=data, key=claim.key, purpose="claim document", media_type=media_type, retention="document")
    current = document.versions.last()
    return _add(
        claim, document, fields=current.fields if current else {}, source=source, why=why, actor=actor, file=file
    )


def _media_type(data: bytes) -> str:
    if not data:
        raise DocumentRefused(what="The file is empty.")
    if len(data) > LARGEST:
        raise DocumentRefused(what="The file is larger than 20 MB.")
    for magic, media_type in _KINDS.items():
        if data.startswith(magic):
            return media_type
    raise DocumentRefused(what="This kind of file is not taken.")


def _known(claim: Claim, kind: str) -> Document:
    if kind not in states.BASELINE:
        raise UnknownDocument(kind=kind)
    return _document(claim, kind)


def _document(claim: Claim, kind: str) -> Document:
    return Document.objects.get_or_create(claim=claim, kind=kind)[0]


def _why(before: DocumentVersion | None, fields: Mapping[str, Any]) -> str:
    if before is None:
        return "first gathered"
    return "changed: " + ", ".join(change.field for change in diff_fields(before.fields, fields))


def _add(
    claim: Claim,
    document: Document,
    *,
    fields: Mapping[str, Any],
    source: str,
    why: str,
    actor: Actor,
    file: StoredFile | None = None,
) -> DocumentVersion:
    last = document.versions.last()
    version = DocumentVersion.objects.create(
        document=document,
        number=last.number + 1 if last else 1,
        source=source,
        fields=dict(fields),
        file=file,
        sha256=file.sha256 if file else content_hash(fields),
        why=why.strip()[:300],
        by_kind=actor.kind,
        by_name=actor.name[:200],
    )
    audit.record(
        verb="claim.document_versioned", subject=claim, actor=actor, seals=[version],
        document=TITLES[document.kind], version=version.number, why=version.why, sha256=version.sha256,
    )  # fmt: skip
    return version
