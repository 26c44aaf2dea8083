"""Check 4: is the item still covered? Every date on which the cover may have begun is tried.

When the verdict is the same for all of them, the doubt about the date does not matter. When it is not, a person
sees the dates side by side, each with its source.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from recoup.domain.catalogue.rules import plan_in_force
from recoup.domain.returns.rules.answer import Answer, Result, cut, day, iso
from recoup.domain.returns.rules.calendar import after_months, whole_months

#: Days within which we promise to deliver what has been sent or ordered, when nobody tells us of the delivery.
PROMISED_DAYS = 14


@dataclass(frozen=True, slots=True)
class Plan:
    """One version of a warranty plan. ``pro_rata``: from so many whole months on, so many percent of the price."""

    code: str
    version: int
    jurisdiction: str
    contracts_from: date
    months: int
    source: str
    pro_rata: tuple[tuple[int, int], ...] = ()

    def percent(self, months: int) -> int:
        return next((percent for since, percent in sorted(self.pro_rata, reverse=True) if months >= since), 100)


@dataclass(frozen=True, slots=True)
class Dates:
    """The days of one purchase, in the shop's own time zone."""

    claimed_on: date
    placed_on: date
    shipped_on: date | None = None
    delivered_on: date | None = None
    promised_days: int = PROMISED_DAYS


@dataclass(frozen=True, slots=True)
class Candidate:
    """A day on which the cover may have begun, and what follows if it did. ``ends`` is the last covered day."""

    basis: str
    source: str
    starts: date
    ends: date
    covered: bool
    percent: int


def check_warranty(*, plan_code: str, plans: Sequence[Plan], country: str, dates: Dates | None) -> Answer:
    """pass: covered in full whichever day counts; fail: over whichever day counts; else unsure."""
    if dates is None:
        return _say("unsure", "When it was bought is known once the order is known.", {})
    if not plan_code or not plans:
        return _say("unsure", "No warranty plan is known for this product. A person decides.", _days(dates))
    plan = plan_in_force(plans, country=country, contract_date=dates.placed_on)
    if plan is None:
        none = f"The warranty plan {cut(plan_code, 40)} has no version for an order of {day(dates.placed_on)}"
        return _say("unsure", f"{none}{f' in {country}' if country else ''}. A person decides.", _days(dates))
    tried = candidates(plan=plan, dates=dates)
    return _say(*_verdict(plan, dates, tried), _facts(plan, dates, tried))


def candidates(*, plan: Plan, dates: Dates) -> list[Candidate]:
    """Delivery if it is known; else from the day it was sent, or ordered, to the day it must have been there."""
    return [_candidate(plan, dates.claimed_on, *start) for start in _starts(dates)]


def _starts(dates: Dates) -> list[tuple[str, str, date]]:
    if dates.delivered_on:
        return [("delivery", "delivered, as the channel says", dates.delivered_on)]
    if dates.shipped_on:
        promised = min(dates.shipped_on + timedelta(days=dates.promised_days), max(dates.claimed_on, dates.shipped_on))
        return [
            ("shipping", "sent, as the channel says", dates.shipped_on),
            ("promise", f"sent, and our promise of {dates.promised_days} days", promised),
        ]
    # Nobody told us that it left, yet the customer has it: it came between the order and today.
    return [
        ("order", "ordered, as the channel says", dates.placed_on),
        ("claim", "the day of the return, the latest it can have come", dates.claimed_on),
    ]


def _candidate(plan: Plan, claimed_on: date, basis: str, source: str, starts: date) -> Candidate:
    ends = after_months(starts, plan.months)
    elapsed = whole_months(starts, max(claimed_on, starts))
    return Candidate(basis, source, starts, ends, claimed_on <= ends, plan.percent(elapsed))


def _verdict(plan: Plan, dates: Dates, tried: list[Candidate]) -> tuple[Result, str]:
    law = f"{plan.months} months: {cut(plan.source, 120)}"
    if dates.claimed_on < tried[0].starts:
        return (
            "unsure",
            f"The return came before the item was {tried[0].source} ({day(tried[0].starts)}). Check the dates.",
        )
    if len({(each.covered, each.percent) for each in tried}) > 1:
        return "unsure", f"It depends on the day it arrived. {_side_by_side(tried)} ({law})"
    if not tried[0].covered:
        return "fail", f"The cover ended on {day(tried[-1].ends)}{_whichever(tried)} ({law})."
    if tried[0].percent < 100:
        return (
            "unsure",
            f"Covered until {day(tried[0].ends)}, for {tried[0].percent} % of the price ({law}). A person decides.",
        )
    return "pass", f"Bought {day(dates.placed_on)}, covered until {day(tried[0].ends)}{_whichever(tried)} ({law})."


def _whichever(tried: list[Candidate]) -> str:
    if len(tried) == 1:
        return f" ({tried[0].source}, {day(tried[0].starts)})"
    return " at the earliest" if tried[0].covered else " at the latest"


def _side_by_side(tried: list[Candidate]) -> str:
    def said(each: Candidate) -> str:
        cover = f"for {each.percent} % " if each.covered and each.percent < 100 else ""
        return f"If {day(each.starts)} ({each.source}): {'covered ' + cover + 'until' if each.covered else 'over since'} {day(each.ends)}."

    return " ".join(said(each) for each in tried)


def _facts(plan: Plan, dates: Dates, tried: list[Candidate]) -> dict[str, Any]:
    return _days(dates) | {
        "plan": plan.code,
        "version": plan.version,
        "jurisdiction": plan.jurisdiction,
        "months": plan.months,
        "source": plan.source,
        "candidates": [
            {
                "basis": each.basis,
                "source": each.source,
                "starts": iso(each.starts),
                "ends": iso(each.ends),
                "covered": each.covered,
                "percent": each.percent,
            }
            for each in tried
        ],
    }


def _days(dates: Dates) -> dict[str, Any]:
    return {
        "claimed_on": iso(dates.claimed_on),
        "placed_on": iso(dates.placed_on),
        "shipped_on": iso(dates.shipped_on),
        "delivered_on": iso(dates.delivered_on),
    }


def _say(result: Result, sentence: str, facts: dict[str, Any]) -> Answer:
    return Answer("warranty", result, sentence, facts)
