"""One field that takes anything: RMA, case, order, name, e-mail, serial, SKU, product."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from recoup.domain.catalogue import queries as catalogue
from recoup.domain.orders import queries as orders
from recoup.domain.returns import queries as returns
from recoup.web.desk.doors import DeskRequest, show, staff_only

READERS = ("agent", "quality", "warehouse", "buyer", "finance")
LIMIT = 20


@staff_only(*READERS)
@require_GET
def page(request: DeskRequest) -> HttpResponseBase:
    """Cases, the orders that have none yet, and products. One case and nothing else: straight to it."""
    asked = request.GET.get("q", "").replace("\x00", "").strip()[:120]
    sees_cases = request.actor.may("agent", "quality")
    cases = returns.search(request.actor, asked, limit=LIMIT) if asked and sees_cases else []
    found = orders.search_orders(asked, limit=LIMIT) if asked and sees_cases else []
    if len(cases) == 1 and asked.upper() in (cases[0].number, cases[0].rma_number):
        return redirect("desk:case", cases[0].number)
    products = catalogue.search_products(request.actor, asked, limit=LIMIT) if asked else []
    return show(
        request, "desk/search.html", asked=asked, cases=cases, orders=found, products=products, sees_cases=sees_cases
    )  # fmt: skip
