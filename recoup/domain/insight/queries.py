"""One page of figures, each from the rows themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from recoup.domain.claims.models import Claim, ClaimLine, Recovery
from recoup.domain.claims.rules.answers import ANSWERABLE
from recoup.domain.insight.rules import Period, change, duration, last_days, percent, quantile, share
from recoup.domain.returns.models import Decision, Return
from recoup.kit.actor import Actor
from recoup.kit.money import Money

Key = tuple[str, str]  # supplier name, currency
READERS = ("agent", "quality", "buyer", "finance")
#: Sent and not settled: before that a supplier owes us nothing, not even an answer.
OPEN_CLAIMS = list(ANSWERABLE)


@dataclass(frozen=True, slots=True)
class Figure:
    """One question with its answer, how it is defined, and how it stood in the period before."""

    code: str
    question: str
    answer: str
    value: str
    before: str
    change: str
    definition: str


@dataclass(frozen=True, slots=True)
class SupplierRow:
    """What one supplier gave back in one currency; ``open`` is of all their claims, as of now."""

    supplier: str
    currency: str
    claims: int
    recovered: Money
    before: Money
    change: str
    accepted: Money
    open: Money


@dataclass(frozen=True, slots=True)
class DayCount:
    day: date
    cases: int


@dataclass(frozen=True, slots=True)
class InsightPage:
    period: Period
    compared_with: Period
    figures: list[Figure]
    suppliers: list[SupplierRow]
    suppliers_definition: str
    cases_by_day: list[DayCount]


def insight_page(actor: Actor, *, today: date, days: int = 30) -> InsightPage:
    """The figures of the ``days`` that end today, beside those of as many days before. Raises NotAllowed, ValueError."""
    actor.must(*READERS)
    if not 1 <= days <= 3660:
        raise ValueError("A period has between a day and ten years.")
    period = last_days(days, today=today)
    before = period.before()
    return InsightPage(
        period=period,
        compared_with=before,
        figures=[
            _cases(period, before), _time_to_decision(period, before), _by_itself(period, before), _open_claims(), *_recovered(period, before),
        ],
        suppliers=_suppliers(period, before),
        suppliers_definition=(
            "Credit notes, replacements, deductions and payments recorded in the period, by supplier and currency. "
            "Accepted and open are of all of the supplier's claims that were sent, as of now."
        ),
        cases_by_day=_by_day(period),
    )  # fmt: skip


def _cases(period: Period, before: Period) -> Figure:
    now, then = _submitted(period).count(), _submitted(before).count()
    return Figure(
        code="cases", question="How many cases came in?", answer=f"{now:,} {'case' if now == 1 else 'cases'} came in", value=f"{now:,}",
        before=f"{then:,}", change=change(now, then), definition="Returns that customers sent in within the period.",
    )  # fmt: skip


def _submitted(period: Period) -> QuerySet[Return]:
    return Return.objects.filter(submitted_at__gte=period.start, submitted_at__lt=period.end)


def _time_to_decision(period: Period, before: Period) -> Figure:
    now, then = _waits(period), _waits(before)
    half, late = quantile(now, 0.5), quantile(now, 0.95)
    return Figure(
        code="time_to_decision", question="How long does a customer wait for a decision?",
        answer=f"Half of all customers had their decision within {duration(half)}, 95 % within {duration(late)}" if now else "No case was decided",
        value=duration(half), before=duration(quantile(then, 0.5)), change=change(half, quantile(then, 0.5)),
        definition="From sending the return to our first decision, for returns decided in the period: the median, and the 95th percentile. What customers cancelled themselves does not count.",
    )  # fmt: skip


def _waits(period: Period) -> list[float]:
    """Seconds from submission to our first decision. Where the customer alone decided, by cancelling, there was none."""
    decided = Return.objects.filter(decided_at__gte=period.start, decided_at__lt=period.end, submitted_at__isnull=False)
    taken = Decision.objects.filter(line__return_case=OuterRef("pk"), verb__in=["approve", "refuse", "cancel"])
    theirs = Exists(taken.filter(actor_kind="customer")) & ~Exists(taken.exclude(actor_kind="customer"))
    pairs = decided.exclude(theirs).values_list("submitted_at", "decided_at")
    return [(end - start).total_seconds() for start, end in pairs if start and end]


def _by_itself(period: Period, before: Period) -> Figure:
    now, then = _alone(period), _alone(before)
    return Figure(
        code="approved_by_itself", question="How much is approved by itself?",
        answer=f"{percent(now)} of all approvals needed nobody" if now is not None else "Nothing was approved",
        value=percent(now), before=percent(then), change=change(now, then),
        definition="Approved return lines that policy decided without a person, as a share of all lines approved in the period.",
    )  # fmt: skip


def _alone(period: Period) -> float | None:
    approvals = Decision.objects.filter(verb="approve", created_at__gte=period.start, created_at__lt=period.end)
    return share(approvals.filter(actor_kind="system").count(), approvals.count())


def _open_claims() -> Figure:
    count = Claim.objects.filter(state__in=OPEN_CLAIMS).count()
    amounts = ", ".join(str(amount) for amount in _open_amounts()) or "nothing"
    return Figure(
        code="open_claims", question="What do suppliers still owe us an answer or money for?",
        answer=f"{count:,} {'claim is' if count == 1 else 'claims are'} open over {amounts}" if count else "No claim is open", value=amounts, before="", change="",
        definition="Claims that were sent and are not recovered, written off or closed, as of now: claimed less recovered less written off.",
    )  # fmt: skip


def _claims(count: int) -> str:
    return "1 claim is" if count == 1 else f"{count:,} claims are"


def _open_amounts() -> list[Money]:
    sums = ClaimLine.objects.filter(claim__state__in=OPEN_CLAIMS).values("claim__currency").annotate(**_SUMS)
    return [Money(_open(row), row["claim__currency"]) for row in sums.order_by("claim__currency") if _open(row)]


_SUMS = {name: Sum(f"{name}_minor") for name in ("claimed", "accepted", "recovered", "written_off")}


def _open(row: Mapping[str, Any]) -> int:
    open_minor: int = row["claimed"] - row["recovered"] - row["written_off"]
    return open_minor


def _recovered(period: Period, before: Period) -> Iterable[Figure]:
    """One figure per currency: amounts of two currencies are never added."""
    now, then = _by_currency(period), _by_currency(before)
    for currency in sorted(set(now) | set(then)):
        amount, earlier = Money(now.get(currency, 0), currency), Money(then.get(currency, 0), currency)
        yield Figure(
            code=f"recovered_{currency.lower()}", question=f"How much came back from suppliers in {currency}?",
            answer=f"Suppliers gave back {amount}", value=str(amount), before=str(earlier), change=change(amount.minor, earlier.minor),
            definition="Credit notes, replacements, deductions and payments recorded in the period, at their amounts.",
        )  # fmt: skip


def _recorded(period: Period) -> QuerySet[Recovery]:
    return Recovery.objects.filter(created_at__gte=period.start, created_at__lt=period.end)


def _by_currency(period: Period) -> dict[str, int]:
    rows = _recorded(period).values("currency").annotate(total=Sum("amount_minor"))
    return dict(rows.values_list("currency", "total"))


def _by_supplier(period: Period) -> dict[Key, int]:
    rows = _recorded(period).values("claim__supplier__name", "currency").annotate(total=Sum("amount_minor"))
    return {(row["claim__supplier__name"], row["currency"]): row["total"] for row in rows}


def _suppliers(period: Period, before: Period) -> list[SupplierRow]:
    """Every supplier with a claim, the one that gave most back first."""
    now, then = _by_supplier(period), _by_supplier(before)
    left = Sum(
        F("claimed_minor") - F("recovered_minor") - F("written_off_minor"), filter=Q(claim__state__in=OPEN_CLAIMS)
    )
    sums = ClaimLine.objects.values("claim__supplier__name", "claim__currency").annotate(**_SUMS, left=left)
    claims: dict[Key, int] = defaultdict(int)
    for name, currency in Claim.objects.values_list("supplier__name", "currency"):
        claims[name, currency] += 1
    rows = [_supplier(row, claims, now, then) for row in sums]
    return sorted(rows, key=lambda row: (-row.recovered.minor, row.supplier, row.currency))


def _supplier(
    row: Mapping[str, Any], claims: Mapping[Key, int], now: Mapping[Key, int], then: Mapping[Key, int]
) -> SupplierRow:
    key = name, currency = row["claim__supplier__name"], row["claim__currency"]
    return SupplierRow(
        supplier=name, currency=currency, claims=claims[key], recovered=Money(now.get(key, 0), currency),
        before=Money(then.get(key, 0), currency), change=change(now.get(key, 0), then.get(key, 0)),
        accepted=Money(row["accepted"], currency), open=Money(row["left"] or 0, currency),
    )  # fmt: skip


def _by_day(period: Period) -> list[DayCount]:
    """Every day of the period, those without a case too."""
    counted: dict[date, int] = defaultdict(int)
    for at in _submitted(period).values_list("submitted_at", flat=True):
        if at:
            counted[at.date()] += 1
    return [
        DayCount(day, counted[day])
        for day in (date.fromordinal(n) for n in range(period.first.toordinal(), period.last.toordinal() + 1))
    ]
