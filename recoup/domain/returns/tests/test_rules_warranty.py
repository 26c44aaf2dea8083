"""Warranty: every date on which the cover may have begun, and what follows from each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.domain.returns.rules.calendar import after_months, whole_months
from recoup.domain.returns.rules.warranty import Dates, Plan, check_warranty

EU_PLAN = Plan("legal", 1, "EU", date(2022, 1, 1), 24, "Directive (EU) 2019/771, art. 10")
ANYWHERE = Plan("legal", 1, "", date(2000, 1, 1), 12, "our terms of sale")
GERMAN = Plan("legal", 2, "DE", date(2024, 1, 1), 36, "our promise to customers in Germany")
PLANS = [EU_PLAN, ANYWHERE, GERMAN]
BOUGHT = Dates(claimed_on=date(2025, 6, 1), placed_on=date(2023, 5, 20))
days = st.dates(date(2010, 1, 1), date(2035, 12, 31))


def judge(dates: Dates, *, country: str = "FR", plans: list[Plan] | None = None) -> tuple[str, str]:
    answer = check_warranty(plan_code="legal", plans=PLANS if plans is None else plans, country=country, dates=dates)
    return answer.result, answer.sentence


def test_delivery_decides_alone_when_it_is_known() -> None:
    inside = replace(BOUGHT, delivered_on=date(2023, 6, 1))
    assert judge(inside)[0] == "pass"  # the last day is still covered
    assert judge(replace(inside, claimed_on=date(2025, 6, 2)))[0] == "fail"
    assert "covered until 1 Jun 2025 (delivered, as the channel says, 1 Jun 2023)" in judge(inside)[1]


@pytest.mark.parametrize(
    ("shipped", "result"),
    [
        (date(2023, 6, 2), "pass"),  # covered even if it arrived on the day it was sent
        (date(2023, 5, 10), "fail"),  # over even if it took the 14 days we promise
        (date(2023, 5, 20), "unsure"),  # over, or covered: it depends
    ],
)
def test_without_delivery_the_sending_and_the_promise_are_both_tried(shipped: date, result: str) -> None:
    assert judge(replace(BOUGHT, shipped_on=shipped))[0] == result


def test_the_doubt_is_shown_side_by_side_with_its_sources() -> None:
    answer = check_warranty(
        plan_code="legal", plans=PLANS, country="FR", dates=replace(BOUGHT, shipped_on=date(2023, 5, 20))
    )
    assert "If 20 May 2023 (sent, as the channel says): over since 20 May 2025." in answer.sentence
    assert "If 3 Jun 2023 (sent, and our promise of 14 days): covered until 3 Jun 2025." in answer.sentence
    assert [each["covered"] for each in answer.facts["candidates"]] == [False, True]
    assert {each["basis"] for each in answer.facts["candidates"]} == {"shipping", "promise"}


@pytest.mark.parametrize(("placed", "result"), [(date(2024, 1, 10), "pass"), (date(2023, 5, 20), "unsure")])
def test_without_any_word_of_transport_it_came_between_order_and_today(placed: date, result: str) -> None:
    assert judge(replace(BOUGHT, placed_on=placed))[0] == result


def test_nothing_is_automatic_without_a_plan() -> None:
    assert judge(BOUGHT, plans=[]) == ("unsure", "No warranty plan is known for this product. A person decides.")
    assert check_warranty(plan_code="", plans=PLANS, country="DE", dates=BOUGHT).result == "unsure"
    late = replace(EU_PLAN, contracts_from=date(2030, 1, 1))
    assert "no version for an order of 20 May 2023 in FR" in judge(BOUGHT, plans=[late])[1]


def test_unknown_order_and_impossible_dates_are_a_persons() -> None:
    assert check_warranty(plan_code="legal", plans=PLANS, country="FR", dates=None).result == "unsure"
    assert judge(replace(BOUGHT, delivered_on=date(2025, 6, 2)))[0] == "unsure"


@pytest.mark.parametrize(("country", "months"), [("DE", 36), ("FR", 24), ("US", 12), ("", 12)])
def test_the_plan_is_of_the_customers_country(country: str, months: int) -> None:
    dates = replace(BOUGHT, placed_on=date(2024, 1, 1), delivered_on=date(2024, 1, 2))
    answer = check_warranty(plan_code="legal", plans=PLANS, country=country, dates=dates)
    assert answer.facts["months"] == months


def test_a_shrinking_cover_is_a_persons() -> None:
    shrinking = replace(EU_PLAN, pro_rata=((0, 100), (12, 60)))
    first_year = replace(BOUGHT, placed_on=date(2024, 6, 1), delivered_on=date(2024, 6, 2))
    assert judge(first_year, plans=[shrinking])[0] == "pass"
    result, sentence = judge(replace(first_year, delivered_on=date(2024, 6, 1)), plans=[shrinking])
    assert result == "unsure" and "for 60 % of the price" in sentence


@given(delivered=days, waited=st.integers(0, 5000), months=st.integers(0, 120))
def test_with_a_known_delivery_there_is_one_verdict_and_it_is_the_calendars(
    delivered: date, waited: int, months: int
) -> None:
    claimed = delivered + timedelta(days=waited)
    dates = Dates(claimed_on=claimed, placed_on=delivered, delivered_on=delivered)
    expected = "pass" if claimed <= after_months(delivered, months) else "fail"
    assert judge(dates, plans=[replace(ANYWHERE, months=months)])[0] == expected


@given(
    placed=days,
    sent=st.integers(0, 60),
    travelled=st.integers(0, 14),
    waited=st.integers(0, 2000),
    months=st.integers(1, 60),
)
def test_a_verdict_without_the_delivery_date_agrees_with_every_possible_one(
    placed: date, sent: int, travelled: int, waited: int, months: int
) -> None:
    shipped = placed + timedelta(days=sent)
    arrived = shipped + timedelta(days=travelled)
    plans = [replace(ANYWHERE, months=months)]
    known = Dates(
        claimed_on=arrived + timedelta(days=waited), placed_on=placed, shipped_on=shipped, delivered_on=arrived
    )
    truth = judge(known, plans=plans)[0]
    for guess in (replace(known, delivered_on=None), replace(known, delivered_on=None, shipped_on=None)):
        assert judge(guess, plans=plans)[0] in (truth, "unsure")


@given(start=days, months=st.integers(0, 240))
def test_months_are_counted_both_ways_alike(start: date, months: int) -> None:
    end = after_months(start, months)
    assert whole_months(start, end) == months
    assert end.day == start.day or (end + timedelta(days=1)).day == 1
    assert months == 0 or whole_months(start, end - timedelta(days=1)) == months - 1


def test_the_longest_sentence_still_fits() -> None:
    long = replace(EU_PLAN, code="c" * 40, source="s" * 200, pro_rata=((0, 90), (24, 50)))
    for dates in (
        BOUGHT,
        replace(BOUGHT, shipped_on=date(2023, 5, 20)),
        replace(BOUGHT, delivered_on=date(2024, 5, 20)),
    ):
        assert judge(dates, plans=[long])[1]
