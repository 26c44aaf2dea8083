"""The decision table: first match wins, every row has its case, and nothing is refused by itself."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoup.domain.returns.rules.policy import THEN, BadTable, Case, check_table, evaluate, read_table
from recoup.domain.returns.starter import FIRST_POLICY
from recoup.domain.returns.states import CHECKS, RESULTS
from recoup.kit.money import Money

CLEAR = {
    "identity": "pass", "quantity": "pass", "warranty": "pass",
    "serial": "not_applicable", "pattern": "not_applicable", "evidence": "pass", "reuse": "pass",
    "product": "not_applicable",
}  # fmt: skip
PRICE = Money(4990, "EUR")
FIRST = read_table(FIRST_POLICY)


def case(*, value: Money | None = PRICE, asked: bool = False, **results: str) -> Case:
    return Case({**CLEAR, **results}, value, "cracked", asked)


@pytest.mark.parametrize(
    ("of", "row", "then"),
    [
        (case(pattern="fail", evidence="fail"), 1, "agent"),
        (case(identity="unsure"), 2, "agent"),
        (case(quantity="fail"), 3, "agent"),
        (case(evidence="fail"), 4, "ask"),
        (case(pattern="unsure"), 5, "agent"),
        (case(pattern="pass", warranty="unsure", evidence="unsure"), 6, "approve"),
        (case(), 7, "approve"),
        (case(serial="pass"), 7, "approve"),
        (case(value=Money(25_001, "EUR")), 8, "agent"),
        (case(value=Money(100, "XAU")), 8, "agent"),
        (case(reuse="unsure"), 9, "agent"),
        (case(pattern="pass", reuse="unsure"), 9, "agent"),
        (case(product="unsure"), 10, "agent"),
        (case(pattern="pass", product="unsure"), 10, "agent"),
        (case(product="unsure", value=Money(25_001, "EUR")), 10, "agent"),
        (case(product="pass"), 7, "approve"),
        (case(evidence="fail", asked=True), 11, "agent"),
        (case(warranty="fail"), 11, "agent"),
        (case(warranty="unsure"), 11, "agent"),
        (case(serial="fail"), 11, "agent"),
        (case(evidence="unsure"), 11, "agent"),
        (case(value=Money(0, "EUR")), 11, "agent"),
        (case(value=None), 11, "agent"),
    ],
)
def test_each_row_of_the_first_policy(of: Case, row: int, then: str) -> None:
    outcome = evaluate(table=FIRST, case=of)
    assert (outcome.row, outcome.then) == (row, then)
    assert outcome.trace == tuple(range(1, row + 1)) and outcome.because


def test_the_first_policy_is_whole_and_every_row_can_be_reached() -> None:
    check_table(FIRST)


@given(
    results=st.fixed_dictionaries({code: st.sampled_from(RESULTS) for code in CHECKS}),
    value=st.none() | st.builds(Money, st.integers(0, 10**7), st.sampled_from(["EUR", "JPY", "KWD"])),
    asked=st.booleans(),
)
def test_by_itself_it_approves_only_what_is_clear_and_small(
    results: dict[str, str], value: Money | None, asked: bool
) -> None:
    outcome = evaluate(table=FIRST, case=Case(results, value, "cracked", asked))
    assert outcome.then in THEN  # and "refuse" is not among them
    if outcome.then == "approve":
        assert value is not None and 0 < value.minor <= 40_000
        assert (
            results["identity"] not in ("unsure", "fail")
            and results["quantity"] == "pass"
            and results["product"] not in ("unsure", "fail")
            and "fail" not in results.values()
        )


def test_a_table_without_a_match_asks_a_person() -> None:
    assert evaluate(table=[], case=case()).then == "agent"


def bad(changes: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"row": 1, "when": {}, "then": "agent", "because": "b"} | changes]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (bad({"then": "refuse", "remedy": ""}), "“refuse” is none of approve, ask, agent"),
        (bad({"then": "approve"}), "names a remedy"),
        (bad({"remedy": "refund"}), "names a remedy"),
        (bad({"then": "approve", "remedy": "gold"}), "names a remedy"),
        (bad({"because": ""}), "says no reason"),
        (bad({"row": 2}), "numbered"),
        (bad({"mood": 1}), "unknown word mood"),
        (bad({"when": {"warranty": ["perhaps"]}}), "“warranty” cannot be read"),
        (bad({"when": {"warranty": []}}), "“warranty” cannot be read"),
        (bad({"when": {"weather": True}}), "“weather” cannot be read"),
        (bad({"when": {"paid": "yes"}}), "“paid” cannot be read"),
        (bad({"when": {"value_at_most": {"EUR": "9"}}}), "“value_at_most” cannot be read"),
        (bad({"when": {"defect_type": "cracked"}}), "“defect_type” cannot be read"),
    ],
)
def test_a_table_that_cannot_be_read_says_where(rows: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(BadTable, match=said):
        read_table(rows)


def test_a_row_that_is_never_reached_is_named() -> None:
    rows = [*FIRST_POLICY, {"row": 12, "when": {"warranty": ["fail"]}, "then": "agent", "because": "b"}]
    with pytest.raises(BadTable, match="Row 12 can never be reached"):
        check_table(read_table(rows))


def test_a_hole_in_the_table_is_named() -> None:
    with pytest.raises(BadTable, match="match no row"):
        check_table(read_table(FIRST_POLICY[:-1]))


def test_the_other_conditions() -> None:
    rows = [
        {"row": 1, "when": {"defect_type": ["leaks"]}, "then": "agent", "because": "b", "priority": 1},
        {"row": 2, "when": {"asked_before": True}, "then": "agent", "because": "b"},
        {"row": 3, "when": {"paid": False}, "then": "agent", "because": "b"},
        {"row": 4, "when": {}, "then": "approve", "remedy": "store_credit", "because": "b"},
    ]
    table = read_table(rows)
    check_table(table)
    assert evaluate(table=table, case=Case(CLEAR, PRICE, "leaks")).priority == 1
    assert evaluate(table=table, case=case(asked=True)).row == 2
    assert evaluate(table=table, case=case(value=Money(0, "EUR"))).row == 3
    assert evaluate(table=table, case=case()).remedy == "store_credit"
