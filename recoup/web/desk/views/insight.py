"""Insight: one question per figure, its answer as the title, the definition and the table beneath."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from recoup.domain.insight import queries
from recoup.domain.insight.queries import SupplierRow
from recoup.web.desk.charts import Beam, beams, columns
from recoup.web.desk.doors import DeskRequest, show, staff_only

PERIODS = {7: "7 days", 30: "30 days", 90: "90 days", 365: "a year"}


@staff_only(*queries.READERS)
@require_GET
def page(request: DeskRequest) -> HttpResponseBase:
    typed = request.GET.get("days", "")
    days = int(typed) if typed.isdecimal() and len(typed) < 4 and int(typed) in PERIODS else 30
    found = queries.insight_page(request.actor, today=timezone.now().date(), days=days)
    return show(
        request,
        "desk/insight.html",
        room="desk:insight",
        page=found,
        days=days,
        periods=PERIODS.items(),
        cases_chart=columns([(each.day, each.cases) for each in found.cases_by_day]),
        supplier_rows=_with_beams(found.suppliers),
    )


def _with_beams(rows: list[SupplierRow]) -> list[tuple[SupplierRow, Beam]]:
    """Each row with its bars. Amounts of two currencies are never drawn on one scale."""
    drawn: list[tuple[SupplierRow, Beam]] = []
    for currency in dict.fromkeys(row.currency for row in rows):
        group = [row for row in rows if row.currency == currency]
        drawn += zip(group, beams([(row.recovered.minor, row.before.minor) for row in group]), strict=True)
    return drawn
