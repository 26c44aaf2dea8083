"""What is where, what is expected, and what a scan means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, F, QuerySet, Sum, When

from recoup.domain.returns.models import ReturnLine
from recoup.domain.returns.queries import find_rma
from recoup.domain.warehouse import models, rules
from recoup.domain.warehouse.models import Bin, Receipt, Site, StockMove
from recoup.domain.warehouse.rules import TakenIn
from recoup.kit.actor import Actor
from recoup.kit.refusal import NotFound, Refusal

GRADES, DISPOSITIONS = models.GRADES, models.DISPOSITIONS
READERS = ("warehouse", "agent", "quality", "buyer", "finance")


class UnknownCode(Refusal):
    code = "warehouse.unknown_code"
    status = 404
    sentence = "“{typed}” is no RMA number of ours. Scan the label again, or type the number printed under the code."


@dataclass(frozen=True, slots=True)
class Expected:
    """A scanned RMA: the lines that may be in the box."""

    rma_number: str
    case_number: str
    lines: list[ExpectedLine]


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """A line with what was taken in of it; ``left`` announced units may still come."""

    line: ReturnLine
    receipts: list[Receipt]
    left: int


@dataclass(frozen=True, slots=True)
class StockRow:
    """So many of a SKU in a bin."""

    site: str
    bin: str
    kind: str
    sku: str
    name: str
    quantity: int

    @property
    def sellable(self) -> bool:
        return self.kind == "sellable"


def sites() -> list[Site]:
    return list(Site.objects.order_by("code"))


def scan(*, actor: Actor, typed: str) -> Expected:
    """What a scanned or typed RMA number stands for. Raises UnknownCode."""
    actor.must(*READERS)
    case = find_rma(typed)
    if case is None:
        raise UnknownCode(typed=typed.strip()[:40])
    lines = case.lines.select_related("return_case", "order_line__product", "defect_type").order_by("created_at")
    found = [_expected(line) for line in lines.prefetch_related("receipts")]
    return Expected(rma_number=case.rma_number or "", case_number=case.number, lines=found)


def _expected(line: ReturnLine) -> ExpectedLine:
    receipts = list(line.receipts.all())
    came = rules.taken_in((each.quantity, each.finding) for each in receipts)
    return ExpectedLine(line, receipts, max(line.quantity - came.units, 0))


def access_line(*, actor: Actor, line_id: UUID) -> ReturnLine:
    actor.must(*READERS)
    line = (
        ReturnLine.objects.select_related("return_case", "order_line__product", "defect_type")
        .filter(pk=line_id)
        .first()
    )
    if line is None:
        raise NotFound()
    return line


def access_site(*, actor: Actor, code: str) -> Site:
    actor.must(*READERS)
    site = Site.objects.filter(code=code).first()
    if site is None:
        raise NotFound()
    return site


def access_receipt(*, actor: Actor, receipt_id: UUID) -> Receipt:
    actor.must(*READERS)
    receipt = (
        Receipt.objects.select_related("line__return_case", "line__order_line__product", "site")
        .filter(pk=receipt_id)
        .first()
    )
    if receipt is None:
        raise NotFound()
    return receipt


def awaited(*, actor: Actor, limit: int = 100) -> QuerySet[ReturnLine]:
    """Approved goods that have not arrived, the oldest first."""
    actor.must(*READERS)
    waiting = ReturnLine.objects.filter(decision="approved", goods__in=["awaiting", "in_transit"])
    return waiting.select_related("return_case", "order_line__product", "defect_type").order_by("created_at")[:limit]


def latest_receipts(*, actor: Actor, limit: int = 50) -> QuerySet[Receipt]:
    actor.must(*READERS)
    receipts = Receipt.objects.select_related(
        "line__return_case", "line__order_line__product", "line__defect_type", "site"
    )
    return receipts.prefetch_related("dispositions").order_by("-created_at")[:limit]


def receipts_of(lines: Iterable[ReturnLine]) -> list[Receipt]:
    """Receipts of these lines with their dispositions: what a claim file says about the goods."""
    receipts = Receipt.objects.filter(line__in=list(lines)).select_related("site", "line__return_case")
    return list(receipts.prefetch_related("dispositions", "moves__target").order_by("created_at"))


def taken_in(line_ids: Iterable[UUID]) -> dict[UUID, TakenIn]:
    """Return line id → what came for it; a line without a receipt is left out."""
    found: dict[UUID, list[tuple[int, str]]] = defaultdict(list)
    receipts = Receipt.objects.filter(line_id__in=list(line_ids))
    for line_id, quantity, finding in receipts.values_list("line_id", "quantity", "finding"):
        found[line_id].append((quantity, finding))
    return {line_id: rules.taken_in(counted) for line_id, counted in found.items()}


def gaps(line_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return line id → what came otherwise than announced, or not at all, in a few words; only where something did."""
    line_ids = list(line_ids)
    taken = taken_in(line_ids)
    announced = ReturnLine.objects.filter(pk__in=taken).values_list("pk", "quantity")
    words = {line_id: taken[line_id].gap(quantity) for line_id, quantity in announced}
    lost = ReturnLine.objects.filter(pk__in=line_ids, goods="lost").values_list("pk", flat=True)
    return dict.fromkeys(lost, "the goods are lost") | {line_id: text for line_id, text in words.items() if text}


def stock(*, actor: Actor) -> list[StockRow]:
    """What lies in each bin of ours, by SKU; empty bins are left out."""
    actor.must(*READERS)
    counts: dict[tuple[UUID, UUID], int] = {}
    names: dict[UUID, tuple[str, str]] = {}
    for end, sign in (("source", -1), ("target", 1)):
        rows = StockMove.objects.values(f"{end}_id", "product_id", "product__sku", "product__name").annotate(
            n=Sum("quantity")
        )
        for row in rows:
            key = (row[f"{end}_id"], row["product_id"])
            counts[key] = counts.get(key, 0) + sign * row["n"]
            names[row["product_id"]] = (row["product__sku"], row["product__name"])
    bins = {each.pk: each for each in Bin.objects.select_related("site").exclude(kind="outside")}
    table = [
        StockRow(bins[bin_id].site.code, bins[bin_id].name, bins[bin_id].kind, *names[product_id], count)
        for (bin_id, product_id), count in counts.items()
        if count and bin_id in bins
    ]
    return sorted(table, key=lambda row: (row.site, row.bin, row.sku))


def sellable(*, sku: str) -> int:
    """The only quantity a shop is ever told: what lies in sellable bins."""
    moves = StockMove.objects.filter(product__sku=sku).aggregate(
        n=Sum(Case(When(target__kind="sellable", then=F("quantity")), default=0))
        - Sum(Case(When(source__kind="sellable", then=F("quantity")), default=0))
    )
    return moves["n"] or 0
