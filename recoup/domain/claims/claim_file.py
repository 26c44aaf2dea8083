"""The claim file as it stands: lines, photos, delivery. Read once, used by documents, sufficiency, packet and pages.

Nothing personal of a customer is read here: cases, SKUs, batches, serials, dates. No photo's original either: only
its redacted copy, and of that only what is known about it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from recoup.domain.claims.models import Answer, Claim, ClaimLine
from recoup.domain.claims.rules.sufficiency import LineFacts, Missing, PhotoFacts, SupplierRules, missing, read_rules
from recoup.domain.evidence.models import RedactedCopy
from recoup.domain.returns.models import LinePhoto
from recoup.domain.suppliers.models import BatchSource, ShipmentBatch
from recoup.domain.warehouse.queries import taken_in
from recoup.domain.warehouse.rules import TakenIn
from recoup.kit.money import Money


@dataclass(frozen=True, slots=True)
class FiledPhoto:
    """A photo of one line. ``copy`` is its living redacted copy, None before redaction."""

    photo_id: UUID
    line_id: UUID
    case: str
    sku: str
    batch: str
    shot: str
    position: int
    arrived: date
    original_sha256: str
    copy: RedactedCopy | None

    @property
    def copy_state(self) -> str:
        return self.copy.state if self.copy else "none"


@dataclass(frozen=True, slots=True)
class FiledLine:
    row: ClaimLine
    case: str
    rma_number: str
    sku: str
    product: str
    gtin: str
    batch: str
    serial: str
    defect: str
    ordered: date | None
    submitted: date | None
    approved: date | None
    goods: str
    taken_in: TakenIn | None
    answers: tuple[Answer, ...]
    photos: tuple[FiledPhoto, ...]

    @property
    def gap(self) -> str:
        """What came back otherwise than claimed, in a few words; '' when nothing did, or nothing came yet."""
        return self.taken_in.gap(self.row.quantity) if self.taken_in else ""

    @property
    def latest(self) -> Answer | None:
        return self.answers[-1] if self.answers else None


@dataclass(frozen=True, slots=True)
class ClaimFile:
    claim: Claim
    lines: tuple[FiledLine, ...]
    shipment: ShipmentBatch | None
    shipped: int | None

    @property
    def photos(self) -> list[FiledPhoto]:
        """Every photo once, in the order of lines and arrival."""
        return list(
            {photo.photo_id: photo for line in reversed(self.lines) for photo in reversed(line.photos)}.values()
        )[::-1]

    @property
    def quantity(self) -> int:
        return sum(line.row.quantity for line in self.lines)

    def total(self, field: str) -> Money:
        """The sum of one of the lines' amounts: claimed, accepted, recovered, written_off, open."""
        return Money(sum(getattr(line.row, f"{field}_minor") for line in self.lines), self.claim.currency)

    @property
    def rules(self) -> SupplierRules:
        return read_rules(self.claim.supplier.claim_rules)

    def missing(self, *, today: date) -> tuple[Missing, ...]:
        """What this supplier's rules still miss."""
        facts = [_line_facts(line) for line in self.lines]
        received = self.shipment.received_date if self.shipment else None
        return missing(facts, self.rules, received=received, today=today, has_contact=bool(self.claim.supplier.email))


def read_file(claim: Claim) -> ClaimFile:
    """The whole file in a fixed number of queries, however many lines it has."""
    rows = list(
        claim.lines.select_related(
            "return_line__return_case", "return_line__order_line__order", "return_line__batch", "return_line__serial",
            "return_line__defect_type", "po_line__product",
        ).prefetch_related("answers").order_by("created_at", "id")
    )  # fmt: skip
    photos = _photos(rows)
    came = taken_in(row.return_line_id for row in rows)
    lines = tuple(_line(row, photos.get(row.return_line_id, []), came.get(row.return_line_id)) for row in rows)
    shipment, shipped = _delivery(claim, rows)
    return ClaimFile(claim=claim, lines=lines, shipment=shipment, shipped=shipped)


def _line(row: ClaimLine, photos: list[tuple[LinePhoto, RedactedCopy | None]], came: TakenIn | None) -> FiledLine:
    returned, product = row.return_line, row.po_line.product
    case, order = returned.return_case, returned.order_line.order if returned.order_line else None
    batch = returned.batch.number if returned.batch else ""
    return FiledLine(
        row=row,
        case=case.number,
        rma_number=case.rma_number or "",
        sku=product.sku,
        product=product.name,
        gtin=product.gtin,
        batch=batch,
        serial=returned.serial.number if returned.serial else "",
        defect=returned.defect_type.name,
        ordered=order.placed_at.date() if order else None,
        submitted=case.submitted_at.date() if case.submitted_at else None,
        approved=case.decided_at.date() if case.decided_at else None,
        goods=returned.goods,
        taken_in=came,
        answers=tuple(row.answers.all()),
        photos=tuple(_photo(row, link, copy, case.number, product.sku, batch) for link, copy in photos),
    )


def _photo(row: ClaimLine, link: LinePhoto, copy: RedactedCopy | None, case: str, sku: str, batch: str) -> FiledPhoto:
    photo = link.photo
    return FiledPhoto(
        photo_id=photo.id, line_id=row.id, case=case, sku=sku, batch=batch, shot=link.shot, position=photo.position,
        arrived=photo.created_at.date(), original_sha256=photo.sha256, copy=copy,
    )  # fmt: skip


def _photos(rows: Iterable[ClaimLine]) -> dict[UUID, list[tuple[LinePhoto, RedactedCopy | None]]]:
    """Return line id → its accepted, not superseded photos with their living copy."""
    links = list(
        LinePhoto.objects.filter(
            line_id__in=[row.return_line_id for row in rows], photo__state="accepted", photo__superseded_by=None
        ).select_related("photo").order_by("photo__session_id", "photo__position")
    )  # fmt: skip
    living = RedactedCopy.objects.filter(photo_id__in=[link.photo_id for link in links]).exclude(state="superseded")
    copies = {copy.photo_id: copy for copy in living}
    found: dict[UUID, list[tuple[LinePhoto, RedactedCopy | None]]] = defaultdict(list)
    for link in links:
        found[link.line_id].append((link, copies.get(link.photo_id)))
    return found


def _delivery(claim: Claim, rows: list[ClaimLine]) -> tuple[ShipmentBatch | None, int | None]:
    """The delivery the batch came in, and how many units it held: as recorded, else the order's only delivery."""
    po_lines = {row.po_line_id for row in rows}
    source = (
        BatchSource.objects.filter(batch_id=claim.batch_id, po_line_id__in=po_lines)
        .select_related("shipment_batch")
        .first()
        if claim.batch_id
        else None
    )
    if source and source.shipment_batch:
        return source.shipment_batch, source.quantity
    deliveries = list(claim.purchase_order.shipment_batches.all()[:2])
    only = deliveries[0] if len(deliveries) == 1 else None
    return only, source.quantity if source else None


def _line_facts(line: FiledLine) -> LineFacts:
    photos = tuple(
        PhotoFacts(photo.shot, photo.copy_state, len(photo.copy.residue) if photo.copy else 0) for photo in line.photos
    )
    gap = "" if line.row.kept_why else line.gap
    return LineFacts(line.row.id, line.case, line.row.quantity, line.row.claimed_minor, photos, gap)
