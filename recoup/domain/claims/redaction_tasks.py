"""What has to be hidden in each photo of a claim. Personal, for the redaction only: nothing of it is stored or shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from recoup.domain.claims.models import Claim, ClaimLine
from recoup.domain.evidence.models import Photo, RedactedCopy
from recoup.domain.orders.models import Order
from recoup.domain.returns.models import LinePhoto, ReturnLine


@dataclass(frozen=True, slots=True, repr=False)
class RedactionTask:
    """``identifiers`` must not be readable in the copy; ``allow`` may be: the case's own SKU, batch, serial, PO, words."""

    photo: Photo
    identifiers: tuple[str, ...]
    allow: tuple[str, ...]


def redaction_tasks(claim_id: UUID, *, line_id: UUID | None = None) -> list[RedactionTask]:
    """One task for each photo that has no redacted copy yet: of one claim line if given, else of the whole claim."""
    claim = Claim.objects.select_related("purchase_order", "batch").get(pk=claim_id)
    links = _links(claim_id).filter(line__claim_line=line_id) if line_id else _links(claim_id)
    done = RedactedCopy.objects.exclude(state="superseded").values("photo_id")
    found: dict[UUID, RedactionTask] = {}
    for link in links.exclude(photo_id__in=done):
        before = found.get(link.photo_id)
        found[link.photo_id] = RedactionTask(
            photo=link.photo,
            identifiers=_unique(before.identifiers if before else (), _identifiers(link.line)),
            allow=_unique(before.allow if before else (), _allowed(link.line, claim)),
        )
    return list(found.values())


def first_line(claim_id: UUID) -> UUID | None:
    """The line that the claim was opened with."""
    return ClaimLine.objects.filter(claim=claim_id).order_by("created_at", "id").values_list("pk", flat=True).first()


def known_of(photo_id: UUID) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(identifiers, allow) of a photo in a claim, for a person who draws covers anew; both empty for any other photo."""
    identifiers: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    for link in LinePhoto.objects.filter(photo=photo_id, line__claim_line__isnull=False):
        claim = link.line.claim_line.claim
        identifiers = _unique(identifiers, _identifiers(link.line))
        allow = _unique(allow, _allowed(link.line, claim))
    return identifiers, allow


def _links(claim_id: UUID) -> QuerySet[LinePhoto]:
    return LinePhoto.objects.filter(
        line__claim_line__claim=claim_id, photo__state="accepted", photo__superseded_by=None
    ).select_related(
        "photo", "line__order_line__order__customer", "line__order_line__product", "line__return_case__order__customer",
        "line__batch", "line__serial", "line__claim_line__po_line__product",
    ).order_by("photo__session_id", "photo__position")  # fmt: skip


def _identifiers(line: ReturnLine) -> Iterator[str]:
    """Everything that could lead from the photo to the customer."""
    order = line.order_line.order if line.order_line else line.return_case.order
    if order is not None:
        yield from _of_order(order)


def _of_order(order: Order) -> Iterator[str]:
    customer, ship_to = order.customer, order.ship_to
    yield from (customer.name, customer.email, customer.phone, order.number, order.external_id)
    yield from order.tracking_numbers
    yield from (str(ship_to.get(field, "")) for field in ("name", "postcode", "city", "phone"))
    yield from (str(each) for each in ship_to.get("lines", []))


def _allowed(line: ReturnLine, claim: Claim) -> Iterator[str]:
    product = line.claim_line.po_line.product
    yield from (product.sku, product.gtin, product.name, claim.purchase_order.number)
    yield from product.allowed_words
    yield line.batch.number if line.batch else ""
    yield claim.batch.number if claim.batch else ""
    yield line.serial.number if line.serial else ""


def _unique(before: tuple[str, ...], more: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*before, *(word.strip() for word in more if word.strip())]))
