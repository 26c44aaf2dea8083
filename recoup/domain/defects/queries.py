"""Reading what can be wrong."""

from __future__ import annotations

from datetime import date

from recoup.domain.catalogue.models import Batch, Product
from recoup.domain.defects import rules
from recoup.domain.defects.models import PICTURES, SHOTS, DefectType, KnownPattern, ShotListItem
from recoup.kit.refusal import Refusal


class UnknownDefectType(Refusal):
    code, status = "defects.unknown_type", 400
    sentence = "There is no kind of defect called “{defect_type}”. Choose one from the list."


def types() -> list[DefectType]:
    """What a customer may choose from, in the order it is shown, each with its shots at hand."""
    return list(DefectType.objects.filter(active=True).prefetch_related("shots"))


def defect_type(code: str) -> DefectType:
    """An active one. Raises UnknownDefectType."""
    found = DefectType.objects.filter(code=code, active=True).first()
    if found is None:
        raise UnknownDefectType(defect_type=code)
    return found


def shots() -> list[str]:
    """The code of every photo that can be asked for."""
    return [code for code, _ in SHOTS]


def shot_list(code: str) -> list[ShotListItem]:
    """The photos that this defect type asks for, in order; also for one that is no longer offered."""
    return list(ShotListItem.objects.filter(defect_type__code=code).order_by("position"))


def picture_of(kind: DefectType) -> str:
    """What is drawn beside it: as the house says, as its code says, or nothing in particular."""
    drawn = [word for word, _ in PICTURES]
    return next((word for word in (kind.picture, kind.code) if word in drawn), "other")


def patterns_for(
    *, product: Product, defect_type: str, batch: Batch | None = None, serial: str = "", sold: date | None = None
) -> list[KnownPattern]:
    """The active known patterns that touch this unit: stops first, then routes, then approvals."""
    unit = rules.Unit(product.pk, defect_type, batch.pk if batch else None, serial, sold)
    active = KnownPattern.objects.filter(active=True).select_related("product", "batch", "defect_type")
    touching = [each for each in active if rules.touches(_pattern(each), unit)]
    return sorted(touching, key=lambda each: (rules.WEIGHT[each.action], each.code))


def _pattern(row: KnownPattern) -> rules.Pattern:
    return rules.Pattern(
        code=row.code,
        action=row.action,
        product_id=row.product_id,
        batch_id=row.batch_id,
        defect_type=row.defect_type.code if row.defect_type else "",
        serial_from=row.serial_from,
        serial_to=row.serial_to,
        sold_from=row.sold_from,
        sold_to=row.sold_to,
    )
