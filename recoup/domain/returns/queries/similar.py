"""Earlier cases of the same product and defect: what was decided there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, Window

from recoup.domain.returns.models import ReturnLine

_SHOWN = 5
_DECIDED = ("approved", "refused")


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
    # The counts are of all of them, beside each of the few that are named: one question for both.
    counted = others.annotate(
        cases=Window(Count("pk")),
        approved=Window(Count("pk", filter=Q(decision="approved"))),
        refused=Window(Count("pk", filter=Q(decision="refused"))),
        decided=Q(decision__in=_DECIDED),
    )
    named = counted.order_by("-decided", "-created_at").values_list(
        "cases", "approved", "refused", "return_case__number", "decision"
    )
    rows = list(named[:_SHOWN])
    recent = [(number, decision) for _, _, _, number, decision in rows if decision in _DECIDED]
    return Similar(*rows[0][:3], recent) if rows else Similar(0, 0, 0, [])
