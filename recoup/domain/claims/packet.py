"""The packet: one ZIP with a manifest, a PDF summary, a defect list and signed redacted photos. The same file, the same bytes.

Photos come from ``evidence.redacted_queries`` only: there is no other way to a picture from here.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from recoup.domain.claims.claim_file import ClaimFile, FiledPhoto, read_file
from recoup.domain.claims.models import Approval, Claim
from recoup.domain.claims.pages import GroupRow
from recoup.domain.claims.rules import questions
from recoup.domain.claims.rules.names import cell, file_name, spoken
from recoup.domain.claims.rules.rates import rate
from recoup.domain.evidence import redacted_queries
from recoup.domain.evidence.redacted_queries import SignedCopy
from recoup.kit.money import Money
from recoup.kit.typeset import typeset

FORMAT = "recoup-packet-1"
TEMPLATE = Path(__file__).parent / "typst" / "packet-1.typ"
_STAMP = (1980, 1, 1, 0, 0, 0)  # the same time in every ZIP, so that equal content is equal bytes


@dataclass(frozen=True, slots=True)
class Assembled:
    """Everything of a packet before it is filed. ``copies``: the signed copy ids and hashes that are in it."""

    approval_id: UUID
    number: int
    file_name: str
    data: bytes
    manifest: dict[str, Any]
    copies: tuple[tuple[UUID, str], ...]
    reply_by: date

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class _Photo:
    name: str
    filed: FiledPhoto
    signed: SignedCopy
    data: bytes


def assemble(*, claim: Claim, approval: Approval, number: int) -> Assembled:
    """Build packet ``number`` of an approved claim, in memory. Raises evidence's NotSigned."""
    file = read_file(claim)
    approved = approval.created_at.date()
    named = _Namer(claim, approved, number)
    photos = _photos(file, named)
    facts = _facts(file, approved, number)
    content = {named("Defect-List", "csv"): _defect_list(file), **{photo.name: photo.data for photo in photos}}
    index = [_entry(name, data) for name, data in content.items()]
    summary = _summary(facts, photos, index, at=approval)
    content = {named("Claim-Summary", "pdf"): summary, **content}
    numbers = {line.row.pk: number for number, line in enumerate(file.lines, start=1)}
    manifest = {**facts, "files": _described(content, photos, numbers)}
    data = _zip({"manifest.json": _json(manifest), **content})
    copies = tuple((photo.signed.copy_id, photo.signed.sha256) for photo in photos)
    return Assembled(
        approval.pk, number, named("Claim-Packet", "zip"), data, manifest, copies, date.fromisoformat(facts["reply_by"])
    )


class _Namer:
    """Names of one packet's files: PO_Supplier_DocumentType_ApprovalDate[_vN].ext."""

    def __init__(self, claim: Claim, approved: date, number: int) -> None:
        self._parts: dict[str, Any] = {
            "purchase_order": claim.purchase_order.number, "approved": approved, "version": number,
            "supplier": spoken(claim.supplier.name, claim.supplier.code),
        }  # fmt: skip

    def __call__(self, document: str, extension: str) -> str:
        return file_name(document=document, extension=extension, **self._parts)


def _photos(file: ClaimFile, named: _Namer) -> list[_Photo]:
    """Every photo that was not rejected, by its signed bytes."""
    filed = [photo for photo in file.photos if photo.copy_state != "rejected"]
    signed = {copy.photo_id: copy for copy in redacted_queries.all_signed(photo.photo_id for photo in filed)}
    return [
        _Photo(
            named(f"Photo-{number:03d}-{photo.shot}", "jpg"), photo, signed[photo.photo_id],
            redacted_queries.signed_bytes(signed[photo.photo_id].copy_id),
        )
        for number, photo in enumerate(filed, start=1)
    ]  # fmt: skip


def groups(file: ClaimFile) -> list[GroupRow]:
    """The defect list: one row per SKU and defect, with count, rate and amount."""
    rows: dict[tuple[str, str], GroupRow] = {}
    for key in dict.fromkeys((line.sku, line.defect) for line in file.lines):
        lines = [line for line in file.lines if (line.sku, line.defect) == key]
        units = sum(line.row.quantity for line in lines)
        amount = Money(sum(line.row.claimed_minor for line in lines), file.claim.currency)
        shipped = file.shipped if len({line.sku for line in file.lines}) == 1 else None
        rows[key] = GroupRow(key[0], lines[0].product, key[1], len(lines), units, shipped, rate(units, shipped), amount)
    return list(rows.values())


def demand(file: ClaimFile, reply_by: date | None) -> str:
    """What we ask for, in one sentence."""
    units = "unit" if file.quantity == 1 else "units"
    asked = f"Please credit {file.total('claimed')} for {file.quantity} {units}, or send replacements"
    return f"{asked}, and reply by {reply_by.day} {reply_by:%B %Y}." if reply_by else f"{asked}."


def question(claim: Claim) -> str:
    """The one open question of ours, or ''."""
    asked = claim.questions.filter(asked_by="us", answered_at=None).order_by("created_at").last()
    return questions.sentence(asked.kind, asked.body) if asked else ""


def _facts(file: ClaimFile, approved: date, number: int) -> dict[str, Any]:
    """What the summary and the manifest both say."""
    claim = file.claim
    reply_by = approved + timedelta(days=file.rules.reply_days)
    lines = [
        {
            "line": number, "case": line.case, "sku": line.sku, "batch": line.batch, "serial": line.serial, "quantity": line.row.quantity,
            "defect": line.defect, "ordered": line.ordered.isoformat() if line.ordered else "",
            "returned": line.submitted.isoformat() if line.submitted else "",
            "claimed": str(Money(line.row.claimed_minor, claim.currency)), "source": line.row.source_how,
        }
        for number, line in enumerate(file.lines, start=1)
    ]  # fmt: skip
    return {
        "format": FORMAT, "buyer": settings.RECOUP_SITE_NAME, "claim": claim.number, "packet": number,
        "supplier": claim.supplier.name, "purchase_order": claim.purchase_order.number,
        "batch": claim.batch.number if claim.batch else "", "shipment": file.shipment.reference if file.shipment else "",
        "defect": claim.defect_type.name, "quantity": file.quantity, "claimed": str(file.total("claimed")),
        "approved": approved.isoformat(), "reply_by": reply_by.isoformat(), "question": question(claim),
        "demand": demand(file, reply_by), "lines": lines,
        "supplement_to": claim.supplements.number if claim.supplements else "",
        "groups": [
            {"sku": g.sku, "product": g.product, "defect": g.defect, "cases": g.cases, "quantity": g.quantity, "rate": g.rate, "amount": str(g.amount)}
            for g in groups(file)
        ],
    }  # fmt: skip


def _defect_list(file: ClaimFile) -> bytes:
    """The lines as a spreadsheet; no cell can be taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    head = ["case", "sku", "product", "batch", "serial", "quantity", "defect", "claimed", "currency"]
    writer.writerow(head)
    for line in file.lines:
        amount = Money(line.row.claimed_minor, file.claim.currency)
        row = [
            line.case,
            line.sku,
            line.product,
            line.batch,
            line.serial,
            line.row.quantity,
            line.defect,
            amount.decimal(),
            amount.currency,
        ]
        writer.writerow([cell(value) for value in row])
    return out.getvalue().encode("utf-8-sig")


def _summary(facts: dict[str, Any], photos: list[_Photo], index: list[dict[str, Any]], *, at: Approval) -> bytes:
    sheets = [
        {
            "file": photo.name, "case": photo.filed.case, "sku": photo.filed.sku, "batch": photo.filed.batch,
            "shot": photo.filed.shot.replace("_", " "), "date": photo.filed.arrived.isoformat(),
        }
        for photo in photos
    ]  # fmt: skip
    pictures = {photo.name: photo.data for photo in photos}
    return typeset(TEMPLATE, {**facts, "photos": sheets, "index": index}, pictures, at=at.created_at)


def _entry(name: str, data: bytes) -> dict[str, Any]:
    return {"name": name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def _described(content: dict[str, bytes], photos: list[_Photo], numbers: dict[UUID, int]) -> list[dict[str, Any]]:
    """The manifest's entry of every file; a photo's says what it shows and when it was signed."""
    shown = {photo.name: photo for photo in photos}
    described = []
    for name, data in content.items():
        entry = _entry(name, data)
        if photo := shown.get(name):
            entry |= {
                "kind": "photo", "line": numbers[photo.filed.line_id], "case": photo.filed.case, "sku": photo.filed.sku, "batch": photo.filed.batch,
                "shot": photo.filed.shot, "date": photo.filed.arrived.isoformat(), "redaction_version": photo.signed.version,
                "signed": photo.signed.signed_at.isoformat(),
            }  # fmt: skip
        described.append({"kind": "summary" if name.endswith(".pdf") else "defect_list", **entry})
    return described


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False).encode() + b"\n"


def _zip(content: dict[str, bytes]) -> bytes:
    """Deterministic: fixed order, time, rights and method. Photos are compressed already, so nothing is compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in content.items():
            entry = zipfile.ZipInfo(name, date_time=_STAMP)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, data)
    return out.getvalue()
