"""All that a supplier can read, and only through a recorded visit. Pictures come out of the packet that left, from nowhere else.

This file imports no photo, no original and no view: what was not in the packet cannot be asked for here.
"""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings

from recoup.domain.claims.models import Claim, ClaimLine, Packet, Question
from recoup.domain.claims.room_pages import RoomLine, RoomPhoto, RoomQuestion, SupplierRoom, Visit
from recoup.domain.claims.rules.answers import ANSWERABLE
from recoup.domain.claims.rules.questions import CATALOGUE, sentence
from recoup.foundation.files import queries as files
from recoup.foundation.files.models import StoredFile
from recoup.kit.money import Money
from recoup.kit.refusal import NotFound


def supplier_room(*, visit: Visit) -> SupplierRoom:
    """The room of the packet the visitor came in for. Raises NotFound."""
    packet = _packet(visit)
    claim, told = packet.claim, packet.manifest
    lines = list(claim.lines.prefetch_related("answers", "questions").order_by("created_at", "id"))
    shown = [_line(line, number, claim, told) for number, line in enumerate(lines, start=1)]
    return SupplierRoom(
        claim_id=claim.pk,
        number=claim.number,
        state=claim.state,
        buyer=settings.RECOUP_SITE_NAME,
        supplier=claim.supplier.name,
        purchase_order=told["purchase_order"],
        batch=told["batch"],
        defect=told["defect"],
        quantity=told["quantity"],
        claimed=Money.total((line.claimed for line in shown), claim.currency),
        accepted=Money.total((line.accepted for line in shown), claim.currency),
        rate=" · ".join(dict.fromkeys(group["rate"] for group in told["groups"])),
        demand=told["demand"],
        reply_by=claim.reply_by_date,
        overdue=bool(
            claim.reply_by_date and claim.reply_by_date < visit.at.date() and not all(line.verdict for line in shown)
        ),
        sent_at=packet.sent_at,
        packet_name=packet.file_name,
        packet_sha256=packet.sha256,
        packet_bytes=packet.file.offset,
        lines=shown,
        questions=[_question(each) for each in claim.questions.filter(claim_line=None).order_by("created_at")],
        may_answer=claim.state in ANSWERABLE,
    )


def packet_download(*, visit: Visit) -> tuple[str, bytes]:
    """(file name, bytes) of the packet's ZIP. Raises NotFound, FileDamaged."""
    packet = _packet(visit)
    return packet.file_name, files.read(packet.file)


def packet_file(*, visit: Visit, name: str) -> bytes:
    """One file of the packet by the name its manifest gives: a photo, the summary, the defect list. Raises NotFound, FileDamaged."""
    packet = _packet(visit)
    if name not in {entry["name"] for entry in packet.manifest["files"]}:
        raise NotFound()
    with zipfile.ZipFile(_Sealed(packet.file)) as archive:
        return archive.read(name)


def claim_of(*, visit: Visit) -> Claim:
    """The claim to answer. Raises NotFound."""
    return _packet(visit).claim


def question_of(*, visit: Visit, question_id: UUID) -> Question:
    """One of our questions in this room. Raises NotFound."""
    found = (
        Question.objects.select_related("claim").filter(pk=question_id, claim_id=visit.claim_id, asked_by="us").first()
    )
    if found is None:
        raise NotFound()
    return found


def _packet(visit: Visit) -> Packet:
    found = (
        Packet.objects.select_related("claim__supplier", "file__key")
        .filter(pk=visit.packet_id, sent_at__isnull=False)
        .first()
    )
    if found is None:
        raise NotFound()
    return found


def _line(line: ClaimLine, number: int, claim: Claim, told: dict[str, Any]) -> RoomLine:
    """A line as the packet told it, with the supplier's own latest answer."""
    said: dict[str, Any] = next((each for each in told["lines"] if each["line"] == number), defaultdict(str))
    answers = list(line.answers.all())
    latest = answers[-1] if answers else None
    return RoomLine(
        line_id=line.pk, case=said["case"], sku=said["sku"], product=_product(said["sku"], told), batch=said["batch"],
        serial=said["serial"], quantity=line.quantity, defect=said["defect"], claimed=Money(line.claimed_minor, claim.currency),
        accepted=Money(line.accepted_minor, claim.currency), verdict=latest.verdict if latest else "",
        reason=latest.reason if latest else "", answered_at=latest.created_at if latest else None,
        final=bool(line.written_off_minor) or claim.state not in ANSWERABLE, photos=_photos(number, line.pk, told),
        questions=[
            _question(each, case=said["case"])
            for each in sorted(line.questions.all(), key=lambda each: each.created_at)
        ],
    )  # fmt: skip


def _product(sku: str, told: dict[str, Any]) -> str:
    return next((group["product"] for group in told["groups"] if group["sku"] == sku), "")


def _photos(number: int, line_id: UUID, told: dict[str, Any]) -> list[RoomPhoto]:
    entries = [entry for entry in told["files"] if entry["kind"] == "photo" and entry["line"] == number]
    return [
        RoomPhoto(each["name"], line_id, each["shot"], date.fromisoformat(each["date"]), each["sha256"])
        for each in entries
    ]


def _question(asked: Question, case: str = "") -> RoomQuestion:
    """``case``: that of the line at which it stands, which needs not be named there."""
    said = sentence(asked.kind, asked.body) if asked.kind in CATALOGUE else asked.body.removeprefix(f"{case}: ")
    return RoomQuestion(
        question_id=asked.pk, ours=asked.asked_by == "us", sentence=said, asked_at=asked.created_at,
        due=asked.due_date, answer=asked.answer, answered_at=asked.answered_at,
    )  # fmt: skip


class _Sealed(io.RawIOBase):
    """A stored file that opens only the ranges that are read, so that one photo costs one photo."""

    def __init__(self, file: StoredFile) -> None:
        self._file, self._at = file, 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._file.offset}[whence]
        self._at = max(start + offset, 0)
        return self._at

    def read(self, size: int = -1) -> bytes:
        end = self._file.offset if size is None or size < 0 else min(self._at + size, self._file.offset)
        data = files.read(self._file, self._at, end) if end > self._at else b""
        self._at += len(data)
        return data
