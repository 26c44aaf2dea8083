"""Earlier cases of the same product and defect: what was decided there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from recoup.domain.returns.models import ReturnLine

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Similar:
    """``cases`` others of the same product and defect; ``recent``: the newest decided ones, as (number, decision)."""

    cases: int
    approved: int
    refused: int
    recent: Sequence[tuple[str, str]]


def similar_cases(line: ReturnLine) -> Similar:
    if line.order_line is None:
        return Similar(0, 0, 0, [])
    others = ReturnLine.objects.filter(order_line__product=line.order_line.product_id, defect_type=line.defect_type_id)
    others = others.exclude(pk=line.pk)
    counts = others.aggregate(
        cases=Count("pk"),
        approved=Count("pk", filter=Q(decision="approved")),
        refused=Count("pk", filter=Q(decision="refused")),
    )
    decided = others.filter(decision__in=["approved", "refused"]).order_by("-created_at")
    recent = list(decided.values_list("return_case__number", "decision")[:_SHOWN]) if counts["cases"] else []
    return Similar(**counts, recent=recent)
