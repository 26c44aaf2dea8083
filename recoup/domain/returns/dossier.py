"""Reading, once, everything that the checks need to know about a return line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import Q, QuerySet, Sum

from recoup.domain.catalogue import queries as catalogue
from recoup.domain.catalogue.models import Serial, WarrantyPlan
from recoup.domain.defects import queries as defects
from recoup.domain.evidence.models import CatalogueMatch, CodeRead, Photo, Reuse
from recoup.domain.orders.models import LineSerial, Order, OrderLine
from recoup.domain.returns.models import Remedy, ReturnLine
from recoup.domain.returns.rules import serial as serials
from recoup.domain.returns.rules.amounts import Paid
from recoup.domain.returns.rules.dossier import Bought, Dossier
from recoup.domain.returns.rules.evidence import Picture
from recoup.domain.returns.rules.pattern import Hit
from recoup.domain.returns.rules.product import Likeness, Named
from recoup.domain.returns.rules.quantity import Purchase
from recoup.domain.returns.rules.reuse import Seen
from recoup.domain.returns.rules.serial import Known, Told
from recoup.domain.returns.rules.warranty import Dates, Plan
from recoup.kit.money import Money

LIVE = ["open", "approved"]


def read(*, line: ReturnLine, at: datetime) -> Dossier:
    """The line's dossier as of now; ``at`` is when the return was sent in, the day the warranty is judged by."""
    said = _told(line)
    unit = find_serial(line=line, number=said.number)
    return Dossier(
        quantity=line.quantity,
        defect_type=line.defect_type.code,
        order_how=line.return_case.order_how,
        bought=bought(order_line=line.order_line, at=at, besides=line) if line.order_line else None,
        told=said,
        known=_known(line, unit, said.number),
        hits=_hits(line, unit, said.number),
        required=[item.shot for item in line.defect_type.shots.all() if item.required],
        pictures=pictures(line),
        seen=_seen(line),
        likenesses=_likenesses(line),
    )


def bought(*, order_line: OrderLine, at: datetime, besides: ReturnLine | None = None) -> Bought:
    """What the order line tells, with what has come back of it already, ``besides`` left out."""
    order, product = order_line.order, order_line.product
    return Bought(
        purchase=purchase(order_line=order_line, besides=besides),
        paid=paid(order_line=order_line, besides=besides),
        dates=_dates(order, at),
        country=order.country,
        plan_code=product.warranty_plan,
        plans=[_plan(row) for row in WarrantyPlan.objects.filter(code=product.warranty_plan)]
        if product.warranty_plan
        else [],
        serial_format=product.serial_format,
        product=Named(product.sku, product.name),
    )


def purchase(*, order_line: OrderLine, besides: ReturnLine | None = None) -> Purchase:
    """The order line with everything that came back of it. Lock the order line first where the answer decides."""
    order, zone = order_line.order, _zone(order_line.order)
    others = _others(order_line, besides).filter(decision__in=LIVE)
    return Purchase(
        bought=order_line.quantity,
        paid=Money(order_line.paid_minor, order.currency),
        payment=order.payment,
        cancelled_on=_day(order.cancelled_at, zone),
        refunded=order_line.refunded_quantity,
        in_returns=others.aggregate(units=Sum("quantity"))["units"] or 0,
        credited=_credits(order_line, besides)[0],
        holds=tuple(note["sentence"] for note in order.notes if note.get("severity") == "hold"),
    )


def paid(*, order_line: OrderLine, besides: ReturnLine | None = None) -> Paid:
    """What was paid for the order line and given back of it, by the channel and by us."""
    currency = order_line.order.currency
    units, minor = _credits(order_line, besides)
    return Paid(
        bought=order_line.quantity,
        total=Money(order_line.paid_minor, currency),
        tax=Money(order_line.tax_minor, currency),
        refunded_units=order_line.refunded_quantity,
        refunded=Money(order_line.refunded_minor, currency),
        credited_units=units,
        credited=Money(minor, currency),
    )


def _others(order_line: OrderLine, besides: ReturnLine | None) -> QuerySet[ReturnLine]:
    lines = ReturnLine.objects.filter(order_line=order_line)
    return lines.exclude(pk=besides.pk) if besides else lines


def _credits(order_line: OrderLine, besides: ReturnLine | None) -> tuple[int, int]:
    """(units, minor units) that our own refunds and store credits of this order line have promised."""
    promised = Remedy.objects.filter(
        line__in=_others(order_line, besides),
        kind__in=["refund", "store_credit"],
        state__in=["approved", "posted", "settled", "errored"],
    )
    rows = list(promised.values_list("line__quantity", "amount_minor"))
    return sum(units for units, _ in rows), sum(minor for _, minor in rows)


def pictures(line: ReturnLine) -> list[Picture]:
    """The line's photos that still count, as the evidence check sees them."""
    rows = line.photos.filter(photo__superseded_by=None).values_list("shot", "photo__state", "photo__send_anyway")
    return [Picture(shot, state, anyway) for shot, state, anyway in rows]


def _told(line: ReturnLine) -> Told:
    pattern = line.order_line.product.serial_format if line.order_line else ""
    if not pattern:
        return Told(serials.tidy(line.serial_typed), "typed" if line.serial_typed.strip() else "")
    read = list(CodeRead.objects.filter(photo__in=_counting(line)).values_list("value", "kind"))
    return serials.told(
        pattern=pattern, typed=line.serial_typed,
        codes=[value for value, kind in read if kind != "text"],
        printed=[value for value, kind in read if kind == "text"],
    )  # fmt: skip


def _seen(line: ReturnLine) -> list[Seen]:
    """The line's photos that were sent before, in another case or by a link that led to none."""
    mine = {photo.pk: photo for photo in _counting(line)}
    earlier: dict[UUID, set[UUID]] = {}  # an earlier photo → the line's photos that are the same picture
    for photo, before in Reuse.objects.filter(photo__in=mine).values_list("photo", "earlier"):
        earlier.setdefault(before, set()).add(photo)
    # The very same bytes count at once, whichever of two photos that came together was looked at first.
    for before, sha256 in _same_bytes(mine.values()):
        earlier.setdefault(before, set()).update(pk for pk, photo in mine.items() if photo.sha256 == sha256)
    rows = Photo.objects.filter(pk__in=earlier).exclude(session__in={photo.session_id for photo in mine.values()})
    cases = rows.exclude(lines__line__return_case=line.return_case).values_list(
        "pk", "lines__line__return_case__number"
    )
    return [Seen(mine[photo].shot, case or "") for before, case in cases.order_by("pk") for photo in earlier[before]]


def _same_bytes(photos: Iterable[Photo]) -> list[tuple[UUID, str]]:
    hashes = {photo.sha256 for photo in photos}
    return list(Photo.objects.filter(sha256__in=hashes).values_list("pk", "sha256"))


def _likenesses(line: ReturnLine) -> list[Likeness]:
    """The line's photos that show a product of the order as the catalogue does."""
    found = CatalogueMatch.objects.filter(photo__in=_counting(line)).select_related("product", "photo")
    matches = list(found.order_by("photo__position"))
    if not matches:
        return []
    returned = set(line.return_case.lines.values_list("order_line__product", flat=True))
    compared = line.order_line is not None and line.order_line.product.pictures.exists()
    return [
        Likeness(
            shot=match.photo.shot, product=Named(match.product.sku, match.product.name), points=match.inliers,
            returned=match.product_id in returned, compared=compared,
        )
        for match in matches
    ]  # fmt: skip


def _counting(line: ReturnLine) -> QuerySet[Photo]:
    return Photo.objects.filter(lines__line=line, superseded_by=None)


def find_serial(*, line: ReturnLine, number: str) -> Serial | None:
    """The unit of the line's product that has this number, however it was typed."""
    if not number or line.order_line is None:
        return None
    return catalogue.find_serial(product=line.order_line.product, number=number)


def _known(line: ReturnLine, unit: Serial | None, number: str) -> Known:
    sold = set(LineSerial.objects.filter(serial=unit).values_list("line_id", flat=True)) if unit else set()
    return Known(
        exists=unit is not None,
        sold_here=line.order_line_id in sold,
        sold_elsewhere=bool(sold - {line.order_line_id}),
        other_return=_other_return(line, unit, number),
        line_has_serials=line.order_line is not None and line.order_line.serials.exists(),
    )


def _other_return(line: ReturnLine, unit: Serial | None, number: str) -> str:
    """The number of another live case that has this unit."""
    if not number or line.order_line is None:
        return ""
    same = Q(serial_typed__iexact=number, order_line__product=line.order_line.product)
    if unit:
        same |= Q(serial=unit)
    others = ReturnLine.objects.filter(same, decision__in=LIVE).exclude(pk=line.pk)
    return others.values_list("return_case__number", flat=True).first() or ""


def _hits(line: ReturnLine, unit: Serial | None, number: str) -> list[Hit]:
    """Known patterns that touch this line; none while nobody knows which product it is."""
    if line.order_line is None:
        return []
    patterns = defects.patterns_for(
        product=line.order_line.product, defect_type=line.defect_type.code, serial=number,
        batch=(unit.batch if unit else None) or line.order_line.batch, sold=line.order_line.order.placed_at.date(),
    )  # fmt: skip
    return [Hit(pattern.code, pattern.sentence, pattern.action) for pattern in patterns]


def _dates(order: Order, at: datetime) -> Dates:
    zone = _zone(order)
    return Dates(
        claimed_on=at.astimezone(zone).date(),
        placed_on=order.placed_at.astimezone(zone).date(),
        shipped_on=_day(order.shipped_at, zone),
        delivered_on=_day(order.delivered_at, zone),
    )


def _zone(order: Order) -> ZoneInfo:
    """The shop's own time zone: the law counts its days there, not in UTC."""
    try:
        return ZoneInfo(order.channel.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _day(moment: datetime | None, zone: ZoneInfo) -> date | None:
    return moment.astimezone(zone).date() if moment else None


def _plan(row: WarrantyPlan) -> Plan:
    return Plan(
        code=row.code, version=row.version, jurisdiction=row.jurisdiction, contracts_from=row.contracts_from,
        months=row.months, source=row.source, pro_rata=tuple((int(since), int(percent)) for since, percent in row.pro_rata),
    )  # fmt: skip
