"""Finding a case by whatever somebody has at hand."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from recoup.domain.catalogue.models import Product
from recoup.domain.returns.models import Return, ReturnLine
from recoup.domain.returns.queries.reading import READERS, title
from recoup.kit.actor import Actor
from recoup.kit.ids import tidy

_LEAST = 2  # letters
_RMA = 8  # letters after its prefix


@dataclass(frozen=True, slots=True)
class Hit:
    """One case that fits."""

    number: str
    rma_number: str
    customer: str
    order_number: str
    product: str
    defect: str
    decision: str
    waiting_for: str


def search(actor: Actor, text: str, *, limit: int = 20) -> list[Hit]:
    """Cases by their number, RMA, order, customer, e-mail address, serial or SKU; the newest first. Raises NotAllowed."""
    actor.must(*READERS)
    term = text.replace("\x00", "").strip()[:120]
    if len(term) < _LEAST:
        return []
    lines = _fitting(term).select_related("return_case__order__customer", "order_line", "defect_type")
    found: dict[str, Hit] = {}
    for line in lines.order_by("-created_at")[: limit * 2]:
        found.setdefault(line.return_case.number, _hit(line))
    return list(found.values())[:limit]


def open_of_product(actor: Actor, product: Product, *, limit: int = 50) -> list[Hit]:
    """Cases of a product that are not decided yet, the oldest first. Raises NotAllowed."""
    actor.must(*READERS)
    lines = ReturnLine.objects.filter(order_line__product=product, decision="open")
    known = lines.select_related("return_case__order__customer", "order_line", "defect_type")
    return [_hit(line) for line in known.order_by("created_at")[:limit]]


def _fitting(term: str) -> QuerySet[ReturnLine]:
    code = tidy(term).removeprefix("RMA").removeprefix("R").lstrip("-")
    by_code = Q(return_case__number__endswith=code) | Q(return_case__rma_number__endswith=code)
    return ReturnLine.objects.filter(
        (by_code if len(code) >= _LEAST else Q(pk=None))
        | Q(return_case__order__number__iexact=term)
        | Q(return_case__order__number__iexact=f"#{term.lstrip('#')}")
        | Q(return_case__order_typed__iexact=term)
        | Q(return_case__order__customer__email__iexact=term)
        | Q(return_case__order__customer__name__icontains=term)
        | Q(serial_typed__iexact=term)
        | Q(serial__number__iexact=term)
        | Q(order_line__sku__iexact=term)
    )


def _hit(line: ReturnLine) -> Hit:
    case = line.return_case
    return Hit(
        number=case.number,
        rma_number=case.rma_number or "",
        customer=case.order.customer.name if case.order else "",
        order_number=case.order.number if case.order else case.order_typed,
        product=title(line)[0],
        defect=line.defect_type.name,
        decision=line.decision,
        waiting_for=case.waiting_for,
    )


def find_rma(code: str) -> Return | None:
    """The return of a scanned or typed RMA number, with or without its prefix and dashes; None when it is none of ours."""
    bare = "".join(filter(str.isalnum, tidy(code)))
    if len(bare) > _RMA:
        bare = bare.removeprefix("RMA")
    if len(bare) != _RMA:
        return None
    return Return.objects.filter(rma_number=f"RMA-{bare[:4]}-{bare[4:]}").first()
