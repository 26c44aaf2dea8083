"""One part of a claim by its id, for staff: a packet, a question, a recovery, a document's file, a line to gather."""

from __future__ import annotations

from uuid import UUID

from recoup.domain.claims.models import ClaimLine, DocumentVersion, Packet, Question, Recovery
from recoup.domain.claims.queries import READERS, access_claim
from recoup.domain.returns.models import ReturnLine
from recoup.foundation.files import queries as files
from recoup.kit.actor import Actor
from recoup.kit.refusal import NotFound


def access_packet(actor: Actor, number: str, packet_id: UUID) -> Packet:
    """Raises NotAllowed, NotFound for another claim's packet."""
    claim = access_claim(actor, number)
    found = Packet.objects.select_related("claim__supplier", "file__key").filter(pk=packet_id, claim=claim).first()
    if found is None:
        raise NotFound()
    return found


def packet_download(actor: Actor, number: str, packet_id: UUID) -> tuple[str, bytes]:
    """(file name, bytes) of the ZIP as it was or will be sent. Raises NotAllowed, NotFound, FileDamaged."""
    packet = access_packet(actor, number, packet_id)
    return packet.file_name, files.read(packet.file)


def access_question(actor: Actor, number: str, question_id: UUID) -> Question:
    """Raises NotAllowed, NotFound."""
    claim = access_claim(actor, number)
    found = Question.objects.select_related("claim").filter(pk=question_id, claim=claim).first()
    if found is None:
        raise NotFound()
    return found


def access_claim_line(actor: Actor, number: str, line_id: UUID) -> ClaimLine:
    """Raises NotAllowed, NotFound."""
    claim = access_claim(actor, number)
    found = ClaimLine.objects.select_related("claim").filter(pk=line_id, claim=claim).first()
    if found is None:
        raise NotFound()
    return found


def access_recovery(actor: Actor, number: str, recovery_id: UUID) -> Recovery:
    """Raises NotAllowed, NotFound."""
    claim = access_claim(actor, number)
    found = Recovery.objects.select_related("claim").filter(pk=recovery_id, claim=claim).first()
    if found is None:
        raise NotFound()
    return found


def document_file(actor: Actor, number: str, file_id: UUID) -> tuple[str, str, bytes]:
    """(file name, media type, bytes) of a version that has a file. Raises NotAllowed, NotFound, FileDamaged."""
    claim = access_claim(actor, number)
    version = (
        DocumentVersion.objects.select_related("document", "file__key")
        .filter(file=file_id, document__claim=claim)
        .first()
    )
    if version is None or version.file is None:
        raise NotFound()
    ending = version.file.media_type.rpartition("/")[2].replace("jpeg", "jpg")
    name = f"{claim.number}-{version.document.kind.replace('_', '-')}-v{version.number}.{ending}"
    return name, version.file.media_type, files.read(version.file)


def access_return_line(actor: Actor, line_id: UUID) -> ReturnLine:
    """A return line for ``actions.gather``. Raises NotAllowed, NotFound."""
    actor.must(*READERS)
    found = ReturnLine.objects.select_related("return_case").filter(pk=line_id).first()
    if found is None:
        raise NotFound()
    return found
